import type { AccountChangeRequest, AdminAccount, NewAccountRequest } from '@darasa/shared/protocol';
import type { Answer } from './school-server.ts';

/** Somebody who is to get an account, and how far that is. */
export interface Newcomer {
  readonly account: NewAccountRequest;
  /** `unsure`: the server was asked and no answer came, so the account may be there or not. */
  readonly state: 'waiting' | 'unsure' | 'added' | 'refused';
  /** Why it was refused. */
  readonly refusal: (Answer<never> & { ok: false }) | null;
}

/** What is asked of the school's server; see `school-server.ts`. */
export interface Registry {
  create(account: NewAccountRequest): Promise<Answer<AdminAccount>>;
  withUsername(username: string): Promise<Answer<AdminAccount | null>>;
  change(id: string, change: AccountChangeRequest): Promise<Answer<AdminAccount>>;
}

export const newcomer = (account: NewAccountRequest): Newcomer => ({ account, state: 'waiting', refusal: null });

/**
 * Makes an account, once also when it is called again after an answer that was lost on the way: an account of this sign-in name and
 * this name is then taken for the one that was being made, and gets the password that stands on the slip.
 */
export async function addNewcomer(person: Newcomer, registry: Registry): Promise<Newcomer> {
  const { account } = person;
  if (person.state === 'unsure') {
    const here = await registry.withUsername(account.username);
    if (!here.ok) return { ...person, refusal: here };
    if (here.value?.displayName === account.displayName && here.value.kind === account.kind) {
      const { password, classIds, guards, authors } = account;
      return settled(person, await registry.change(here.value.id, { password, classIds, guards, authors }));
    }
  }
  return settled(person, await registry.create(account));
}

function settled(person: Newcomer, answer: Answer<AdminAccount>): Newcomer {
  if (answer.ok) return { ...person, state: 'added', refusal: null };
  // It was made and then not placed in its class: somebody changed the class at the same moment.
  const halfway = answer.problem === 'unreachable' || answer.id === 'changed-meanwhile';
  return { ...person, state: halfway ? 'unsure' : 'refused', refusal: answer };
}
