import { describe, expect, it } from 'vitest';
import { couchClient, documentPath, PathClimbs } from './couch-client.ts';

/** Nothing listens there: whatever is sent fails as unreachable. */
const couch = couchClient('http://admin:secret@127.0.0.1:9/base');

describe('a path at CouchDB', () => {
  it.each(['/a/../darasa', '/a/%2e%2e/darasa', '/a/.%2E/darasa', '/a/./b', '/a\\..\\b', '/..', 'a', '/a#b', '/a b', '//\t../b'])(
    'that would be read as another (%j) is not asked for',
    async (path) => {
      await expect(couch.send('GET', path)).rejects.toThrow(PathClimbs);
    },
  );

  it.each(['/a/b', '/', '/a/..%2fb', '/a/x?since=1&filter=..', documentPath('school-a', 'learner-ada:note:ü/../x\\y')])(
    'that is read as it is written (%j) is asked for',
    async (path) => {
      await expect(couch.send('GET', path)).rejects.toMatchObject({ name: 'CouchUnreachable' });
    },
  );
});
