import * as v from 'valibot';
import { MAX_DOC_ID_LENGTH } from '../documents/ids.ts';

/** One leaf of a document with its history, as it travels. */
export interface ExchangeDocument {
  readonly id: string;
  /** The revision: the number of its generation, a hyphen and its hash. */
  readonly rev: string;
  /** The hashes of its ancestors, the youngest first; those that were forgotten are left out. */
  readonly ancestors: readonly string[];
  /** The content; of CouchDB's own members `_deleted` and `_attachments` alone. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** A document as CouchDB and PouchDB take and give it when histories are asked for. */
export const couchDocumentSchema = v.looseObject({
  _id: v.string(),
  _rev: v.string(),
  _revisions: v.optional(v.looseObject({ start: v.number(), ids: v.array(v.string()) })),
});
export type CouchDocument = v.InferOutput<typeof couchDocumentSchema>;

const OWN_MEMBERS = ['_deleted', '_attachments'];
const REV_PATTERN = /^([1-9]\d{0,8})-([0-9a-zA-Z]{1,64})$/;

export function isRev(text: string): boolean {
  return REV_PATTERN.test(text);
}

export function generationOf(rev: string): number {
  return Number(REV_PATTERN.exec(rev)?.[1] ?? 0);
}

export function fromCouch(doc: CouchDocument): ExchangeDocument {
  const { _id: id, _rev: rev, _revisions } = doc;
  const body = Object.fromEntries(Object.entries(doc).filter(([name]) => !name.startsWith('_') || OWN_MEMBERS.includes(name)));
  return { id, rev, ancestors: _revisions?.ids.slice(1) ?? [], body };
}

/** For `_bulk_docs` with `new_edits: false`. */
export function toCouch({ id, rev, ancestors, body }: ExchangeDocument): CouchDocument {
  const [, start = '', hash = ''] = REV_PATTERN.exec(rev) ?? [];
  return { ...body, _id: id, _rev: rev, _revisions: { start: Number(start), ids: [hash, ...ancestors] } };
}

export const docIdText = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_DOC_ID_LENGTH));
export const revText = v.pipe(v.string(), v.regex(REV_PATTERN));
