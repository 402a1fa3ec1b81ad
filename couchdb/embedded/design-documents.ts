import type { Database } from './database.ts';
import { DesignFunctions } from './design-functions.ts';
import { notFound } from './errors.ts';
import { isJsonObject, type JsonObject } from './json.ts';
import type { Pouch } from './pouch.ts';

/**
 * The compiled design documents of a database, by id. Compiled once for each revision that is current. Who holds the database open
 * already gives its `pouch`: to ask for it a second time could wait for somebody who waits for the first use to end.
 */
export function designFunctions(database: Database, pouch?: Pouch): Promise<Map<string, DesignFunctions>> {
  database.designFunctions ??= (pouch ? read(pouch) : database.use(read)).catch((error: unknown) => {
    database.designFunctions = undefined;
    throw error;
  });
  return database.designFunctions;
}

async function read(pouch: Pouch): Promise<Map<string, DesignFunctions>> {
  const { rows } = await pouch.allDocs({ startkey: '_design/', endkey: '_design0', include_docs: true });
  return new Map(rows.map((row) => [String(row['id']), new DesignFunctions(isJsonObject(row['doc']) ? row['doc'] : {})]));
}

export interface DesignFunction {
  readonly functions: DesignFunctions;
  readonly path: readonly string[];
}

/** The function that `design/name` names, among the `filters` or `views` of a design document. */
export async function namedFunction(database: Database, designName: string, path: readonly string[]): Promise<DesignFunction> {
  const functions = (await designFunctions(database)).get(`_design/${designName}`);
  if (!functions) throw notFound('missing');
  if (functions.source(path) === undefined) throw notFound(`missing json key: ${path[1] ?? ''}`);
  return { functions, path };
}

/** Refuses a design document that could not run: its fields must have the types that CouchDB wants. */
export function designDocumentProblem(document: JsonObject): string | undefined {
  const objects = ['views', 'filters', 'lists', 'shows', 'updates', 'options'];
  for (const field of objects) {
    if (document[field] !== undefined && !isJsonObject(document[field])) return `\`${field}\` must be an object`;
  }
  const validate = document['validate_doc_update'];
  if (validate !== undefined && typeof validate !== 'string') return '`validate_doc_update` must be a string';
  for (const [name, view] of Object.entries(isJsonObject(document['views']) ? document['views'] : {})) {
    if (name === 'lib') continue;
    if (!isJsonObject(view)) return `\`${name}\` must be an object`;
    const { map, reduce } = view;
    if (document['language'] !== 'query' && map !== undefined && typeof map !== 'string') return '`map` must be a string';
    if (reduce !== undefined && typeof reduce !== 'string') return '`reduce` must be a string';
  }
  return undefined;
}
