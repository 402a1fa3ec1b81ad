import * as v from 'valibot';
import type { ServerStore } from '../couch/server-store.ts';

/** The server's own database in memory, with revisions and their conflicts, for tests of what is kept in it. */
export function memoryStore(): ServerStore & { readonly ids: () => string[] } {
  const records = new Map<string, Readonly<Record<string, unknown>>>();
  let writes = 0;
  return {
    ids: () => [...records.keys()].sort(),
    async read(schema, id) {
      const record = records.get(id);
      return record === undefined ? null : v.parse(schema, record);
    },
    async list(schema, prefix) {
      return [...records].filter(([id]) => id.startsWith(prefix)).map(([, record]) => v.parse(schema, record));
    },
    async write(record) {
      if (records.get(record._id)?.['_rev'] !== record._rev) return 'conflict';
      writes += 1;
      records.set(record._id, { ...record, _rev: `${writes}-x` });
      return 'written';
    },
    async remove(id, rev) {
      if (records.get(id)?.['_rev'] === rev) records.delete(id);
    },
  };
}
