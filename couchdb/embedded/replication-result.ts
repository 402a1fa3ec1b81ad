import { createHash, randomUUID } from 'node:crypto';
import type { JsonObject } from './json.ts';

/** The same for the same replication, so that asking twice does not begin it twice. */
export function replicationId(body: JsonObject): string {
  const parts = ['source', 'target', 'continuous', 'filter', 'query_params', 'selector', 'doc_ids'].map((name) => body[name] ?? null);
  return createHash('md5').update(JSON.stringify(parts)).digest('hex');
}

/** What a replication has done so far, from PouchDB's own account of it. */
export function statsOf(result: JsonObject): JsonObject {
  const { docs_read, docs_written, doc_write_failures } = result;
  return { docs_read, docs_written, doc_write_failures, checkpointed_source_seq: result['last_seq'] };
}

/** What `POST /_replicate` answers at the end. */
export function asCouchResult(id: string, result: JsonObject, startedAt: number): JsonObject {
  const { docs_read, docs_written, doc_write_failures, last_seq } = result;
  const session = randomUUID().replaceAll('-', '');
  const base = { ok: true, replication_id_version: 4, session_id: session, source_last_seq: last_seq };
  if (docs_read === 0) return { ...base, no_changes: true, history: [] };
  const history = {
    session_id: session,
    start_time: new Date(startedAt).toUTCString(),
    end_time: new Date().toUTCString(),
    end_last_seq: last_seq,
    recorded_seq: last_seq,
    docs_read,
    docs_written,
    doc_write_failures,
  };
  return { ...base, history: [history], replication_id: id };
}
