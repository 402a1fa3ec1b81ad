import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Operation } from './trace.ts';

/** Numbers from 0 to below 1. */
export type Draw = () => number;

interface File {
  /** Its writes and truncations, by their place in the trace. */
  readonly changes: { readonly at: number; readonly offset: number | null; readonly bytes: Buffer | null; readonly length: number }[];
  synced: number;
}

type NameChange = { readonly at: number; readonly from: string | null; readonly to: string | null; readonly file: File | 'folder' };

/** What a disk may hold when the power goes: folders, and the content of files. */
export type DiskContent = ReadonlyMap<string, Buffer | 'folder'>;

/**
 * What may be on the disk when the power goes after the operation `at`, as file systems with a journal keep it (ext4, XFS, btrfs, APFS, NTFS):
 *
 * - what was written to a file is there as far as a sync of that file has returned; of what came later any beginning may be there, its last
 *   write torn, or its length without its content (zeros);
 * - names (made, renamed, removed) come to the disk in their order, and a sync of anything brings all names before it; of the later ones any
 *   beginning may be there.
 *
 * It shows forgotten syncs and a wrong order. It does not show a disk that lies about having written, nor what a file system without a journal
 * (FAT) makes of names.
 */
export function contentAfterCut(
  operations: readonly Operation[],
  before: DiskContent,
  at: number,
  draw: Draw,
): Map<string, Buffer | 'folder'> {
  const { names, syncedNames } = replay(operations.slice(0, at), before);
  const kept = syncedNames + Math.floor(draw() * (names.length - syncedNames + 1));
  const tree = new Map<string, File | 'folder'>();
  for (const { from, to, file } of names.slice(0, kept)) {
    const moved = from === null ? file : (tree.get(from) ?? file);
    if (from !== null) tree.delete(from);
    if (to !== null) tree.set(to, moved);
    // A folder takes along what is in it.
    if (from !== null && file === 'folder') {
      for (const [path, inside] of [...tree]) {
        if (!path.startsWith(`${from}/`)) continue;
        tree.delete(path);
        if (to !== null) tree.set(to + path.slice(from.length), inside);
      }
    }
  }
  return new Map([...tree].map(([path, file]) => [path, file === 'folder' ? file : contentOf(file, draw)]));
}

function replay(operations: readonly Operation[], before: DiskContent): { names: NameChange[]; syncedNames: number } {
  const names: NameChange[] = [];
  const open = new Map<string, File | 'folder'>();
  for (const [path, content] of before) {
    const file: File | 'folder' =
      content === 'folder' ? content : { changes: [{ at: -1, offset: null, bytes: content, length: 0 }], synced: 1 };
    open.set(path, file);
    names.push({ at: -1, from: null, to: path, file });
  }
  let syncedNames = names.length;
  for (const [at, operation] of operations.entries()) {
    switch (operation.kind) {
      case 'create': {
        const there = open.get(operation.path);
        if (there === undefined) {
          const file: File = { changes: [], synced: 0 };
          open.set(operation.path, file);
          names.push({ at, from: null, to: operation.path, file });
        } else if (operation.truncate && there !== 'folder') there.changes.push({ at, offset: null, bytes: null, length: 0 });
        break;
      }
      case 'folder':
        open.set(operation.path, 'folder');
        names.push({ at, from: null, to: operation.path, file: 'folder' });
        break;
      case 'write': {
        const file = open.get(operation.path);
        if (file === undefined || file === 'folder') throw new Error(`A write to ${operation.path}, which nobody made`);
        file.changes.push({ at, offset: operation.offset, bytes: operation.bytes, length: 0 });
        break;
      }
      case 'truncate': {
        const file = open.get(operation.path);
        if (file !== undefined && file !== 'folder') file.changes.push({ at, offset: null, bytes: null, length: operation.length });
        break;
      }
      case 'sync': {
        const file = open.get(operation.path);
        if (file !== undefined && file !== 'folder') file.synced = file.changes.filter((change) => change.at < operation.since).length;
        syncedNames = Math.max(syncedNames, names.filter((change) => change.at < operation.since).length);
        break;
      }
      case 'rename': {
        const file = open.get(operation.from);
        if (file === undefined) throw new Error(`A renaming of ${operation.from}, which nobody made`);
        for (const [path, inside] of [...open]) {
          if (path !== operation.from && !path.startsWith(`${operation.from}/`)) continue;
          open.delete(path);
          open.set(operation.to + path.slice(operation.from.length), inside);
        }
        names.push({ at, from: operation.from, to: operation.to, file });
        break;
      }
      case 'remove': {
        const file = open.get(operation.path);
        open.delete(operation.path);
        if (file !== undefined) names.push({ at, from: operation.path, to: null, file });
        break;
      }
      case 'said':
    }
  }
  return { names, syncedNames };
}

function contentOf({ changes, synced }: File, draw: Draw): Buffer {
  const kept = synced + Math.floor(draw() * (changes.length - synced + 1));
  let content = Buffer.alloc(0);
  const apply = (offset: number | null, bytes: Buffer): void => {
    const at = offset ?? content.length;
    const longer = Buffer.alloc(Math.max(content.length, at + bytes.length));
    content.copy(longer);
    bytes.copy(longer, at);
    content = longer;
  };
  for (const { offset, bytes, length } of changes.slice(0, kept)) {
    if (bytes === null) content = Buffer.concat([content.subarray(0, length), Buffer.alloc(Math.max(0, length - content.length))]);
    else apply(offset, bytes);
  }
  const next = changes[kept];
  if (next?.bytes) {
    const fate = draw();
    if (fate < 0.4) apply(next.offset, next.bytes.subarray(0, Math.floor(draw() * next.bytes.length)));
    else if (fate < 0.7) apply(next.offset, Buffer.alloc(next.bytes.length));
  }
  return content;
}

/** Writes such a content below another folder. */
export async function layDown(content: DiskContent, from: string, to: string): Promise<void> {
  for (const [path, bytes] of content) {
    const target = join(to, path.slice(from.length));
    await mkdir(bytes === 'folder' ? target : dirname(target), { recursive: true });
    if (bytes !== 'folder') await writeFile(target, bytes);
  }
}
