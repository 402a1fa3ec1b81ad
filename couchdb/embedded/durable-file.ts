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
  const folder = await open(dirname(path), 'r');
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
