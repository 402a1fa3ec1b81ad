import type { DocumentOf, DocumentTypeName } from '@darasa/shared/documents';
import { partitionOf } from '@darasa/shared/documents';
import { scopeOf } from '@darasa/shared/protocol';
import { type Person, partitionReader } from '@darasa/shared/rules';
import { type DocumentCache, rangeKey } from './document-cache.ts';

/** Reads what one person may see, and notes what was read. */
export interface Reader {
  /** All documents of a type in a partition; none where the person may not read the partition. */
  all<Type extends DocumentTypeName>(partition: string, type: Type): Promise<readonly DocumentOf<Type>[]>;
  one<Type extends DocumentTypeName>(id: string, type: Type): Promise<DocumentOf<Type> | null>;
  count(partition: string, type: DocumentTypeName): Promise<number>;
  mayRead(partition: string): Promise<boolean>;
}

/**
 * A reader over the device's shared content and the person's own database. The content database holds what everybody who
 * uses this device may read; each person is shown their part, by the same rule as the server's.
 *
 * `note` is told of everything that the answer depends on.
 */
export function readerFor(
  person: Person,
  caches: { readonly content: DocumentCache; readonly own: DocumentCache },
  note: (key: string) => void,
): Reader {
  let reading: Promise<(partition: string) => boolean> | null = null;
  const readable = (): Promise<(partition: string) => boolean> => {
    note(rangeKey('public', 'course'));
    reading ??= caches.content
      .range('public', 'course')
      .then((courses) => partitionReader(person, new Set(courses.filter(({ open }) => open).map(({ courseId }) => courseId))));
    return reading;
  };
  const mayRead = async (partition: string): Promise<boolean> => (await readable())(partition);
  const cacheOf = (partition: string): DocumentCache => (scopeOf(partition) === 'content' ? caches.content : caches.own);

  return {
    mayRead,
    async all(partition, type) {
      note(rangeKey(partition, type));
      return (await mayRead(partition)) ? cacheOf(partition).range(partition, type) : [];
    },
    async one(id, type) {
      note(id);
      const partition = partitionOf(id);
      return (await mayRead(partition)) ? cacheOf(partition).one(id, type) : null;
    },
    async count(partition, type) {
      note(`count ${rangeKey(partition, type)}`);
      return (await mayRead(partition)) ? cacheOf(partition).count(partition, type) : 0;
    },
  };
}
