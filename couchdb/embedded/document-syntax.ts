import { randomUUID } from 'node:crypto';
import { badRequest, CouchError, invalidRevision } from './errors.ts';
import { isJsonObject, isStringArray, type JsonObject } from './json.ts';
import type { Attachment } from './pouch.ts';

/** A document as it came from a client: its shape is right, nothing else is known. */
export interface DraftDocument extends JsonObject {
  _id: string;
  _rev?: string;
  _deleted?: boolean;
  _revisions?: { start: number; ids: string[] };
  _attachments?: Record<string, Attachment>;
}

const kept = new Set(['_id', '_rev', '_deleted', '_revisions', '_attachments']);
/** Members that CouchDB shows and ignores when they come back. */
const ignored = new Set(['_revs_info', '_conflicts', '_deleted_conflicts', '_local_seq', '_local_revs_info', '_access']);
const replication = /^_replication_(?:id|state|state_time|state_reason|stats|start_time)$/;

export function checkDocumentId(id: unknown): asserts id is string {
  const refuse = (reason: string) => new CouchError(400, 'illegal_docid', reason);
  if (typeof id !== 'string') throw refuse('Document id must be a string');
  if (id === '') throw refuse('Document id must not be empty');
  if (id === '_design/' || id === '_local/' || id === '_design' || id === '_local') throw refuse(`Illegal document id \`${id}\``);
  if (id.startsWith('_') && !id.startsWith('_design/') && !id.startsWith('_local/')) {
    throw refuse('Only reserved document ids may start with underscore.');
  }
}

export function checkRevision(rev: unknown): asserts rev is string {
  if (typeof rev !== 'string' || !/^\d{1,9}-.+$/s.test(rev)) throw invalidRevision();
}

/** Throws CouchDB's refusal for anything that is not a document. `id` is that of the path, when there is one. */
export function parseDocument(value: unknown, { id, newEdits }: { id?: string; newEdits: boolean }): DraftDocument {
  if (!isJsonObject(value)) throw badRequest('Document must be a JSON object');
  const body: JsonObject = {};
  for (const [member, content] of Object.entries(value)) {
    if (member.startsWith('_') && !kept.has(member) && !replication.test(member)) {
      if (ignored.has(member)) continue;
      throw new CouchError(400, 'doc_validation', `Bad special document member: ${member}`);
    }
    body[member] = content;
  }
  const ownId = id ?? body['_id'] ?? randomUUID().replaceAll('-', '');
  checkDocumentId(ownId);
  const revisions = parseRevisions(body['_revisions']);
  const { _id, _rev, _deleted, _revisions, _attachments, ...content } = body;
  const draft: DraftDocument = { ...content, _id: ownId };
  if (_rev !== undefined && _rev !== null && _rev !== '') {
    if (!ownId.startsWith('_local/')) checkRevision(_rev);
    draft._rev = String(_rev);
  }
  if (_deleted !== undefined) {
    if (typeof _deleted !== 'boolean') throw new CouchError(400, 'doc_validation', '`_deleted` must be a boolean');
    if (_deleted) draft._deleted = true;
  }
  if (!newEdits) {
    if (revisions) draft._revisions = revisions;
    if (!draft._rev && !revisions && !ownId.startsWith('_local/')) {
      throw badRequest('When `new_edits: false`, the document needs `_rev` or `_revisions` specified');
    }
    if (revisions) draft._rev = `${revisions.start}-${revisions.ids[0] ?? ''}`;
  }
  const attachments = parseAttachments(_attachments);
  if (attachments) draft._attachments = attachments;
  return draft;
}

function parseRevisions(value: unknown): DraftDocument['_revisions'] {
  if (value === undefined) return undefined;
  const refuse = (reason: string) => new CouchError(400, 'doc_validation', reason);
  if (!isJsonObject(value)) throw refuse('_revisions must be an object');
  const { start, ids } = value;
  if (typeof start !== 'number' || !Number.isInteger(start) || start < 0) throw refuse("_revisions.start isn't an integer.");
  if (!isStringArray(ids)) throw refuse("RevId isn't a string");
  if (ids.length === 0 || ids.length > start) throw refuse('_revisions.ids does not fit _revisions.start');
  return { start, ids };
}

function parseAttachments(value: unknown): Record<string, Attachment> | undefined {
  if (value === undefined) return undefined;
  if (!isJsonObject(value)) throw badRequest('Attachments must be a JSON object');
  const attachments: Record<string, Attachment> = {};
  for (const [name, attachment] of Object.entries(value)) {
    if (name === '') throw badRequest("Attachment name can't be empty");
    if (name.startsWith('_')) throw badRequest("Attachment name can't start with '_'");
    if (!isJsonObject(attachment)) throw badRequest(`Attachment ${name} must be a JSON object`);
    attachments[name] = parseAttachment(name, attachment);
  }
  return Object.keys(attachments).length > 0 ? attachments : undefined;
}

function parseAttachment(name: string, attachment: JsonObject): Attachment {
  const { data, content_type: contentType, stub, follows, revpos } = attachment;
  const base: Attachment = { content_type: typeof contentType === 'string' ? contentType : 'application/octet-stream' };
  if (typeof revpos === 'number') base.revpos = revpos;
  if (stub === true) return { ...base, stub: true };
  if (follows === true) throw badRequest(`Attachment ${name} follows nothing`);
  if (typeof data !== 'string') throw badRequest(`Invalid attachment data for ${name}`);
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(data)) throw badRequest(`Invalid attachment data for ${name}`);
  // Through a buffer and back: what PouchDB is given is base64 in its one normal form.
  return { ...base, data: Buffer.from(data, 'base64').toString('base64') };
}
