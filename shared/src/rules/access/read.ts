import { type Partition, parsePartition } from '../../documents/partitions.ts';
import type { Person } from './person.ts';

/** The courses of the school that every member may read: those whose catalogue entry says `open`. */
export type OpenCourses = ReadonlySet<string>;

const NO_COURSES: OpenCourses = new Set();

/** Whether a person may read a partition. `person` is null for somebody who has not signed in. */
export function mayReadPartition(person: Person | null, partition: Partition, openCourses: OpenCourses = NO_COURSES): boolean {
  if (partition.kind === 'public') return true;
  if (person === null) return false;
  const is = (kind: string): boolean => person.kinds.has(kind);
  const member = is('learner') || is('guardian') || is('teacher') || is('admin') || person.hub !== null;
  switch (partition.kind) {
    case 'school':
      return member;
    case 'staff':
      return is('admin');
    case 'course':
      return (
        person.takes.has(partition.key) ||
        person.gives.has(partition.key) ||
        person.authors.has(partition.key) ||
        (member && openCourses.has(partition.key))
      );
    case 'draft':
      return person.authors.has(partition.key) || is('admin');
    case 'keys':
      return person.authors.has(partition.key) || person.gives.has(partition.key) || person.services.has('grading');
    case 'class':
      return person.learns.has(partition.key) || person.teaches.has(partition.key) || person.keeps.has(partition.key);
    case 'register':
      return person.teaches.has(partition.key) || person.keeps.has(partition.key) || is('admin');
    case 'learner':
      return (
        (is('learner') && person.id === partition.key) || person.guards.has(partition.key) || person.marks.has(partition.key) || is('admin')
      );
    case 'employer':
      return (is('employer') && person.id === partition.key) || is('admin');
    default:
      return partition satisfies never;
  }
}

/** A predicate over partition ids that remembers its answers: for filtering feeds. */
export function partitionReader(person: Person | null, openCourses: OpenCourses): (partitionId: string) => boolean {
  const known = new Map<string, boolean>();
  return (id) => {
    let answer = known.get(id);
    if (answer === undefined) {
      const partition = parsePartition(id);
      answer = partition !== null && mayReadPartition(person, partition, openCourses);
      known.set(id, answer);
    }
    return answer;
  };
}
