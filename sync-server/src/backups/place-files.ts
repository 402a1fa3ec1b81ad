import { mkdir, open, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PlaceFile } from '@darasa/couchdb/backup';

/** Only the folders whose files belong to the place itself, and are nowhere else: a hub's key and what it knows of its school. */
const FOLDERS = ['hub'];

/** The files of a place that go into its backups. */
export async function readPlaceFiles(dataFolder: string): Promise<PlaceFile[]> {
  const found: PlaceFile[] = [];
  for (const folder of FOLDERS) {
    const entries = await readdir(join(dataFolder, folder), { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    for (const entry of entries) {
      if (entry.isFile()) found.push({ path: `${folder}/${entry.name}`, content: await readFile(join(dataFolder, folder, entry.name)) });
    }
  }
  return found;
}

/** Puts them back. A path that is none of a place's files is refused: a backup says where it is to be written. */
export async function writePlaceFiles(dataFolder: string, files: ReadonlyMap<string, Buffer>): Promise<void> {
  for (const [path, content] of files) {
    if (!FOLDERS.some((folder) => new RegExp(`^${folder}/[\\w.-]+$`).test(path))) throw new Error(`A backup holds a file for ${path}`);
    const full = join(dataFolder, path);
    await mkdir(dirname(full), { recursive: true, mode: 0o700 });
    const file = await open(full, 'w', 0o600);
    await file.writeFile(content);
    await file.sync();
    await file.close();
  }
}
