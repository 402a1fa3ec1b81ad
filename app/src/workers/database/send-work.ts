import type { DeviceStore } from './device-store.ts';
import { type Environment, instantOf } from './environment.ts';
import type { WorkPlaces } from './honesty.ts';
import type { LocalDatabase, Pouch } from './local-database.ts';
import { push } from './pull-push.ts';
import type { Refusals } from './refusals.ts';

/** Where one person's work is, and what is known of it. */
export interface WorkToSend {
  readonly environment: Environment;
  readonly store: DeviceStore;
  readonly accountId: string;
  readonly own: LocalDatabase;
  readonly places: WorkPlaces;
  readonly refusals: Refusals;
  readonly openSchool: () => Promise<Pouch>;
  /** What is sent and unsent changed. */
  readonly onChange: () => void;
  /** Ends the sending in the middle; what was acknowledged stays so. */
  readonly signal?: AbortSignal;
}

/** Sends what one person has made and no other place has, once. Rejects with the error of the network or the server. */
export async function sendWork(work: WorkToSend): Promise<void> {
  const { own, accountId, refusals, places, store, onChange, signal } = work;
  const { update_seq } = await own.use((pouch) => pouch.info());
  places.forget();
  if ((await places.current()).unsent.size === 0) {
    // All of it came from the school, or is known there: the mark may say so.
    await store.changeMark(own.name, { pushedSeq: Number(update_seq) });
    return;
  }
  const remote = await work.openSchool();
  if (signal?.aborted === true) return;
  const events = {
    onAcknowledged: async (ids: readonly string[], upTo: number): Promise<void> => {
      await refusals.release(ids);
      if (upTo > (await store.mark(own.name)).pushedSeq) await store.changeMark(own.name, { pushedSeq: upTo });
      places.forget();
      await noteContact(work);
      onChange();
    },
    onRefused: async (refusal: Parameters<Refusals['keep']>[0]): Promise<void> => {
      await refusals.keep(refusal);
      places.forget();
      onChange();
    },
  };
  await push(own, remote, accountId, events, signal);
}

/** The school has just answered. */
export async function noteContact({ store, own, environment }: Pick<WorkToSend, 'store' | 'own' | 'environment'>): Promise<void> {
  await store.changeMark(own.name, { contactAt: instantOf(environment) });
}
