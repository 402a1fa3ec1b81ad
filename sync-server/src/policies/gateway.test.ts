import { describe, expect, it } from 'vitest';
import { isAudited, judgeGateway, readOf } from './gateway.ts';

const admin = { accountId: 'head', school: 'greenhill', name: 'Head', roles: ['school:greenhill', 'admin'], operator: false, stamp: 's' };

describe('the gateway to the raw database', () => {
  it.each([
    '/_users',
    '/darasa',
    '/school-greenhill-2/x',
    '/school-other',
    '/_node/_local/_config',
    '/_replicate',
    '/_cluster_setup',
    '/%73chool-other',
  ])('refuses an admin who is no operator %s', (path) => {
    expect(judgeGateway(admin, path)).toBe('refuse');
    expect(judgeGateway({ ...admin, operator: true }, path)).toBe('pass');
  });

  it.each(['//darasa', '//', '/school-greenhill//x', '///', '/school-greenhill%2f..%2f_users', '/%2fdarasa', '/%5cdarasa', '/a%2Fb', '/%'])(
    'refuses everybody %s, which CouchDB may read otherwise',
    (path) => {
      expect(judgeGateway(admin, path)).toBe('refuse');
      expect(judgeGateway({ ...admin, operator: true }, path)).toBe('refuse');
    },
  );

  it('lets an admin at their own school’s database, and answers lists of databases itself', () => {
    expect(judgeGateway(admin, '/school-greenhill/_all_docs')).toBe('pass');
    expect(judgeGateway(admin, '/_utils/js/app.js')).toBe('pass');
    for (const path of ['/', '/_utils/', '/school-greenhill/']) expect(judgeGateway(admin, path)).toBe('pass');
    expect(judgeGateway(admin, '/_all_dbs')).toBe('list-databases');
    expect(judgeGateway(admin, '/_dbs_info')).toBe('describe-databases');
  });

  it('writes down every request that can change something', () => {
    expect(isAudited('PUT', '/school-greenhill/public:school:card')).toBe(true);
    expect(isAudited('DELETE', '/school-greenhill')).toBe(true);
    expect(isAudited('POST', '/school-greenhill/_bulk_docs')).toBe(true);
    expect(isAudited('POST', '/school-greenhill')).toBe(true);
    expect(isAudited('POST', '/_dbs_info')).toBe(false);
    expect(isAudited('POST', '/school-greenhill/_find')).toBe(false);
    expect(isAudited('GET', '/school-greenhill/_all_docs')).toBe(false);
  });
});

describe('a reading through the gateway', () => {
  it.each([
    ['GET', '/school-x/keys-maths-7:answer-key:final:v1', { database: 'school-x', whole: false }],
    ['GET', '/school-x/_all_docs', { database: 'school-x', whole: true }],
    ['GET', '/school-x/_changes', { database: 'school-x', whole: true }],
    ['POST', '/school-x/_find', { database: 'school-x', whole: true }],
    ['POST', '/school-x/_bulk_get', { database: 'school-x', whole: true }],
    ['GET', '/school-x/_design/learners/_view/last_heard', { database: 'school-x', whole: true }],
    ['GET', '/school-x/_design/learners', { database: 'school-x', whole: false }],
    ['GET', '/_users/_all_docs', { database: '_users', whole: true }],
    ['GET', '/%5fusers/org.couchdb.user:x', { database: '_users', whole: false }],
    ['GET', '/_utils/index.html', null],
    ['GET', '/_all_dbs', null],
    ['GET', '/school-x', null],
    ['PUT', '/school-x/doc', null],
    ['POST', '/school-x/_bulk_docs', null],
  ])('%s %s', (method, path, expected) => {
    expect(readOf(method, path)).toEqual(expected);
  });
});
