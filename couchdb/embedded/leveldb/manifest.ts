import { ByteReader } from './byte-reader.ts';
import { Damage } from './damage.ts';
import { readLog } from './log-file.ts';

/** Which files a leveldb consists of. */
export interface Manifest {
  /** Size in bytes by the file's number. */
  readonly tables: ReadonlyMap<number, number>;
  /** Logs with this number or a greater one hold what is in no table yet; the one before is 0 in every store that was made since 2012. */
  readonly firstLog: number;
  readonly logBefore: number;
}

/** Reads a manifest (`VersionEdit` in leveldb's db/version_edit.cc). Throws Damage when it cannot be read to its end. */
export function readManifest(file: Buffer): Manifest {
  const { records, state } = readLog(file);
  // A manifest is synced before anything rests on it: an end that was never synced stands for a change that was not made.
  if (state.is === 'broken' || records.length === 0) throw new Damage('it cannot be read');
  const tables = new Map<number, number>();
  let [firstLog, logBefore] = [0, 0];
  for (const record of records) {
    const reader = new ByteReader(record);
    while (!reader.done) {
      const tag = reader.varint();
      if (tag === 1) reader.text();
      else if (tag === 2) firstLog = reader.varint();
      else if (tag === 9) logBefore = reader.varint();
      else if (tag === 3 || tag === 4) reader.varint();
      else if (tag === 5) {
        reader.varint();
        reader.text();
      } else if (tag === 6) {
        reader.varint();
        tables.delete(reader.varint());
      } else if (tag === 7) {
        reader.varint();
        const number = reader.varint();
        tables.set(number, reader.varint());
        reader.text();
        reader.text();
      } else throw new Damage(`it holds an entry of the unknown kind ${tag}`);
    }
  }
  return { tables, firstLog, logBefore };
}
