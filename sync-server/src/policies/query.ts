import { RequestProblem } from '../middleware/errors.ts';

/** Added by PouchDB in some browsers against their caches; it has no meaning. */
const IGNORED = '_nonce';

/**
 * The query of a request, when all its parameters are on the list. What is passed on to CouchDB is written anew from
 * this record, so the two never read one query differently. Throws 400 for any other parameter, and for one given twice.
 */
export function allowedQuery<const Name extends string>(url: URL, names: readonly Name[]): Partial<Record<Name, string>> {
  const query: Partial<Record<string, string>> = {};
  for (const [name, value] of url.searchParams) {
    if (name === IGNORED) continue;
    if (!(names as readonly string[]).includes(name))
      throw new RequestProblem(400, 'query_parse_error', `The parameter ${name} is not served here`);
    if (query[name] !== undefined) throw new RequestProblem(400, 'query_parse_error', `The parameter ${name} is given twice`);
    query[name] = value;
  }
  // Only names of the list were kept.
  return query as Partial<Record<Name, string>>;
}

/** A whole number; throws 400. */
export function wholeNumber(name: string, text: string | undefined, max: number): number | null {
  if (text === undefined) return null;
  if (!/^\d{1,15}$/.test(text)) throw new RequestProblem(400, 'query_parse_error', `The parameter ${name} is a whole number`);
  return Math.min(Number(text), max);
}

export function flag(name: string, text: string | undefined): boolean {
  if (text === undefined || text === 'false') return false;
  if (text === 'true') return true;
  throw new RequestProblem(400, 'query_parse_error', `The parameter ${name} is true or false`);
}

/** A value written as JSON, as CouchDB takes keys. Throws 400. */
export function jsonValue(name: string, text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new RequestProblem(400, 'query_parse_error', `The parameter ${name} is JSON`);
  }
}
