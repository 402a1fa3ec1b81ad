import { type Document, type DocumentOf, type DocumentTypeName, documentTypes, parseDocId } from '@darasa/shared/documents';
import * as v from 'valibot';
import { hasStatus, type LocalDatabase } from './local-database.ts';

/** Ranges that stay in memory; a class of thirty with its courses needs some two hundred. */
const MAX_ENTRIES = 800;

/**
 * Documents of one local database as views read them: by partition and type, or one by one. Answers are remembered until
 * one of their documents changes, so that a view that is computed again reads only what changed.
 */
export class DocumentCache {
  readonly #database: LocalDatabase;
  readonly #entries = new Map<string, Promise<unknown>>();
  /** Ids of documents that are not what their type says: made by a newer program, or damaged. They are shown nowhere. */
  readonly unreadable = new Set<string>();

  constructor(database: LocalDatabase) {
    this.#database = database;
  }

  /** All documents of a type in a partition, in the order of their ids. */
  range<Type extends DocumentTypeName>(partition: string, type: Type): Promise<readonly DocumentOf<Type>[]> {
    const prefix = rangeKey(partition, type);
    return this.#remember(prefix, async () => {
      const { rows } = await this.#database.use((pouch) =>
        pouch.allDocs<Record<string, unknown>>({ startkey: prefix, endkey: `${prefix}\uffff`, include_docs: true }),
      );
      return rows.flatMap(({ doc }) => this.#read(type, doc) ?? []);
    });
  }

  /** How many documents of a type a partition has, without reading them. */
  count(partition: string, type: DocumentTypeName): Promise<number> {
    const prefix = rangeKey(partition, type);
    return this.#remember(`count ${prefix}`, async () => {
      const { rows } = await this.#database.use((pouch) => pouch.allDocs({ startkey: prefix, endkey: `${prefix}\uffff` }));
      return rows.length;
    });
  }

  /** One document; null when it is not here. */
  one<Type extends DocumentTypeName>(id: string, type: Type): Promise<DocumentOf<Type> | null> {
    return this.#remember(id, async () => {
      try {
        return this.#read(type, await this.#database.use((pouch) => pouch.get<Record<string, unknown>>(id)));
      } catch (error) {
        if (hasStatus(error, 404)) return null;
        throw error;
      }
    });
  }

  /** Forgets what these documents were part of. */
  forget(ids: readonly string[]): void {
    for (const id of ids) for (const key of keysOf(id)) this.#entries.delete(key);
  }

  forgetAll(): void {
    this.#entries.clear();
  }

  #read<Type extends DocumentTypeName>(type: Type, doc: unknown): DocumentOf<Type> | null {
    const parsed = v.safeParse(documentTypes[type].schema, doc);
    const id = typeof doc === 'object' && doc !== null && '_id' in doc ? String(doc._id) : '';
    if (!parsed.success) {
      this.unreadable.add(id);
      return null;
    }
    this.unreadable.delete(id);
    return parsed.output as DocumentOf<Type>; // the schema of the same type
  }

  #remember<Value>(key: string, load: () => Promise<Value>): Promise<Value> {
    const known = this.#entries.get(key);
    // Each key is only ever loaded by one method, for one type.
    if (known !== undefined) return known as Promise<Value>;
    const loading = load();
    this.#entries.set(key, loading);
    loading.catch(() => this.#entries.delete(key));
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MAX_ENTRIES && oldest !== undefined) this.#entries.delete(oldest);
    return loading;
  }
}

/** What a range is remembered and watched by. */
export function rangeKey(partition: string, type: Document['type']): string {
  return `${partition}:${type}:`;
}

/** Everything that a change of a document may change: the document, the range it is in, and how many there are. */
export function keysOf(id: string): readonly string[] {
  const parsed = parseDocId(id);
  if (parsed === null) return [id];
  const range = `${parsed.partitionId}:${parsed.type}:`;
  return [id, range, `count ${range}`];
}
