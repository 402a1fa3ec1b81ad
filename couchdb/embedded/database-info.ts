import { readdir, stat } from 'node:fs/promises';
import type { Database } from './database.ts';
import type { JsonObject } from './json.ts';
import { formatSequence } from './sequence.ts';

/** What `GET /{db}` tells. */
export async function databaseInfo(database: Database): Promise<JsonObject> {
  const { life, createdAt, purgeSequence } = database.properties;
  const info = await database.use((pouch) => pouch.info());
  const file = await folderSize(`${database.folder}/data`);
  return {
    instance_start_time: String(createdAt),
    db_name: database.name,
    purge_seq: formatSequence(purgeSequence, life),
    update_seq: formatSequence(info.update_seq, life),
    sizes: { file, external: file, active: file },
    props: {},
    doc_del_count: 0,
    doc_count: info.doc_count,
    disk_format_version: 8,
    compact_running: false,
    cluster: { q: 1, n: 1, w: 1, r: 1 },
  };
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
