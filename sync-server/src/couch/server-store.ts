import * as v from 'valibot';
import { type CouchClient, CouchRefused, documentPath } from './couch-client.ts';

/** The server's own database: schools, reserved sign-in names, keys, refresh tokens, lock-outs, checkpoints. */
export const SERVER_DATABASE = 'darasa';

interface StoredRecord {
  readonly _id: string;
  readonly _rev?: string | undefined;
}

const written = v.object({ rev: v.string() });

/** Documents of the server's own database. A write says `conflict` when somebody else was faster. */
export interface ServerStore {
  read<Schema extends v.GenericSchema>(schema: Schema, id: string): Promise<v.InferOutput<Schema> | null>;
  list<Schema extends v.GenericSchema>(schema: Schema, prefix: string): Promise<v.InferOutput<Schema>[]>;
  write(record: StoredRecord & Readonly<Record<string, unknown>>): Promise<'written' | 'conflict'>;
  /** Without effect when the record has gone or has moved on. */
  remove(id: string, rev: string): Promise<void>;
}

export function serverStore(couch: CouchClient): ServerStore {
  return {
    read: (schema, id) => couch.find(schema, documentPath(SERVER_DATABASE, id)),
    async list(schema, prefix) {
      const query = { include_docs: 'true', startkey: JSON.stringify(prefix), endkey: JSON.stringify(`${prefix}\ufff0`) };
      const reply = v.object({ rows: v.array(v.object({ doc: schema })) });
      const { rows } = await couch.ask(reply, 'GET', `/${SERVER_DATABASE}/_all_docs`, { query });
      return rows.map(({ doc }) => doc);
    },
    async write(record) {
      const path = documentPath(SERVER_DATABASE, record._id);
      const response = await couch.send('PUT', path, { json: record });
      const text = await response.text();
      if (response.status === 409) return 'conflict';
      if (!response.ok) throw new CouchRefused(`PUT ${path}`, response.status, text);
      v.parse(written, JSON.parse(text));
      return 'written';
    },
    async remove(id, rev) {
      const path = documentPath(SERVER_DATABASE, id);
      const response = await couch.send('DELETE', path, { query: { rev } });
      const text = await response.text();
      if (!response.ok && response.status !== 404 && response.status !== 409)
        throw new CouchRefused(`DELETE ${path}`, response.status, text);
    },
  };
}
