import type { Document } from '@darasa/shared/documents';
import * as v from 'valibot';
import type { Outcome } from './api.ts';
import { done, failed } from './write.ts';

const replySchema = v.array(v.looseObject({ error: v.optional(v.string()), reason: v.optional(v.string()) }));

/** Writes documents into a school's database over the network. `send` carries the token. */
export async function writeAt(database: string, send: typeof fetch, docs: readonly Document[]): Promise<Outcome> {
  const response = await send(`${database}/_bulk_docs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ docs }),
  });
  if (!response.ok) return failed(response.status === 403 ? 'not-allowed' : 'unreachable', `${response.status}`);
  const refused = v.parse(replySchema, await response.json()).find(({ error }) => error !== undefined);
  if (refused === undefined) return done();
  // Somebody else published meanwhile: after the next sync the draft is told what they wrote.
  return failed(refused.error === 'conflict' ? 'invalid' : 'not-allowed', refused.reason ?? '');
}
