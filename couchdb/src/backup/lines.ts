import * as v from 'valibot';

/** Where a database was read to. */
const databaseEnd = v.object({ name: v.string(), until: v.string(), purgeSeq: v.string() });

/** The lines of a backup, in their order: files, then each database with its documents, and the end. */
export const backupLine = v.variant('line', [
  v.object({ line: v.literal('file'), path: v.string(), content: v.string() }),
  v.object({ line: v.literal('database'), name: v.string(), security: v.record(v.string(), v.unknown()) }),
  v.object({ line: v.literal('document'), document: v.looseObject({ _id: v.string(), _rev: v.string() }) }),
  v.object({ line: v.literal('end'), documents: v.number(), digest: v.string(), databases: v.array(databaseEnd) }),
]);
export type BackupLine = v.InferOutput<typeof backupLine>;
export type BackupEnd = Extract<BackupLine, { line: 'end' }>;
