import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder of this workspace, `couchdb`, found from the code that runs: its own source, or the server's bundle in
 * `sync-server/dist`. Both lie below the project's folder. Throws when the project was taken apart.
 */
export function workspaceFolder(from: string = import.meta.url): string {
  const start = dirname(fileURLToPath(from));
  for (let folder = start; ; folder = dirname(folder)) {
    const candidate = join(folder, 'couchdb');
    if (existsSync(join(candidate, 'demo', 'README.md'))) return candidate;
    if (dirname(folder) === folder) throw new Error(`No folder couchdb with its demo school above ${start}`);
  }
}
