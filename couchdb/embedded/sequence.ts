import { badRequest } from './errors.ts';

/**
 * Update sequences as clients see them: `<number>-<life of the database>`. CouchDB's are opaque strings that begin with a number as well.
 * The second part names one life of a database, so that a checkpoint taken before a database was deleted and made anew starts over
 * instead of skipping what the new one holds.
 */
export function formatSequence(sequence: number, life: string): string {
  return `${sequence}-${life}`;
}

/** The number after which to list changes. `now` is `current`. */
export function parseSequence(text: string, life: string, current: number): number {
  const plain = text.startsWith('"') && text.endsWith('"') && text.length > 1 ? text.slice(1, -1) : text;
  if (plain === 'now') return current;
  const parts = /^(\d{1,15})(?:-(.+))?$/.exec(plain);
  if (!parts) throw badRequest(`Malformed sequence supplied in 'since' parameter.`);
  if (parts[2] !== undefined && parts[2] !== life) return 0;
  return Number(parts[1]);
}
