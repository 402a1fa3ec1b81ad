import { matchesSelector } from 'pouchdb-selector-core';
import type { UserContext } from './auth/accounts.ts';
import type { Database } from './database.ts';
import { namedFunction } from './design-documents.ts';
import { type FunctionResult, isRefusal } from './design-functions.ts';
import { badRequest, CouchError, notFound } from './errors.ts';
import { isJsonObject, isStringArray, type JsonObject } from './json.ts';
import type { ChangeRow } from './pouch.ts';

/** Chooses among changes. `apply` keeps their order. */
export interface ChangeFilter {
  readonly needsDocuments: boolean;
  apply(rows: readonly ChangeRow[]): Promise<readonly ChangeRow[]> | readonly ChangeRow[];
}

export interface FilterRequest {
  readonly name: string | undefined;
  readonly view: string | undefined;
  /** The ids of the query or of the body. */
  readonly documentIds: unknown;
  readonly selector: unknown;
  /** What a filter function sees of the request. */
  readonly query: JsonObject;
  readonly caller: UserContext;
}

/** The filter that a request asks for; throws CouchDB's refusal when it cannot be had. */
export async function chooseFilter(database: Database, request: FilterRequest): Promise<ChangeFilter | undefined> {
  const { name } = request;
  if (name === undefined || name === '') return undefined;
  if (name === '_doc_ids') return byIds(request.documentIds);
  if (name === '_selector') return bySelector(request.selector);
  if (name === '_design') return { needsDocuments: false, apply: (rows) => rows.filter(({ id }) => id.startsWith('_design/')) };
  if (name === '_view') return byView(database, request.view);
  return byFunction(database, name, request);
}

function byIds(ids: unknown): ChangeFilter {
  if (!isStringArray(ids)) throw badRequest('`doc_ids` filter parameter is not a list of doc ids.');
  const wanted = new Set(ids);
  return { needsDocuments: false, apply: (rows) => rows.filter(({ id }) => wanted.has(id)) };
}

function bySelector(selector: unknown): ChangeFilter {
  if (!isJsonObject(selector)) throw badRequest('Selector error: expected a JSON object');
  const matches = selectorMatcher(selector);
  return { needsDocuments: true, apply: (rows) => rows.filter(({ doc }) => doc !== undefined && matches(doc)) };
}

/** Checks the selector at once, on an empty document, so that a wrong one is refused before the feed begins. */
export function selectorMatcher(selector: JsonObject): (document: JsonObject) => boolean {
  const attempt = (document: JsonObject) => {
    try {
      return matchesSelector(document, selector);
    } catch (error) {
      throw new CouchError(400, 'invalid_operator', error instanceof Error ? error.message : String(error));
    }
  };
  attempt({ _id: '' });
  return attempt;
}

function split(name: string, what: string): [design: string, name: string] {
  const [design, own, ...rest] = name.split('/');
  if (!design || !own || rest.length > 0) throw badRequest(`\`${what}\` must be of the form \`designname/${what}name\``);
  return [design, own];
}

async function byView(database: Database, view: string | undefined): Promise<ChangeFilter> {
  if (!view) throw badRequest('`view` filter parameter is not provided.');
  const [design, name] = split(view, 'view');
  const { functions, path } = await namedFunction(database, design, ['views', name, 'map']);
  return { needsDocuments: true, apply: (rows) => keep(rows, functions.emits(path, documentsOf(rows))) };
}

async function byFunction(database: Database, name: string, request: FilterRequest): Promise<ChangeFilter> {
  const [design, own] = split(name, 'filter');
  const { functions, path } = await namedFunction(database, design, ['filters', own]).catch((error: unknown) => {
    throw error instanceof CouchError && error.status === 404 ? notFound(error.reason) : error;
  });
  const { caller } = request;
  const shown = {
    method: 'GET',
    query: request.query,
    userCtx: { db: database.name, name: caller.name, roles: caller.roles },
    secObj: database.properties.security,
  };
  return {
    needsDocuments: true,
    apply: (rows) =>
      keep(
        rows,
        functions.call(
          path,
          documentsOf(rows).map((document) => [document, shown]),
        ),
      ),
  };
}

function documentsOf(rows: readonly ChangeRow[]): unknown[] {
  return rows.map(({ doc }) => doc ?? {});
}

function keep(rows: readonly ChangeRow[], results: readonly FunctionResult[]): ChangeRow[] {
  return rows.filter((_row, index) => {
    const result = results[index];
    if (result && isRefusal(result)) throw new CouchError(500, result.error, String(result.reason));
    return Boolean(result?.value);
  });
}
