import { parseDocId } from '../../documents/ids.ts';
import { placementError } from '../../documents/placement.ts';
import type { Person } from './person.ts';
import { mayReadPartition, type OpenCourses } from './read.ts';
import { refuseWrite, type UncheckedDocument } from './write.ts';

export type Decision = { readonly allowed: true } | { readonly allowed: false; readonly reason: string };

const YES: Decision = { allowed: true };
const no = (reason: string): Decision => ({ allowed: false, reason });

export type Access =
  | { readonly action: 'read'; readonly openCourses?: OpenCourses }
  | { readonly action: 'write'; readonly newDoc: UncheckedDocument; readonly oldDoc: UncheckedDocument | null };

/**
 * The access table: whether a person may do this to the document of this id. Default deny.
 * Reading is decided by the id alone. `person` is null for somebody who has not signed in.
 */
export function may(person: Person | null, access: Access, id: string): Decision {
  const parsed = parseDocId(id);
  if (parsed === null) return no(`Not a document of a school: ${JSON.stringify(id.slice(0, 80))}`);
  if (access.action === 'read') {
    return mayReadPartition(person, parsed.partition, access.openCourses) ? YES : no(`${parsed.partitionId} is not yours to read`);
  }
  if (person === null) return no('Sign in to write');
  const misplaced = placementError(parsed);
  if (misplaced !== null) return no(misplaced);
  if (person.serverAdmin) return YES;
  const reason = refuseWrite(person, parsed, access.newDoc, access.oldDoc);
  return reason === null ? YES : no(reason);
}
