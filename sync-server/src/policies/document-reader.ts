import { partitionOf } from '@darasa/shared/documents';
import { type Scope, scopeOf } from '@darasa/shared/protocol';
import { type OpenCourses, type Person, partitionReader } from '@darasa/shared/rules';

/** Whether documents may be read, told from their ids alone. */
export type DocumentReader = (id: string) => boolean;

/**
 * What a person may read of a school, within the scope that a device asked for. What is in no partition (a design
 * document, a local document, a stranger's id) nobody reads.
 */
export function documentReader(person: Person | null, openCourses: OpenCourses, scope: Scope | null = null): DocumentReader {
  const mayRead = partitionReader(person, openCourses);
  return (id) => {
    const partition = partitionOf(id);
    return mayRead(partition) && (scope === null || scopeOf(partition) === scope);
  };
}
