/** One file of a backup folder. */
export interface BackupFile {
  readonly name: string;
  readonly id: string;
  readonly follows: string | null;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A backup that stands by itself, and those that go on from it, each from the one before. */
export interface Chain {
  readonly files: readonly [BackupFile, ...BackupFile[]];
}

const DAY_MS = 86_400_000;
/** Of each of so many days the newest chain is kept, and of each of so many weeks before. */
const DAYS = 7;
const WEEKS = 4;

/** The chains in a folder, the newest last. A file whose beginning is gone belongs to none. */
export function chainsOf(files: readonly BackupFile[]): Chain[] {
  const next = new Map(files.flatMap((file) => (file.follows === null ? [] : [[file.follows, file]])));
  const chains = files
    .filter(({ follows }) => follows === null)
    .map((first): Chain => {
      const chain: [BackupFile, ...BackupFile[]] = [first];
      for (let file = next.get(first.id); file !== undefined; file = next.get(file.id)) chain.push(file);
      return { files: chain };
    });
  return chains.sort((a, b) => a.files[0].at - b.files[0].at);
}

/** Which chains are needed no more: not the newest two, nor the newest of each of the last seven days and of the four weeks before. */
export function needlessChains(chains: readonly Chain[], now: number): Chain[] {
  const kept = new Set(chains.slice(-2));
  const slots = new Set<string>();
  for (const chain of chains.toReversed()) {
    const days = Math.floor((now - chain.files[0].at) / DAY_MS);
    const slot = days < DAYS ? `day ${days}` : `week ${Math.floor((days - DAYS) / 7)}`;
    const inTime = days < DAYS + WEEKS * 7;
    if (inTime && !slots.has(slot)) kept.add(chain);
    slots.add(slot);
  }
  return chains.filter((chain) => !kept.has(chain));
}
