import { gunzipSync } from 'node:zlib';
import type { OpenRevision } from './document-reads.ts';
import { badRequest } from './errors.ts';
import { parseJson } from './http.ts';
import { isJsonObject, type JsonObject } from './json.ts';
import { makeMultipart, type Part, parseMultipart } from './multipart.ts';
import type { Attachment, StoredDocument } from './pouch.ts';

/** A document whose attachments follow it as parts, in the order in which the document names them. */
export function parseMultipartDocument(body: Buffer, contentType: string): JsonObject {
  const [first, ...rest] = parseMultipart(body, contentType);
  const document = parseJson(first?.body ?? Buffer.alloc(0));
  if (!isJsonObject(document)) throw badRequest('Document must be a JSON object');
  const attachments = isJsonObject(document['_attachments']) ? document['_attachments'] : {};
  const following = Object.entries(attachments).filter(([, attachment]) => isJsonObject(attachment) && attachment['follows'] === true);
  if (following.length > rest.length) throw badRequest('multipart body lacks attachments that the document names');
  const complete: JsonObject = { ...attachments };
  for (const [index, [name, attachment]] of following.entries()) {
    const part = partNamed(rest, name) ?? rest[index];
    if (!isJsonObject(attachment) || !part) continue;
    const { follows: _follows, ...fields } = attachment;
    complete[name] = { ...fields, data: decoded(fields, part.body).toString('base64') };
  }
  return { ...document, ...(Object.keys(complete).length > 0 ? { _attachments: complete } : {}) };
}

function partNamed(parts: readonly Part[], name: string): Part | undefined {
  return parts.find(({ headers }) => /filename="([^"]*)"/.exec(headers['content-disposition'] ?? '')?.[1] === name);
}

/** CouchDB's replicator sends text compressed and says so in the document. */
function decoded(fields: JsonObject, body: Buffer): Buffer {
  return fields['encoding'] === 'gzip' ? gunzipSync(body) : body;
}

function splitDocument(document: StoredDocument): { shown: JsonObject; files: Part[] } {
  const files: Part[] = [];
  const attachments: Record<string, JsonObject> = {};
  for (const [name, attachment] of Object.entries(document._attachments ?? {})) {
    if (attachment.data === undefined) {
      attachments[name] = attachment;
      continue;
    }
    const { data, ...fields } = attachment;
    const body = Buffer.from(data, 'base64');
    attachments[name] = { ...fields, length: body.length, follows: true };
    files.push({ headers: fileHeaders(name, fields, body), body });
  }
  const { _attachments, ...rest } = document;
  return { shown: { ...rest, _attachments: attachments }, files };
}

function fileHeaders(name: string, fields: Attachment, body: Buffer): Record<string, string> {
  return {
    'Content-Disposition': `attachment; filename="${name.replace(/["\r\n]/g, '_')}"`,
    'Content-Type': fields.content_type ?? 'application/octet-stream',
    'Content-Length': String(body.length),
  };
}

export function documentAsMultipart(document: StoredDocument): { body: Buffer<ArrayBuffer>; contentType: string } {
  const { shown, files } = splitDocument(document);
  return makeMultipart('related', [
    { headers: { 'Content-Type': 'application/json' }, body: Buffer.from(JSON.stringify(shown)) },
    ...files,
  ]);
}

/** What CouchDB's own replicator reads: one part for each revision, itself multipart when the revision carries attachments. */
export function revisionsAsMultipart(found: readonly OpenRevision[]): { body: Buffer<ArrayBuffer>; contentType: string } {
  const parts = found.map((one): Part => {
    if ('missing' in one) return { headers: { 'Content-Type': 'application/json; error="true"' }, body: Buffer.from(JSON.stringify(one)) };
    if (!Object.values(one.ok._attachments ?? {}).some(({ data }) => data !== undefined)) {
      return { headers: { 'Content-Type': 'application/json' }, body: Buffer.from(JSON.stringify(one.ok)) };
    }
    const { body, contentType } = documentAsMultipart(one.ok);
    return { headers: { 'Content-Type': contentType }, body };
  });
  return makeMultipart('mixed', parts);
}
