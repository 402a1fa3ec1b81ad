import * as v from 'valibot';

const seqSchema = v.union([v.string(), v.number()]);
const row = v.looseObject({
  id: v.string(),
  changes: v.array(v.looseObject({ rev: v.string() })),
  deleted: v.optional(v.boolean(), false),
});

/** A page of a database's `_changes` with `style=all_docs`: of each document all leaves, the winner first. */
export const leavesPage = v.looseObject({ results: v.array(row), last_seq: seqSchema });
export type LeavesRow = v.InferOutput<typeof row>;

export function leavesOf({ changes }: LeavesRow): string[] {
  return changes.map(({ rev }) => rev);
}

/** A database's own numbers. */
export const databaseInfo = v.looseObject({
  doc_count: v.number(),
  doc_del_count: v.number(),
  update_seq: seqSchema,
  purge_seq: v.optional(seqSchema, 0),
  instance_start_time: v.optional(v.string(), ''),
  cluster: v.optional(v.looseObject({ n: v.number() }), { n: 1 }),
});
export type DatabaseInfo = v.InferOutput<typeof databaseInfo>;
