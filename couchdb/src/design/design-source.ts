import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { workspaceFolder } from '../workspace-folder.ts';
import type { DesignSource } from './design-document.ts';

export type { DesignSource } from './design-document.ts';

let known: Promise<DesignSource> | null = null;

/**
 * The design documents and indexes of a school. Run from TypeScript (tests, tsx) they are put together anew from their
 * sources; run from the server's bundle they are read from `couchdb/dist/design.json`, which `npm run build` writes.
 */
export function designSource(): Promise<DesignSource> {
  known ??= import.meta.url.endsWith('.ts') ? fromSource() : fromBuild();
  return known;
}

async function fromSource(): Promise<DesignSource> {
  // Named in a variable so that the server's bundler does not take esbuild in: its bundle never comes here.
  const assembler = './assemble.ts';
  const { assembleDesign }: typeof import('./assemble.ts') = await import(/* @vite-ignore */ assembler);
  return assembleDesign(workspaceFolder());
}

async function fromBuild(): Promise<DesignSource> {
  const file = join(workspaceFolder(), 'dist', 'design.json');
  // A file of our own build, written by build-design.ts from the same types: parsed, not checked again.
  return JSON.parse(await readFile(file, 'utf8')) as DesignSource;
}
