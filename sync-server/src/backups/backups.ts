import { join } from 'node:path';
import { type BackupCode, type BackupOutcome, databasesOf, findGoodBackup, type GoodBackup, makeBackup } from '@darasa/couchdb/backup';
import type { Rescue } from '@darasa/couchdb/embedded';
import type { CouchAdmin } from '@darasa/couchdb/provisioning';
import type { Environment } from '../services/environment.ts';
import { placeFolder } from './backup-code.ts';
import { mountedDrives, stickFolders } from './backup-folders.ts';
import { readPlaceFiles } from './place-files.ts';

/** The backups of this place: in its own folder and on every stick with a folder for them. */
export class Backups {
  readonly #dataFolder: string;
  readonly #folder: string;
  readonly #code: BackupCode;
  readonly #environment: Environment;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(dataFolder: string, folder: string, code: BackupCode, environment: Environment) {
    this.#dataFolder = dataFolder;
    this.#folder = folder;
    this.#code = code;
    this.#environment = environment;
  }

  /** Where backups are to go now; sticks come and go. */
  async targets(): Promise<string[]> {
    return [this.#folder, ...(await stickFolders(await mountedDrives(process.platform)))];
  }

  /** One after the other: two at once would take the disk from the class. */
  make(couch: CouchAdmin, target: string): Promise<BackupOutcome> {
    const made = this.#turn.then(async () =>
      makeBackup({
        couch,
        folder: join(target, placeFolder(this.#code)),
        code: this.#code,
        now: this.#environment.now(),
        files: await readPlaceFiles(this.#dataFolder),
      }),
    );
    this.#turn = made.catch(() => undefined);
    return made;
  }

  /** The newest good backup of all that can be reached. */
  async newest(): Promise<GoodBackup | null> {
    let newest: GoodBackup | null = null;
    for (const target of await this.targets()) {
      const { good } = await findGoodBackup(join(target, placeFolder(this.#code)), this.#code);
      if (good !== null && (newest === null || good.at > newest.at)) newest = good;
    }
    return newest;
  }

  /** For the embedded store, should it find itself damaged. */
  rescue(): Rescue {
    let newest: Promise<GoodBackup | null> | undefined;
    return {
      find: async (database) => {
        newest ??= this.newest();
        const good = await newest;
        const copy = good === null ? undefined : (await databasesOf(good, this.#code)).find(({ name }) => name === database);
        return copy === undefined ? null : { security: copy.security, documents: copy.documents() };
      },
    };
  }
}
