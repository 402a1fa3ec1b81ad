import { type DocumentOf, documentTypes, opaqueId } from '@darasa/shared/documents';
import { countOf, type Stamp } from '@darasa/shared/rules';
import * as v from 'valibot';
import type { Outcome } from '../api.ts';
import { mergedRevision } from '../conflicts.ts';
import { instantOf } from '../environment.ts';
import { hasStatus, type LocalDatabase } from '../local-database.ts';
import { done, failed, writeDocument } from '../write.ts';
import type { CommandContext } from './context.ts';

/** Documents that several people edit cell by cell. */
export type EditedTypeName = 'assignment' | 'seating' | 'course-draft' | 'lesson-draft' | 'quiz-draft';

/** Between a reading and a writing another tab, or the school, may come first so often. */
const MAX_TRIES = 20;

const markSchema = v.object({ _rev: v.string(), writer: v.string(), n: v.number() });

/** What this copy of a document has written: under which name, and how far it counted. Lives and dies with the database. */
async function readMark(database: LocalDatabase, id: string): Promise<v.InferOutput<typeof markSchema> | null> {
  try {
    const mark = await database.use((pouch) => pouch.get<Record<string, unknown>>(`_local/writer:${id}`));
    const parsed = v.safeParse(markSchema, mark);
    return parsed.success ? parsed.output : null;
  } catch (error) {
    if (hasStatus(error, 404)) return null;
    throw error;
  }
}

/**
 * Changes a document that several people edit, or begins it: on top of all leaves that this device holds, in the name of a writer
 * whose every value the document has seen (rule M10). `change` gives null when nothing has to be written.
 */
export async function changeEdited<Type extends EditedTypeName>(
  context: CommandContext,
  type: Type,
  id: string,
  begin: (() => DocumentOf<Type> | null) | null,
  change: (doc: DocumentOf<Type>, stamp: (seen: Readonly<Record<string, number>>) => Stamp) => DocumentOf<Type> | null,
): Promise<Outcome> {
  const { own, person, displayName, environment } = context;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const current = await mergedRevision(own, person, id);
    if (current === 'unmerged') return failed('invalid', `${id} has a version that this program cannot read`);
    const parsed = current === null ? null : v.safeParse(documentTypes[type].schema, current);
    if (parsed?.success === false) return failed('invalid', parsed.issues[0].message);
    const doc = (parsed === null ? (begin?.() ?? null) : parsed.output) as DocumentOf<Type> | null; // the schema of the same type
    if (doc === null) return failed('not-found', id);

    const mark = await readMark(own, id);
    const fresh = opaqueId(environment.random);
    const stamp = (seen: Readonly<Record<string, number>>): Stamp => {
      // A count that the document does not have was written to a version that has gone, or is on its way: a new writer then.
      const by = mark !== null && countOf({ seen }, mark.writer) === mark.n ? mark.writer : fresh;
      return { by, n: countOf({ seen }, by) + 1, personId: person.id, name: displayName, at: instantOf(environment) };
    };
    const next = change(doc, stamp);
    if (next === null) return done();

    if (next.edits !== undefined && !(await keepMark(own, id, mark, next.edits.seen, fresh))) continue;
    let raced = false;
    const outcome = await writeDocument(own, person, id, (now) => {
      raced = now?._rev !== current?._rev;
      return raced ? null : next;
    });
    if (!raced) return outcome;
  }
  return failed('unexpected', `${id} changes all the time`);
}

/** Notes the count before the document is written, so that a crash in between costs a new writer and never a count twice. */
async function keepMark(
  database: LocalDatabase,
  id: string,
  mark: v.InferOutput<typeof markSchema> | null,
  seen: Readonly<Record<string, number>>,
  fresh: string,
): Promise<boolean> {
  const writer = Object.hasOwn(seen, fresh) ? fresh : (mark?.writer ?? fresh);
  const n = seen[writer] ?? 0;
  if (n === 0 || (mark?.writer === writer && mark.n === n)) return true;
  try {
    const rev = mark === null ? {} : { _rev: mark._rev };
    await database.use((pouch) => pouch.put({ _id: `_local/writer:${id}`, ...rev, writer, n }));
    return true;
  } catch (error) {
    if (hasStatus(error, 409)) return false; // another tab wrote first
    throw error;
  }
}
