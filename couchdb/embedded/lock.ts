import { rm } from 'node:fs/promises';
import leveldown from 'leveldown';
import { levelCall } from './level.ts';

/**
 * Holds the folder of a store for this process, until it is released or the process dies in whatever way. Node has no call to lock a file;
 * leveldb locks its own on every system, so an empty one serves as the lock. Rejects when another process, or this one, has the store.
 */
export async function lockStore(dataDir: string): Promise<() => Promise<void>> {
  const folder = `${dataDir}/lock`;
  const level = leveldown(folder);
  const open = () => levelCall((done) => level.open({ createIfMissing: true }, done));
  await open().catch(async (error: Error) => {
    if (/lock/i.test(error.message.replaceAll(folder, '')))
      throw new Error(`The data in ${dataDir} are in use: another Darasa runs on them`);
    // It holds nothing: a damaged one is made anew.
    await rm(folder, { recursive: true, force: true });
    await open();
  });
  return () => levelCall((done) => level.close(done));
}
