import { readdir, stat } from 'node:fs/promises';
import type { LevelStore } from 'leveldown';
import type { Database } from './database.ts';
import type { JsonObject } from './json.ts';
import { readPart } from './level.ts';
import { levelOf } from './pouch.ts';
import { formatSequence } from './sequence.ts';

/** What `GET /{db}` tells. */
export async function databaseInfo(database: Database): Promise<JsonObject> {
  const { life, createdAt, purgeSequence } = database.properties;
  const { info, deleted } = await database.use(async (pouch) => {
    const counted = await pouch.info();
    return { info: counted, deleted: await countDeleted(database, levelOf(pouch), counted) };
  });
  const file = await folderSize(`${database.folder}/data`);
  return {
    instance_start_time: String(createdAt),
    db_name: database.name,
    purge_seq: formatSequence(purgeSequence, life),
    update_seq: formatSequence(info.update_seq, life),
    sizes: { file, external: file, active: file },
    props: {},
    doc_del_count: deleted,
    doc_count: info.doc_count,
    disk_format_version: 8,
    compact_running: false,
    cluster: { q: 1, n: 1, w: 1, r: 1 },
  };
}

/** PouchDB counts the documents that are there; the others are found by counting all records, once for each state of the database. */
async function countDeleted(database: Database, level: LevelStore, info: { doc_count: number; update_seq: number }): Promise<number> {
  const known = database.deletedCount;
  if (known?.sequence === info.update_seq) return known.count;
  let records = 0;
  for await (const _record of readPart(level, 'document-store', false)) records += 1;
  const count = Math.max(0, records - info.doc_count);
  database.deletedCount = { sequence: info.update_seq, count };
  return count;
}

async function folderSize(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(`${folder}/${name}`).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
