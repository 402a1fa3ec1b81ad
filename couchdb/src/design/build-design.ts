import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { workspaceFolder } from '../workspace-folder.ts';
import { assembleDesign } from './assemble.ts';

// `npm run build`: what the server's bundle reads in place of the sources.
const workspace = workspaceFolder();
await mkdir(join(workspace, 'dist'), { recursive: true });
await writeFile(join(workspace, 'dist', 'design.json'), `${JSON.stringify(await assembleDesign(workspace), null, 2)}\n`);
