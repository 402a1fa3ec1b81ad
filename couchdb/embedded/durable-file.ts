import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isJsonObject, type JsonObject } from './json.ts';

/** Replaces a small JSON file so that a crash leaves either the old or the new one, whole. */
export async function writeJsonFile(path: string, value: JsonObject): Promise<void> {
  const draft = `${path}.new`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(JSON.stringify(value, null, 2));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  await syncFolder(dirname(path));
}

/** What was made, renamed or removed in a folder outlasts a cut of power from then on. Windows has no call for it, and needs none. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** `undefined` when there is no such file. */
export async function readJsonFile(path: string): Promise<JsonObject | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const value: unknown = JSON.parse(text);
  if (!isJsonObject(value)) throw new Error(`${path} does not hold a JSON object`);
  return value;
}
