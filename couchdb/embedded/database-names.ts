import { CouchError } from './errors.ts';

/** Databases whose names begin with an underscore and exist in every CouchDB. */
const systemNames = new Set(['_users', '_replicator', '_global_changes']);
const pattern = /^[a-z][a-z0-9_$()+/-]*$/;
/** CouchDB's own limit. */
const longest = 238;
/** What a file system takes as one folder name, with room to spare. */
const longestFolder = 250;

/** Throws CouchDB's refusal for a name that no database may have. */
export function checkDatabaseName(name: string): void {
  if (!systemNames.has(name) && !pattern.test(name)) {
    throw new CouchError(
      400,
      'illegal_database_name',
      `Name: '${name}'. Only lowercase characters (a-z), digits (0-9), and any of the characters _, $, (, ), +, -, and / are allowed. Must begin with a letter.`,
    );
  }
  if (name.length > longest || folderOf(name).length > longestFolder) {
    throw new CouchError(400, 'database_name_too_long', `At least one path segment of \`${name}\` is too long.`);
  }
}

/** The folder that holds a database: one level, no separators, the same on every file system. */
export function folderOf(name: string): string {
  return name.replace(/[^a-z0-9_-]/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

export function nameOf(folder: string): string {
  return decodeURIComponent(folder);
}
