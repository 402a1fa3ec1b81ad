import { type DataUsed, dataUsedOn, dayOf, keptDataUsed, withDataUsed } from './data-used.ts';
import type { DeviceStore } from './device-store.ts';
import type { Environment } from './environment.ts';

const SETTING = 'dataUsed';
/** Requests come in groups; one writing does for all. */
const GATHER_MS = 2_000;

/** Counts what the sync of this device uses of a network, over all its tabs. */
export class DataMeter {
  readonly #environment: Pick<Environment, 'now' | 'after'>;
  readonly #store: DeviceStore;
  readonly #onChange: () => void;
  readonly #onError: (error: unknown) => void;
  readonly #stop: () => void;
  #counted = 0;
  #stopGathering: (() => void) | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(
    environment: Pick<Environment, 'now' | 'after' | 'watchTraffic'>,
    store: DeviceStore,
    onChange: () => void,
    onError: (error: unknown) => void,
  ) {
    this.#environment = environment;
    this.#store = store;
    this.#onChange = onChange;
    this.#onError = onError;
    this.#stop = environment.watchTraffic((bytes) => this.add(bytes));
  }

  async used(): Promise<DataUsed> {
    return dataUsedOn(await this.#store.setting(SETTING, keptDataUsed), dayOf(this.#environment.now()));
  }

  add(bytes: number): void {
    if (bytes <= 0) return;
    this.#counted += bytes;
    this.#stopGathering ??= this.#environment.after(GATHER_MS, () => {
      this.#writing = this.#write().catch(this.#onError);
    });
  }

  async #write(): Promise<void> {
    this.#stopGathering = null;
    const [bytes, day] = [this.#counted, dayOf(this.#environment.now())];
    this.#counted = 0;
    await this.#store.transaction('rw', this.#store.settings, async () => {
      await this.#store.keepSetting(SETTING, withDataUsed(await this.#store.setting(SETTING, keptDataUsed), bytes, day));
    });
    this.#onChange();
  }

  async close(): Promise<void> {
    this.#stop();
    this.#stopGathering?.();
    await this.#writing;
    if (this.#counted > 0) await this.#write();
  }
}
