import { badRequest, queryParseError } from './errors.ts';
import type { StoreContext } from './http.ts';
import type { JsonObject } from './json.ts';

const jsonParameters = new Set(['key', 'keys', 'startkey', 'endkey', 'start_key', 'end_key']);

/** The query of a list as an object: keys are JSON, the rest stays text until it is asked for. */
export function fromQuery(c: StoreContext): JsonObject {
  const query: JsonObject = {};
  for (const [name, value] of Object.entries(c.req.query())) {
    if (!jsonParameters.has(name)) {
      query[name] = value;
      continue;
    }
    try {
      query[name] = JSON.parse(value);
    } catch {
      throw badRequest('invalid UTF-8 JSON');
    }
  }
  if (query['keys'] !== undefined && !Array.isArray(query['keys'])) throw queryParseError('`keys` parameter must be an array.');
  return query;
}

export function asBoolean(query: JsonObject, name: string): boolean | undefined {
  const value = query[name];
  if (value === undefined) return undefined;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw queryParseError(`Invalid boolean parameter: ${JSON.stringify(value)}`);
}

/** A number of rows. */
export function asCount(query: JsonObject, name: string): number | undefined {
  const value = query[name];
  if (value === undefined) return undefined;
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number)) throw queryParseError(`Invalid value for integer: ${JSON.stringify(value)}`);
  if (number < 0) throw queryParseError(`Invalid value for positive integer: ${JSON.stringify(String(value))}`);
  return number;
}
