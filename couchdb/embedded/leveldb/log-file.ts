import { crc32c, masked } from './crc32c.ts';

const BLOCK = 32_768;
const HEADER = 7;
/** A whole record, or its first and its last fragment; 3 is one between. */
const [FULL, FIRST, LAST] = [1, 2, 4];

/** What a log of leveldb holds: its whole records, and where it cannot be read. */
export interface LogContent {
  readonly records: readonly Buffer[];
  /**
   * `torn` when only the end is unreadable: the write that was under way when the power went leaves such an end, and nobody was told that
   * it was written. `broken` when whole records follow the unreadable place. Places are offsets in the file.
   */
  readonly state: { readonly is: 'whole' } | { readonly is: 'torn' | 'broken'; readonly at: number };
}

interface Fragment {
  readonly type: number;
  readonly data: Buffer;
}

/** The fragment at a place, or null when there is none that is whole. */
function fragmentAt(file: Buffer, at: number, end: number): Fragment | null {
  const type = file[at + 6] ?? 0;
  if (type < FULL || type > LAST) return null;
  const data = file.subarray(at + HEADER, at + HEADER + file.readUInt16LE(at + 4));
  const whole = at + HEADER + file.readUInt16LE(at + 4) <= end;
  return whole && file.readUInt32LE(at) === masked(crc32c(file.subarray(at + 6, at + HEADER), data)) ? { type, data } : null;
}

/**
 * Reads a log (leveldb's doc/log_format.md): blocks of 32 KB, each of records or fragments with their checksum. leveldb itself gives the rest of a
 * block up where it meets what it cannot read. Here the next whole record is looked for: there is one where something was damaged after it
 * had been written, and none where a write was cut.
 */
export function readLog(file: Buffer): LogContent {
  const records: Buffer[] = [];
  let parts: Buffer[] | null = null;
  let brokenAt: number | null = null;
  let follows = false;
  function unreadable(at: number): void {
    brokenAt ??= at;
    parts = null;
  }
  function take({ type, data }: Fragment, at: number): void {
    const begins = type === FULL || type === FIRST;
    if (begins !== (parts === null)) unreadable(at);
    if (begins) parts = [];
    // Without its beginning a record is of no use.
    if (parts === null) return;
    parts.push(data);
    if (type !== FULL && type !== LAST) return;
    records.push(Buffer.concat(parts));
    parts = null;
    follows ||= brokenAt !== null;
  }
  for (let block = 0; block < file.length; block += BLOCK) {
    const end = Math.min(block + BLOCK, file.length);
    let at = block;
    while (at + HEADER <= end) {
      const fragment = fragmentAt(file, at, end);
      if (fragment !== null) {
        take(fragment, at);
        at += HEADER + fragment.data.length;
      } else {
        unreadable(at);
        at += 1;
      }
    }
    // Fewer bytes than a header at the end of a whole block are padding; at the end of the file they are a header that was begun.
    if (at < end && end - block < BLOCK) unreadable(at);
  }
  if (parts !== null) unreadable(file.length);
  return { records, state: brokenAt === null ? { is: 'whole' } : { is: follows ? 'broken' : 'torn', at: brokenAt } };
}
