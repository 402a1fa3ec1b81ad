import type { AccountsQuery, AdminAccount } from '@darasa/shared/protocol';
import { refusalWords } from './refusal-words.ts';
import { findAccounts } from './school-server.ts';

export interface AccountFilters {
  readonly search: string;
  readonly kind: AdminAccount['kind'] | '';
  readonly classId: string;
}

const PAGE = 50;

/** The accounts that a search finds, page after page. While a new search is on its way, what was found before stays. */
export class AccountSearch {
  /** Null before the first answer. */
  accounts = $state.raw<readonly AdminAccount[] | null>(null);
  total = $state(0);
  trouble = $state<string | null>(null);
  busy = $state(false);
  #filters: AccountFilters = { search: '', kind: '', classId: '' };
  #next: string | null = null;
  /** What is shown is not what was asked for last. */
  #stale = false;

  get left(): number {
    return this.#next === null ? 0 : Math.min(PAGE, this.total - (this.accounts?.length ?? 0));
  }

  /** Searches. While an answer is awaited only the last of what is typed meanwhile is asked next: a slow network is not crowded. */
  async find(filters: AccountFilters): Promise<void> {
    this.#filters = filters;
    this.#stale = true;
    if (!this.busy) await this.#catchUp();
  }

  /** The next page. */
  async more(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    await this.#load(this.#next);
    await this.#catchUp();
  }

  async #catchUp(): Promise<void> {
    this.busy = true;
    while (this.#stale) {
      this.#stale = false;
      await this.#load(null);
    }
    this.busy = false;
  }

  async #load(after: string | null): Promise<void> {
    const { search, kind, classId } = this.#filters;
    const query: Partial<AccountsQuery> = {
      limit: PAGE,
      ...(search.trim() === '' ? {} : { search: search.trim() }),
      ...(kind === '' ? {} : { kind }),
      ...(classId === '' ? {} : { classId }),
      ...(after === null ? {} : { after }),
    };
    const answer = await findAccounts(query);
    this.trouble = refusalWords(answer);
    if (!answer.ok) return;
    this.#next = answer.value.next;
    this.accounts = after === null ? answer.value.accounts : [...(this.accounts ?? []), ...answer.value.accounts];
    this.total = answer.value.total;
  }
}
