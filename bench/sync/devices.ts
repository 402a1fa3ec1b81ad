import { ExchangeDevice, overHttp } from '../../sync-server/contract/harness/exchange-device.ts';
import { deviceDatabase, type Pouch, remoteSchool } from '../../sync-server/contract/harness/pouch.ts';

/** A device that syncs: with stock replication or with exchanges, into a PouchDB in memory either way. */
export interface BenchDevice {
  readonly pouch: Pouch;
  /** Sends what was written here, when anything was, and fetches; answers how many requests were lost to a bad network. */
  sync(): Promise<void>;
  /** As after months of use: both directions, until so many documents are here. */
  settle(documents: number): Promise<void>;
  write(docs: readonly object[]): Promise<void>;
  /** Characters of the last reply to an exchange, unpacked; null for stock replication. */
  readonly lastReply: number | null;
}

const PUSHED_AND_PULLED = { batch_size: 100 };

/** PouchDB tells of a failure by its event and by more than one promise; all have to be heard, or Node ends the process. */
async function outcomeOf(replication: ReturnType<Pouch['replicate']['from']>): Promise<void> {
  replication.on('error', () => undefined);
  await replication;
}

export function stockDevice(server: string, school: string, token: string): BenchDevice {
  const pouch = deviceDatabase();
  let written = false;
  return {
    pouch,
    lastReply: null,
    async write(docs) {
      written = true;
      await pouch.bulkDocs(docs);
    },
    async settle(documents) {
      do {
        written = true;
        await this.sync();
      } while ((await pouch.allDocs()).rows.length < documents);
    },
    async sync() {
      const remote = remoteSchool(server, school, () => token);
      if (written) await outcomeOf(pouch.replicate.to(remote, PUSHED_AND_PULLED));
      await outcomeOf(pouch.replicate.from(remote, PUSHED_AND_PULLED));
      written = false;
    },
  };
}

export function exchangeDevice(server: string, school: string, token: string): BenchDevice & { readonly device: ExchangeDevice } {
  const device = new ExchangeDevice(deviceDatabase());
  const http = overHttp(`${server}/db/school-${school}`, () => token);
  let lastReply = 0;
  const send: typeof http = async function* (request, waits) {
    lastReply = 0;
    for await (const line of http(request, waits)) {
      lastReply += line.length + 1;
      yield line;
    }
  };
  return {
    get lastReply() {
      return lastReply;
    },
    pouch: device.pouch,
    device,
    async write(docs) {
      await device.pouch.bulkDocs(docs);
      await device.written();
    },
    async settle(documents) {
      do await this.sync();
      while ((await device.pouch.allDocs()).rows.length < documents);
    },
    async sync() {
      const { state } = await device.sync(send);
      if (state !== 'proved') throw new Error(`The exchange ended ${state}`);
    },
  };
}

/** What is used of the app's own storage. */
interface AppFixtures {
  fakeSchool(accounts: readonly object[]): object;
  fakeDevice(school: object, seed: number): { tab(): object };
}
interface AppTab {
  readonly own: { readonly pouch: Pouch };
  sync(): Promise<{ readonly state: string }>;
  close(): Promise<void>;
}
interface AppTabs {
  readonly AppTab: { open(environment: object, account: object): Promise<AppTab> };
}

/** The app's own storage: PouchDB over an IndexedDB, as a browser has it, but in memory and in JavaScript, and the app's ledger beside it. */
export async function appDevice(server: string, school: string, token: string, accountId: string): Promise<BenchDevice> {
  // Not imported by name: the types of the app's PouchDB redeclare Node's Buffer for the whole program.
  const testing = '../../app/src/workers/database/testing';
  const { fakeDevice, fakeSchool } = (await import(`${testing}/device.fixture.ts`)) as AppFixtures; // as it is written there
  const { AppTab } = (await import(`${testing}/app-tab.fixture.ts`)) as AppTabs; // as it is written there
  const send: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${token}`);
    headers.set('accept-encoding', 'br, gzip');
    return fetch(input, { ...init, headers });
  };
  const account = { accountId, roles: () => [`school:${school}`, 'learner'], origin: server, school, send };
  const tab = await AppTab.open(fakeDevice(fakeSchool([]), 1).tab(), account);
  const device: BenchDevice = {
    pouch: tab.own.pouch,
    lastReply: null,
    async write(docs) {
      await tab.own.pouch.bulkDocs(docs);
    },
    async settle(documents) {
      do await device.sync();
      while ((await tab.own.pouch.allDocs()).rows.length < documents);
    },
    async sync() {
      const { state } = await tab.sync();
      if (state !== 'proved') throw new Error(`The exchange ended ${state}`);
    },
  };
  return device;
}

/** Tries again after each failure, at once, as a device would after its back-off. */
export async function insist(task: () => Promise<void>): Promise<number> {
  for (let failures = 0; ; failures += 1) {
    try {
      await task();
      return failures;
    } catch (error) {
      if (failures >= 50) throw error;
    }
  }
}

export { deviceDatabase as localPouch, storeDatabase as remotePouch } from '../../sync-server/contract/harness/pouch.ts';
