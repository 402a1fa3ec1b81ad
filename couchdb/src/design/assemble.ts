import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { bundleRules } from './bundle-rules.ts';
import type { DesignDocument, DesignSource, MangoIndex } from './design-document.ts';

/**
 * Puts the exploded design documents of `src/design/documents` together:
 *
 *     <name>/views/<view>/map.js       export function map(doc) { … }
 *     <name>/views/<view>/reduce       a built-in reduce, such as _count (or reduce.js)
 *     <name>/validate_doc_update.js    export function validate_doc_update(newDoc, oldDoc, userCtx) { … }
 *     indexes/<name>.json              a Mango index
 *
 * The validation function of `rules` gets `lib/rules`, the bundle of shared's rules.
 */
export async function assembleDesign(workspace: string): Promise<DesignSource> {
  const folder = join(workspace, 'src', 'design', 'documents');
  const names = (await foldersIn(folder)).filter((name) => name !== 'indexes');
  const designDocuments: DesignDocument[] = [];
  for (const name of names) {
    const views = await assembleViews(join(folder, name, 'views'));
    const validate = await functionIn(join(folder, name, 'validate_doc_update.js'));
    designDocuments.push({
      _id: `_design/${name}`,
      language: 'javascript',
      ...(views === null ? {} : { views }),
      ...(validate === null ? {} : { lib: { rules: await bundleRules(workspace) }, validate_doc_update: validate }),
    });
  }
  return { designDocuments, indexes: await readIndexes(join(folder, 'indexes')) };
}

async function assembleViews(folder: string): Promise<NonNullable<DesignDocument['views']> | null> {
  const views: Record<string, { map: string; reduce?: string }> = {};
  for (const view of await foldersIn(folder)) {
    const map = await functionIn(join(folder, view, 'map.js'));
    if (map === null) throw new Error(`${join(folder, view)} has no map.js`);
    const reduce = (await textOf(join(folder, view, 'reduce')))?.trim() ?? (await functionIn(join(folder, view, 'reduce.js')));
    views[view] = reduce === null ? { map } : { map, reduce };
  }
  return Object.keys(views).length === 0 ? null : views;
}

/** The function of a file as CouchDB wants it: one anonymous function expression. Null when there is no such file. */
async function functionIn(file: string): Promise<string | null> {
  const text = await textOf(file);
  if (text === null) return null;
  const [, body] = /^export function \w+(\([\s\S]*\})\s*$/.exec(text) ?? [];
  if (body === undefined) throw new Error(`${file} must hold one exported function and nothing else`);
  return `function ${body}`;
}

const mangoIndex = v.strictObject({
  ddoc: v.string(),
  name: v.string(),
  type: v.literal('json'),
  index: v.strictObject({ fields: v.array(v.string()), partial_filter_selector: v.optional(v.record(v.string(), v.unknown())) }),
});

async function readIndexes(folder: string): Promise<MangoIndex[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  return Promise.all(
    files.map(async (file): Promise<MangoIndex> => {
      const { index, ...rest } = v.parse(mangoIndex, JSON.parse(await readFile(join(folder, file), 'utf8')));
      const { fields, partial_filter_selector } = index;
      return { ...rest, index: { fields, ...(partial_filter_selector === undefined ? {} : { partial_filter_selector }) } };
    }),
  );
}

async function foldersIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
