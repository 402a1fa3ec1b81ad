import { badRequest, CouchError } from './errors.ts';
import { isJsonObject, isStringArray, type JsonObject } from './json.ts';

const operators = new Set(
  '$lt $lte $eq $ne $gte $gt $exists $type $in $nin $size $mod $regex $beginsWith $and $or $not $nor $all $elemMatch $allMatch $keyMapMatch $text'.split(
    ' ',
  ),
);

export interface FindRequest {
  readonly forPouch: JsonObject;
  readonly skip: number;
  readonly limit: number;
}

/** Reads the body of `_find`; throws CouchDB's refusals. A bookmark of this store is the number of rows that came before. */
export function findRequest(body: JsonObject): FindRequest {
  const { selector, fields, sort, use_index: useIndex } = body;
  if (selector === undefined) throw new CouchError(400, 'missing_required_key', 'Missing required key: selector');
  if (!isJsonObject(selector))
    throw new CouchError(400, 'invalid_selector_json', `Selector must be a JSON object, but got ${JSON.stringify(selector)}`);
  checkSelector(selector);
  const limit = count(body['limit'] ?? 25, 'limit');
  const skip = count(body['skip'] ?? 0, 'skip') + bookmarkSkip(body['bookmark']);
  if (fields !== undefined && !isStringArray(fields))
    throw new CouchError(400, 'invalid_fields_json', 'Fields must be an array of strings');
  if (sort !== undefined && !Array.isArray(sort)) throw new CouchError(400, 'invalid_sort_json', 'Sort must be an array');
  return {
    skip,
    limit,
    forPouch: {
      selector: withPrefixes(selector),
      limit,
      skip,
      ...(isStringArray(fields) && fields.length > 0 ? { fields } : {}),
      ...(Array.isArray(sort) && sort.length > 0 ? { sort } : {}),
      ...(useIndex === undefined || (Array.isArray(useIndex) && useIndex.length === 0) ? {} : { use_index: useIndex }),
    },
  };
}

function count(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
    throw new CouchError(400, 'invalid_key', `Invalid key ${name}: Expected a non-negative integer`);
  }
  return value;
}

function bookmarkSkip(bookmark: unknown): number {
  if (bookmark === undefined || bookmark === null || bookmark === '' || bookmark === 'nil') return 0;
  const text = typeof bookmark === 'string' ? Buffer.from(bookmark, 'base64url').toString('latin1') : '';
  const parts = /^after:(\d{1,12})$/.exec(text);
  if (!parts) throw new CouchError(400, 'invalid_bookmark', `Invalid bookmark value: ${JSON.stringify(bookmark)}`);
  return Number(parts[1]);
}

export function nextBookmark({ skip }: FindRequest, found: number): string {
  return found === 0 ? 'nil' : Buffer.from(`after:${skip + found}`).toString('base64url');
}

/** Refuses operators that Mango does not have. */
export function checkSelector(selector: unknown): void {
  if (Array.isArray(selector)) {
    for (const item of selector) checkSelector(item);
    return;
  }
  if (!isJsonObject(selector)) return;
  for (const [name, value] of Object.entries(selector)) {
    if (name.startsWith('$') && !operators.has(name)) throw new CouchError(400, 'invalid_operator', `Invalid operator: ${name}`);
    if (['$and', '$or', '$nor', '$in', '$nin', '$all'].includes(name) && !Array.isArray(value)) throw badArgument(name, value);
    if (name === '$regex' && !isRegularExpression(value)) throw badArgument(name, value);
    if (!['$in', '$nin', '$all', '$eq', '$ne'].includes(name)) checkSelector(value);
  }
}

function badArgument(name: string, value: unknown): CouchError {
  return new CouchError(400, 'bad_arg', `Bad argument for operator ${name}: ${JSON.stringify(value)}`);
}

function isRegularExpression(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  try {
    return new RegExp(value) instanceof RegExp;
  } catch {
    return false;
  }
}

/** PouchDB has no `$beginsWith`; the same as a regular expression. */
function withPrefixes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withPrefixes);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, content]) => {
      if (name !== '$beginsWith') return [name, withPrefixes(content)];
      if (typeof content !== 'string') throw badRequest('Bad argument for operator $beginsWith');
      return ['$regex', `^${content.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`];
    }),
  );
}
