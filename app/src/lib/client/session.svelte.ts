import type { SignInCard } from '@darasa/shared/protocol';
import { serverOrigin } from '$lib/platform/origin.ts';
import type { ClassHere, DeviceAccount, SchoolChoice, SignedIn, SignInOutcome } from '../../workers/database/api.ts';
import { callback, database } from './bridge.ts';
import { problems } from './problems.svelte.ts';

/** Who uses the app now, and who else has an account on this device. */
class Session {
  /** `undefined` until the device has answered; `null`: nobody is in. */
  current = $state.raw<SignedIn | null | undefined>(undefined);
  accounts = $state.raw<readonly DeviceAccount[]>([]);
  #starting: Promise<void> | null = null;

  /** Opens the device's data; every caller waits for the same start. */
  start(): Promise<void> {
    this.#starting ??= this.#open();
    return this.#starting;
  }

  async #open(): Promise<void> {
    try {
      const { current, accounts } = await database().start(serverOrigin());
      this.accounts = accounts;
      this.current = current;
      await database().watchPerson(
        callback((person: SignedIn | null) => {
          this.current = person;
          // What the list says of each, as what is unsent, may be new as well.
          this.refreshAccounts().catch((error: unknown) => problems.report('accounts', error));
        }),
      );
    } catch (error) {
      problems.report('start', error);
      this.#starting = null;
      throw error;
    }
  }

  schools(): Promise<readonly SchoolChoice[]> {
    return database().schools();
  }

  async refreshAccounts(): Promise<void> {
    this.accounts = await database().accounts();
  }

  signIn(school: string, username: string, password: string): Promise<SignInOutcome> {
    return this.#enterWith(database().signIn(school, username, password));
  }

  signInByCode(room: ClassHere, accountId: string, code: string): Promise<SignInOutcome> {
    return this.#enterWith(database().signInByCode(room, accountId, code));
  }

  signInByCard(card: SignInCard): Promise<SignInOutcome> {
    return this.#enterWith(database().signInByCard(card));
  }

  enter(accountId: string, secret?: string): Promise<SignInOutcome> {
    return this.#enterWith(database().enter(accountId, secret));
  }

  async lock(): Promise<void> {
    await database().lock();
    this.current = null;
    await this.refreshAccounts();
  }

  async #enterWith(trying: Promise<SignInOutcome>): Promise<SignInOutcome> {
    const outcome = await trying;
    if (outcome.ok) this.current = outcome.person;
    await this.refreshAccounts();
    return outcome;
  }
}

export const session = new Session();
