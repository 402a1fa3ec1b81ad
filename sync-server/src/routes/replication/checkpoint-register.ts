import * as v from 'valibot';
import type { CouchClient } from '../../couch/couch-client.ts';

/** Of one person, over all their devices and replicators. */
export const MAX_CHECKPOINTS = 50;
export const MAX_CHECKPOINT_BYTES = 256 * 1024;
const MAX_TOTAL_BYTES = 2 * 1024 * 1024;
/** Sizes are noted in steps, and uses by the day, so that most checkpoints are written without touching the register. */
const STEP_BYTES = 16 * 1024;
const DAY_MS = 86_400_000;
/** Another device of the person may write at the same moment. */
const MAX_TRIES = 5;

const entry = v.object({ id: v.string(), bytes: v.number(), usedAt: v.number() });
const registerSchema = v.looseObject({ _rev: v.string(), checkpoints: v.array(entry) });
type Entry = v.InferOutput<typeof entry>;

export interface Checkpoint {
  /** As the database has it, with the account's id. */
  readonly id: string;
  readonly bytes: number;
}

export interface Register {
  readonly couch: CouchClient;
  readonly database: string;
  readonly accountId: string;
  readonly authorization: string;
}

/**
 * Makes room for a checkpoint among those of a person. When there are too many, or too much is in them, those that were
 * written longest ago go: whoever kept one of them replicates once more from the beginning. False when others write all the time.
 */
export async function makeRoom(register: Register, { id, bytes }: Checkpoint, now: number): Promise<boolean> {
  const { couch, authorization } = register;
  const path = localPath(register, `darasa-checkpoints.${register.accountId}`);
  const noted: Entry = { id, bytes: Math.ceil(bytes / STEP_BYTES) * STEP_BYTES, usedAt: Math.floor(now / DAY_MS) * DAY_MS };
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const found = await couch.find(registerSchema, path, { authorization });
    const known = found?.checkpoints ?? [];
    if (known.some((each) => each.id === id && each.bytes === noted.bytes && each.usedAt === noted.usedAt)) return true;
    const { kept, dropped } = within(
      known.filter((each) => each.id !== id),
      noted,
    );
    const json = { ...(found === null ? {} : { _rev: found._rev }), checkpoints: kept };
    const answer = await couch.send('PUT', path, { json, authorization });
    await answer.body?.cancel();
    if (answer.status === 409) continue;
    for (const each of dropped) await remove(register, each);
    return true;
  }
  return false;
}

/** The others stand in the order of their last use. */
function within(others: readonly Entry[], noted: Entry): { readonly kept: readonly Entry[]; readonly dropped: readonly Entry[] } {
  let total = noted.bytes + others.reduce((sum, { bytes }) => sum + bytes, 0);
  let drop = 0;
  for (; others.length - drop >= MAX_CHECKPOINTS || (total > MAX_TOTAL_BYTES && drop < others.length); drop += 1)
    total -= others[drop]?.bytes ?? 0;
  return { kept: [...others.slice(drop), noted], dropped: others.slice(0, drop) };
}

const anyRevision = v.looseObject({ _rev: v.string() });

async function remove(register: Register, { id }: Entry): Promise<void> {
  const { couch, authorization } = register;
  const path = localPath(register, id);
  const found = await couch.find(anyRevision, path, { authorization });
  if (found === null) return;
  const answer = await couch.send('DELETE', path, { query: { rev: found._rev }, authorization });
  await answer.body?.cancel();
}

export function localPath({ database }: Pick<Register, 'database'>, id: string): string {
  return `/${database}/_local/${encodeURIComponent(id)}`;
}
