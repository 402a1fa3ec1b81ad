import type { ExchangeOptions, ExchangeOutcome, SendExchange } from '@darasa/shared/sync';
import type { Pouch } from './pouch.ts';

/*
 * The app's own storage, as its database worker has it, over an IndexedDB in memory. It is imported by name at run time: its types belong
 * to the app's program, where PouchDB's types redeclare what Node's are here.
 */

/** Of `AppTab` in the app's fixtures what a contract uses. */
export interface AppTab {
  readonly own: { readonly pouch: Pouch };
  readonly content: { readonly pouch: Pouch };
  readonly exchange: SendExchange;
  readonly ledgers: { readonly own: unknown; readonly content: unknown };
  readonly storage: {
    unsent(limits: { docs: number; bytes: number }): Promise<readonly unknown[]>;
    position(): Promise<unknown>;
  };
  readonly store: {
    readonly refused: { toArray(): Promise<readonly { readonly id: string; readonly reason: string }[]> };
    readonly positions: { clear(): Promise<void> };
  };
  sync(options?: ExchangeOptions, exchange?: SendExchange): Promise<ExchangeOutcome>;
  close(): Promise<void>;
}

export interface TabAccount {
  readonly accountId: string;
  readonly roles: () => readonly string[];
  readonly origin: string;
  readonly school: string;
  readonly send: typeof fetch;
}

interface Environment {
  openRemote(url: string, identity: string, send: typeof fetch): Pouch;
}

interface Fixtures {
  readonly AppTab: { open(environment: Environment, account: TabAccount): Promise<AppTab> };
  fakeSchool(accounts: readonly []): unknown;
  fakeDevice(school: unknown, seed: number): { tab(): Environment };
  push(storage: AppTab['storage'], openRemote: () => Promise<Pouch>): Promise<void>;
  pull(remote: Pouch, ledger: unknown, scope: 'own' | 'content', live: boolean, events: object): { readonly ended: Promise<void> };
}

async function fixtures(): Promise<Fixtures> {
  const folder = new URL('../../../app/src/workers/database/', import.meta.url);
  const modules = ['testing/app-tab.fixture.ts', 'testing/device.fixture.ts', 'stock-replication.ts'];
  const loaded: readonly object[] = await Promise.all(modules.map((name) => import(new URL(name, folder).pathname)));
  return Object.assign({}, ...loaded) as Fixtures; // what these files export
}

let seed = 0;

export interface AppDevice {
  /** Opens the app in a tab of this device; again, as after a restart. */
  open(account: TabAccount): Promise<AppTab>;
  /** Syncs with stock replication, as the app does where a server speaks no exchange. */
  replicate(tab: AppTab, remote: Pouch): Promise<void>;
}

/** A new device. */
export async function appDevice(): Promise<AppDevice> {
  const { AppTab, fakeSchool, fakeDevice, push, pull } = await fixtures();
  seed += 1;
  const device = fakeDevice(fakeSchool([]), seed);
  const events = { onReceived: () => undefined, onRemaining: () => undefined, onResting: () => undefined };
  return {
    open: (account) => AppTab.open(device.tab(), account),
    async replicate(tab, remote) {
      await push(tab.storage, async () => remote);
      for (const scope of ['own', 'content'] as const) await pull(remote, tab.ledgers[scope], scope, false, events).ended;
    },
  };
}
