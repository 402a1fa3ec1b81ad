import { expect, it } from 'vitest';
import { makeMultipart, parseMultipart } from './multipart.ts';
import { documentAsMultipart, parseMultipartDocument } from './multipart-documents.ts';

it('parts come back as they were sent, whatever bytes they hold', () => {
  const parts = [
    { headers: { 'content-type': 'application/json' }, body: Buffer.from('{}') },
    { headers: { 'content-type': 'image/png' }, body: Buffer.from('\r\n--\r\n\0\xff', 'latin1') },
    { headers: {}, body: Buffer.alloc(0) },
  ];
  const { body, contentType } = makeMultipart('related', parts);
  expect(parseMultipart(body, contentType)).toEqual(parts);
});

it('a document comes back with its attachments', () => {
  const data = Buffer.from('picture').toString('base64');
  const document = { _id: 'a', _rev: '1-a', n: 1, _attachments: { 'p.png': { content_type: 'image/png', data } } };
  const { body, contentType } = documentAsMultipart(document);
  expect(parseMultipartDocument(body, contentType)).toMatchObject(document);
});

it.each([
  ['no boundary', 'x', 'multipart/related'],
  ['another boundary', '--b\r\n\r\nx\r\n--b--', 'multipart/related; boundary=c'],
  ['no end', '--b\r\n\r\nx', 'multipart/related; boundary=b'],
])('a body with %s is refused', (_name, text, contentType) => {
  expect(() => parseMultipart(Buffer.from(text), contentType)).toThrow();
});
