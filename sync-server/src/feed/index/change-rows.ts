import * as v from 'valibot';

export const seqSchema = v.union([v.string(), v.number()]);
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
