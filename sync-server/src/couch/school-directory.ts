import { isKey } from '@darasa/shared/documents';
import * as v from 'valibot';
import type { ServerStore } from './server-store.ts';

const schoolRecord = v.looseObject({ _id: v.string(), slug: v.string(), name: v.string(), demo: v.boolean() });

export interface School {
  readonly slug: string;
  readonly name: string;
  /** Whether the passwords of its accounts are public. */
  readonly demo: boolean;
}

/** The schools of this server. A school that was found once is remembered: schools are not removed while the server runs. */
export class SchoolDirectory {
  readonly #store: ServerStore;
  readonly #known = new Map<string, School>();

  constructor(store: ServerStore) {
    this.#store = store;
  }

  async find(slug: string): Promise<School | null> {
    if (!isKey(slug)) return null;
    const known = this.#known.get(slug) ?? (await this.#store.read(schoolRecord, `school:${slug}`));
    if (known !== null) this.#known.set(slug, known);
    return known;
  }

  async list(): Promise<School[]> {
    return this.#store.list(schoolRecord, 'school:');
  }
}
