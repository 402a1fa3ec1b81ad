import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What a person names a folder on a stick, so that Darasa keeps backups there and on no other stick. */
export const STICK_FOLDER = 'darasa-backup';

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

const inside = (folder: string): Promise<string[]> =>
  readdir(folder).then(
    (names) => names.map((name) => join(folder, name)),
    () => [],
  );

/** Where this kind of system shows sticks and cards that are plugged in. */
export async function mountedDrives(platform: NodeJS.Platform): Promise<string[]> {
  if (platform === 'win32') return [...'DEFGHIJKLMNOPQRSTUVWXYZ'].map((letter) => `${letter}:\\`);
  if (platform === 'darwin') return inside('/Volumes');
  const people = [...(await inside('/media')), ...(await inside('/run/media'))];
  const drives = await Promise.all(people.map(inside));
  return [...people, ...drives.flat(), ...(await inside('/mnt'))];
}

/** The folders for backups on the drives that are plugged in now. */
export async function stickFolders(drives: readonly string[]): Promise<string[]> {
  const folders = drives.map((drive) => join(drive, STICK_FOLDER));
  const there = await Promise.all(folders.map(isFolder));
  return folders.filter((_, index) => there[index]);
}

/** Below a folder that a person names: itself, the folder of a stick in it, and what each place keeps in them. */
export async function searchedFolders(named: string): Promise<string[]> {
  const roots = [named, join(named, STICK_FOLDER)];
  return [...roots, ...(await Promise.all(roots.map(inside))).flat()];
}
