import { readdir, rm } from 'node:fs/promises';
import leveldown, { type LevelOperation, type LevelStore } from 'leveldown';
import type { Database } from './database.ts';
import { isJsonObject, type JsonObject } from './json.ts';
import { levelCall, levelKey, readLevel } from './level.ts';
import type { RevisionNode, RevisionTree } from './pouch.ts';
import { revisionsOf, winnerFirst } from './revision-tree.ts';

/** A document's record as PouchDB's leveldb adapter keeps it. */
interface Metadata extends JsonObject {
  id: string;
  rev_tree: RevisionTree;
  rev_map: Record<string, number>;
  winningRev: string;
  deleted: boolean;
  seq: number;
}

const sequenceKey = (sequence: number) => levelKey('by-sequence', String(sequence).padStart(16, '0'));
const countKey = levelKey('meta-store', '_local_doc_count');

/**
 * Takes leaves, and what led to them alone, out of the database as if they had never been there. PouchDB's leveldb adapter has no
 * purge, so this works on the closed store, in one synced batch; indexes hold what is gone and are dropped, to be built again when
 * they are next asked for. Returns what was there to purge.
 */
export async function purge(database: Database, asked: ReadonlyMap<string, readonly string[]>): Promise<Map<string, string[]>> {
  const purged = await database.alone(async () => {
    const level = leveldown(`${database.folder}/data`);
    await levelCall((done) => level.open({ createIfMissing: true }, done));
    try {
      return await purgeIn(level, asked);
    } finally {
      await levelCall((done) => level.close(done));
      await dropIndexes(database.folder);
    }
  });
  await database.changeProperties({ purgeSequence: database.properties.purgeSequence + 1 });
  database.deletedCount = undefined;
  if ([...purged.keys()].some((id) => id.startsWith('_design/'))) database.designFunctions = undefined;
  return purged;
}

async function dropIndexes(folder: string): Promise<void> {
  const indexes = (await readdir(folder)).filter((name) => name.startsWith('data-mrview-'));
  await Promise.all(indexes.map((name) => rm(`${folder}/${name}`, { recursive: true, force: true })));
}

async function purgeIn(level: LevelStore, asked: ReadonlyMap<string, readonly string[]>): Promise<Map<string, string[]>> {
  const purged = new Map<string, string[]>();
  const operations: LevelOperation[] = [];
  let count = Number((await readLevel(level, countKey)) ?? 0);
  for (const [id, revs] of asked) {
    const stored = await readLevel(level, levelKey('document-store', id));
    if (!isJsonObject(stored)) {
      purged.set(id, []);
      continue;
    }
    // Written by PouchDB.
    const before = stored as Metadata;
    const leaves = revisionsOf(before.rev_tree);
    const gone = revs.filter((rev) => leaves.get(rev)?.isLeaf);
    purged.set(id, gone);
    if (gone.length === 0) continue;
    const after = withoutLeaves(before, new Set(gone));
    count += (after && !after.deleted ? 1 : 0) - (before.deleted ? 0 : 1);
    operations.push(...documentOperations(before, after));
    operations.push(...(await attachmentOperations(level, before, after)));
  }
  operations.push({ type: 'put', key: countKey, value: JSON.stringify(count) });
  await levelCall((done) => level.batch(operations, { sync: true }, done));
  return purged;
}

/** `undefined` when nothing of the document is left. */
function withoutLeaves(before: Metadata, gone: ReadonlySet<string>): Metadata | undefined {
  function prune([hash, state, branches]: RevisionNode, pos: number): RevisionNode | undefined {
    if (branches.length === 0) return gone.has(`${pos}-${hash}`) ? undefined : [hash, state, branches];
    const left = branches.map((branch) => prune(branch, pos + 1)).filter((branch) => branch !== undefined);
    return left.length > 0 ? [hash, state, left] : undefined;
  }
  const tree = before.rev_tree.flatMap(({ pos, ids }) => {
    const left = prune(ids, pos);
    return left ? [{ pos, ids: left }] : [];
  });
  const revisions = revisionsOf(tree);
  const winner = [...revisions.values()].filter(({ isLeaf }) => isLeaf).sort(winnerFirst)[0];
  if (!winner) return undefined;
  const kept = Object.entries(before.rev_map).filter(([rev]) => revisions.has(rev));
  const seq = Math.max(...kept.map(([, sequence]) => sequence));
  return { ...before, rev_tree: tree, rev_map: Object.fromEntries(kept), winningRev: winner.rev, deleted: winner.isDeleted, seq };
}

function documentOperations(before: Metadata, after: Metadata | undefined): LevelOperation[] {
  const lost = Object.entries(before.rev_map).filter(([rev]) => !(after && rev in after.rev_map));
  const bodies = lost.map(([, sequence]): LevelOperation => ({ type: 'del', key: sequenceKey(sequence) }));
  const record: LevelOperation = after
    ? { type: 'put', key: levelKey('document-store', before.id), value: JSON.stringify(after) }
    : { type: 'del', key: levelKey('document-store', before.id) };
  return [...bodies, record];
}

/** Attachments that no revision holds any more go too. */
async function attachmentOperations(level: LevelStore, before: Metadata, after: Metadata | undefined): Promise<LevelOperation[]> {
  const operations: LevelOperation[] = [];
  const refsByDigest = new Map<string, JsonObject>();
  for (const [rev, sequence] of Object.entries(before.rev_map)) {
    if (after && rev in after.rev_map) continue;
    const body = await readLevel(level, sequenceKey(sequence));
    const attachments = isJsonObject(body) && isJsonObject(body['_attachments']) ? body['_attachments'] : {};
    for (const attachment of Object.values(attachments)) {
      const digest = isJsonObject(attachment) ? String(attachment['digest']) : '';
      const record = refsByDigest.get(digest) ?? (await readLevel(level, levelKey('attach-store', digest)));
      const refs = isJsonObject(record) && isJsonObject(record['refs']) ? { ...record['refs'] } : {};
      delete refs[`${before.id}@${rev}`];
      refsByDigest.set(digest, { refs });
    }
  }
  for (const [digest, record] of refsByDigest) {
    if (isJsonObject(record['refs']) && Object.keys(record['refs']).length > 0) {
      operations.push({ type: 'put', key: levelKey('attach-store', digest), value: JSON.stringify(record) });
    } else {
      operations.push(
        { type: 'del', key: levelKey('attach-store', digest) },
        { type: 'del', key: levelKey('attach-binary-store', digest) },
      );
    }
  }
  return operations;
}
