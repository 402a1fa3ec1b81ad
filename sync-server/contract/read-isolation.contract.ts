import { schoolDatabase } from '@darasa/couchdb/provisioning';
import { accessTable, type PersonaName, personas } from '@darasa/shared/fixtures';
import { generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Call, call } from './harness/call.ts';
import { putLaptopOnRecord } from './harness/laptop-on-record.ts';
import { deviceDatabase, remoteSchool } from './harness/pouch.ts';
import { ATTACHMENT, fillSchool, goneId, markerForms, markerOf, partitionsOfTable, type SecretDocument } from './harness/school-content.ts';
import { startTestServer, type TestServer } from './harness/test-server.ts';

/** Services have no tokens outside the server. */
const PEOPLE = (Object.keys(personas) as PersonaName[]).filter((name) => !['grading', 'presence', 'auditor'].includes(name));

let server: TestServer;
let base: string;
let secrets: readonly SecretDocument[];

beforeAll(async () => {
  server = await startTestServer({ runServices: false });
  base = `${server.url}/db/${schoolDatabase(server.school)}`;
  secrets = await fillSchool(server.couch, schoolDatabase(server.school));
  await fillSchool(server.couch, schoolDatabase(server.otherSchool));
  await putLaptopOnRecord(server.couch, server.school);
});
afterAll(() => server.close());

async function tokenOf(persona: PersonaName, school = server.school): Promise<string | null> {
  const { name, roles } = personas[persona];
  if (name === null) return null;
  return server.tokens.sign({
    accountId: name,
    school,
    name,
    roles: roles.map((role) => (role.startsWith('school:') ? `school:${school}` : role)),
  });
}

/** What the access table says, written out by hand in `shared`. */
function readable(persona: PersonaName): ReadonlySet<string> {
  return new Set(accessTable.filter((each) => each.persona === persona && each.read).map(({ partitionId }) => partitionId));
}

interface Form {
  readonly name: string;
  readonly path: string;
  readonly call?: Call;
  /** The documents that a reader who may read them must find in the answer; none for forms that are refused. */
  readonly brings: 'all' | 'ids' | readonly string[];
  /** For nobody it is refused. */
  readonly signedIn?: true;
}

const json = (value: unknown): string => encodeURIComponent(JSON.stringify(value));

/** Ways to write a step up. */
const CLIMBS = ['..%2f', '%2e%2e%2f', '..%2F', '..%5c', '%2e.%5C', '..%252f', '%252e%252e%252f', '.%2f..%2f', '%2f..%2f'];

/** Every form of request that could bring a document, or tell that there is one. */
function forms(): Form[] {
  const ids = secrets.map(({ id }) => id);
  const gone = partitionsOfTable.map(goneId);
  const everything = [...ids, ...gone, '_design/rules', '_local/x'];
  const revs = secrets.map(({ id, rev }) => ({ id, rev }));
  const feed = (name: string, query: string, more: Partial<Form> = {}): Form => ({
    name: `_changes ${name}`,
    path: `/_changes?${query}`,
    brings: 'ids',
    ...more,
  });

  const feeds: Form[] = [
    feed('plain', ''),
    feed('all leaves', 'style=all_docs'),
    feed('with documents', 'include_docs=true', { brings: 'all' }),
    feed('with documents, conflicts and attachments', 'include_docs=true&conflicts=true&attachments=true&style=all_docs', {
      brings: 'all',
    }),
    feed('limited', 'limit=3', { brings: [] }),
    feed('limited, with seq_interval', 'limit=4&seq_interval=2', { brings: [] }),
    feed('long poll', 'feed=longpoll&since=0'),
    feed('long poll from now', 'feed=longpoll&since=now&timeout=50', { brings: [] }),
    feed('continuous', 'feed=continuous&timeout=50&include_docs=true', { brings: 'all', signedIn: true }),
    feed('continuous, limited', 'feed=continuous&timeout=50&limit=5', { brings: [] }),
    feed('as POST', '', { call: { json: {} } }),
    feed('of named documents', 'filter=_doc_ids', { call: { json: { doc_ids: everything } } }),
    feed('of named documents, as GET', `filter=_doc_ids&doc_ids=${json(everything)}`),
    feed('of named documents, with them', 'filter=_doc_ids&include_docs=true', { call: { json: { doc_ids: everything } }, brings: 'all' }),
    feed('by selector', 'filter=_selector&include_docs=true', { call: { json: { selector: {} } }, brings: [] }),
    feed('by design documents', 'filter=_design', { brings: [] }),
    feed('by view', 'filter=_view&view=rules/x', { brings: [] }),
    feed('by function', 'filter=rules/all', { brings: [] }),
    feed('backwards', 'descending=true', { brings: [] }),
    feed('as event source', 'feed=eventsource', { brings: [] }),
    feed('with two limits', 'limit=1&limit=1000', { brings: [] }),
    feed('of the content', 'scope=content', { brings: [] }),
    feed('of one’s own', 'scope=own', { brings: [] }),
  ];
  const lists: Form[] = [
    { name: '_all_docs', path: '/_all_docs', brings: 'ids' },
    { name: '_all_docs with documents', path: '/_all_docs?include_docs=true&conflicts=true&attachments=true', brings: 'all' },
    { name: '_all_docs of keys', path: '/_all_docs?include_docs=true', call: { json: { keys: everything } }, brings: 'all' },
    { name: '_all_docs of keys, as GET', path: `/_all_docs?include_docs=true&keys=${json(everything)}`, brings: 'all' },
    { name: '_all_docs of a range', path: `/_all_docs?include_docs=true&startkey=${json('a')}&endkey=${json('zz')}`, brings: 'all' },
    { name: '_all_docs backwards', path: '/_all_docs?descending=true&include_docs=true', brings: 'all' },
    { name: '_all_docs limited', path: '/_all_docs?limit=2&skip=1&include_docs=true', brings: [] },
    { name: '_all_docs queries', path: '/_all_docs/queries', call: { json: { queries: [{ include_docs: true }] } }, brings: [] },
    { name: '_bulk_get', path: '/_bulk_get?revs=true&attachments=true&latest=true', call: { json: { docs: revs } }, brings: 'all' },
    { name: '_bulk_get without revisions', path: '/_bulk_get', call: { json: { docs: everything.map((id) => ({ id })) } }, brings: 'all' },
    {
      name: '_bulk_get as multipart',
      path: '/_bulk_get',
      call: { json: { docs: revs }, headers: { accept: 'multipart/mixed' } },
      brings: 'all',
    },
    {
      name: '_revs_diff',
      path: '/_revs_diff',
      call: { json: Object.fromEntries(revs.map(({ id, rev }) => [id, [rev, `9-${'f'.repeat(32)}`]])) },
      brings: [],
    },
    { name: '_find', path: '/_find', call: { json: { selector: {}, limit: 1_000 } }, brings: [] },
    { name: '_explain', path: '/_explain', call: { json: { selector: {} } }, brings: [] },
    ...[
      '_index',
      '_design/rules',
      '_design/rules/_view/x',
      '_design_docs',
      '_local_docs',
      '_security',
      '_shards',
      '_revs_limit',
      '_purged_infos',
    ].map((name): Form => ({ name, path: `/${name}`, brings: [] })),
    { name: 'a query of a partition', path: '/_partition/learner-ada/_all_docs?include_docs=true', brings: [] },
    { name: 'the database’s own page', path: '', brings: [] },
  ];
  const documents = [...ids, ...gone].flatMap((id): Form[] => {
    const path = `/${encodeURIComponent(id)}`;
    const brings = gone.includes(id) ? [] : [id];
    const rev = secrets.find((each) => each.id === id)?.rev ?? '';
    const of = (name: string, query: string, more: Partial<Form> = {}): Form => ({
      name: `GET ${id} ${name}`,
      path: path + query,
      brings,
      ...more,
    });
    return [
      of('', ''),
      of('by revision', `?rev=${rev}`, { brings: [] }),
      of('with its history', '?revs=true&revs_info=true&conflicts=true&deleted_conflicts=true&meta=true'),
      of('every leaf', '?open_revs=all&revs=true'),
      of('every leaf, as multipart', '?open_revs=all', { call: { headers: { accept: 'multipart/mixed' } } }),
      of('with attachments', '?attachments=true'),
      of('its attachment', '', { path: `${path}/${ATTACHMENT}`, brings: id.includes(':lesson:') ? brings : [] }),
      of('a piece of its attachment', '', { path: `${path}/${ATTACHMENT}`, call: { headers: { range: 'bytes=0-59' } }, brings: [] }),
      of('by its unencoded name', '', { path: `/${id}` }),
    ];
  });
  const other = schoolDatabase(server.otherSchool);
  const tricks = [
    '/%2e%2e/_users/_all_docs?include_docs=true',
    `/..%2f${other}%2f_all_docs?include_docs=true`,
    `/public:school:card/..%2f..%2flearner-ada:profile:me`,
    '/public:school:card/%2e%2e/learner-ben:profile:me',
    ...CLIMBS.flatMap((up) => [
      `/public:x/${up}learner-ben:profile:me`,
      `/public:school:card/${up}learner-ben:profile:me`,
      `/public:x/notes/${up}${up}learner-ben:profile:me`,
      `/public:x/${up}${up}${schoolDatabase(server.school)}%2flearner-ben:profile:me`,
      `/public:x/${up}${up}${other}%2flearner-ben:profile:me`,
      `/public:x/${up}${up}${other}%2f_all_docs?rev=1-x`,
    ]),
    '/public%3Aschool%3Acard%2F..%2Flearner-ben%3Aprofile%3Ame',
    '//learner-ben:profile:me',
    '/_local%2f..%2flearner-ben:profile:me',
    '/_local/..%2flearner-ben:profile:me',
    '/_local/../learner-ben:profile:me',
    '/learner-ben:profile:me%00',
    '/public:x%00/learner-ben:profile:me',
    '/LEARNER-BEN:profile:me',
    '/_changes/',
    '/_all_docs%3finclude_docs=true',
    '/_changes;include_docs=true',
  ].map((path): Form => ({ name: `trick ${path}`, path, brings: [] }));
  return [...feeds, ...lists, ...documents, ...tricks];
}

/** Which partitions' markers stand in an answer, in its body or in its headers. */
function markersIn({ text, headers }: Answer): string[] {
  const whole = `${text}\n${[...headers].join('\n')}`;
  return partitionsOfTable.filter((partition) => markerForms(partition).some((form) => whole.includes(form)));
}

/** The documents that an answer names, where the request did not name them itself. */
function partitionsNamed({ text }: Answer): string[] {
  return partitionsOfTable.filter((partition) => text.includes(`"${partition}:`));
}

describe.each(PEOPLE)('%s', (persona) => {
  it('gets by no form of request a byte of what the access table denies, and by each all that it allows', async () => {
    const token = await tokenOf(persona);
    const allowed = readable(persona);
    const leaks: string[] = [];
    const losses: string[] = [];
    for (const form of forms()) {
      const answer = await call(base + form.path, { ...form.call, token });
      for (const partition of markersIn(answer)) if (!allowed.has(partition)) leaks.push(`${form.name}: ${partition}`);
      // An answer may name what was asked for, so only what was not is looked for.
      const asked = `${form.path} ${JSON.stringify(form.call?.json ?? '')}`;
      for (const partition of partitionsNamed(answer)) {
        if (
          !allowed.has(partition) &&
          !decodeURIComponent(asked.replaceAll('%00', '').replaceAll(/%(?![0-9a-f]{2})/gi, '')).includes(`${partition}:`)
        )
          leaks.push(`${form.name} names ${partition}`);
      }
      if (token === null && form.signedIn === true) expect(answer.status).toBe(403);
      const wanted = secrets.filter(
        ({ id, partition }) =>
          (token !== null || form.signedIn !== true) &&
          allowed.has(partition) &&
          (typeof form.brings === 'string' || form.brings.includes(id)),
      );
      for (const { id, partition } of wanted) {
        const found = form.brings === 'ids' ? answer.text.includes(`"${id}"`) : markersIn(answer).includes(partition);
        if (!found) losses.push(`${form.name}: ${id} (${answer.status})`);
      }
    }
    expect(leaks).toEqual([]);
    expect(losses).toEqual([]);
  });

  it('gets with a stock PouchDB exactly what the access table allows, with conflicts and attachments', async () => {
    const token = await tokenOf(persona);
    const device = deviceDatabase();
    const outcome = await device.replicate.from(
      remoteSchool(server.url, server.school, () => token),
      { batch_size: 7 },
    );
    expect(outcome.ok).toBe(true);
    const { rows } = await device.allDocs({ include_docs: true, conflicts: true });
    const wanted = secrets.filter(({ partition }) => readable(persona).has(partition)).map(({ id }) => id);
    const cards = readable(persona).has('public') ? ['public:school:card'] : [];
    expect(rows.map(({ id }) => id).sort()).toEqual([...new Set([...wanted, ...cards])].sort());
    const lesson = rows.find(({ id }) => id.includes(':lesson:'));
    if (lesson !== undefined) {
      const bytes = await device.getAttachment(lesson.id, ATTACHMENT);
      expect(bytes.toString()).toContain(markerOf(lesson.id.split(':')[0] ?? ''));
      expect(lesson.doc?.['_conflicts']).toHaveLength(1);
    }
    await device.destroy();
  });

  it('reads by pages of the feed, whatever their size, the same rows', async () => {
    const token = await tokenOf(persona);
    const whole = (await call(`${base}/_changes`, { token })).json.results.map((row: { id: string }) => row.id);
    for (const limit of [1, 2, 5]) {
      const paged: string[] = [];
      for (let since = '0'; ; ) {
        const page = (await call(`${base}/_changes?limit=${limit}&since=${encodeURIComponent(since)}`, { token })).json;
        paged.push(...page.results.map((row: { id: string }) => row.id));
        since = page.last_seq;
        // A page that is not full is the end, and says so.
        if (page.results.length < limit) {
          expect(page.pending).toBe(0);
          break;
        }
      }
      expect([...paged].sort()).toEqual([...whole].sort());
    }
  });
});

describe('somebody else', () => {
  const strangers: Record<string, () => Promise<string>> = {
    'a person of another school': async () => (await tokenOf('admin', server.otherSchool)) ?? '',
    'an expired token': async () => {
      const parts = ((await tokenOf('learner')) ?? '').split('.');
      return forged({ exp: Math.floor(Date.now() / 1_000) - 60 }, parts[0]);
    },
    'a token signed with another key': async () => forged({ exp: Math.floor(Date.now() / 1_000) + 600 }),
    'a token whose claims were changed': async () => {
      const [head, , signature] = ((await tokenOf('learner')) ?? '').split('.');
      return [head, Buffer.from(JSON.stringify(claims('head'))).toString('base64url'), signature].join('.');
    },
    'an unsigned token': async () =>
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims('head'))).toString('base64url')}.x`,
    'a dashboard’s cookie used as a token': async () => server.tokens.signDashboard('head', 'a-stamp', 600),
    'a token that the server itself uses at the database': async () =>
      (await server.tokens.signService('grading', server.school)).replace('Bearer ', ''),
  };
  const claims = (name: string) => ({
    sub: name,
    school: server.school,
    name,
    aud: 'darasa',
    exp: Math.floor(Date.now() / 1_000) + 600,
    '_couchdb.roles': [`school:${server.school}`, 'admin', '_admin'],
  });
  async function forged(more: object, head?: string): Promise<string> {
    const { privateKey } = await generateKeyPair('ES256');
    const kid = head === undefined ? 'made-up' : JSON.parse(Buffer.from(head, 'base64url').toString()).kid;
    return new SignJWT({ ...claims('head'), ...more }).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey);
  }

  it.each(Object.keys(strangers))('(%s) gets nothing at all, not even what is public', async (name) => {
    const token = (await strangers[name]?.()) ?? '';
    const wrong: string[] = [];
    for (const form of forms()) {
      const answer = await call(base + form.path, { ...form.call, token });
      if (
        markersIn(answer).length > 0 ||
        (answer.status !== 401 && answer.status !== 403 && answer.status !== 400 && answer.status !== 404)
      )
        wrong.push(`${form.name}: ${answer.status}`);
    }
    expect(wrong).toEqual([]);
  });

  it('finds no database that is not a school’s', async () => {
    const token = await tokenOf('admin');
    for (const name of [
      '_users',
      '_replicator',
      'darasa',
      '_all_dbs',
      'school-',
      'school-_users',
      'school-nowhere',
      '_node/_local/_config',
      '_session',
      '_up',
      'school-..%2f_users',
    ]) {
      const answer = await call(`${server.url}/db/${name}`, { token });
      expect([400, 403, 404], name).toContain(answer.status);
    }
  });
});

describe('checkpoints', () => {
  it('are each person’s own', async () => {
    const [ada, ben] = [await tokenOf('learner'), await tokenOf('teacher')];
    const put = (token: string | null, seq: string) => call(`${base}/_local/same`, { method: 'PUT', token, json: { last_seq: seq } });
    expect((await put(ada, 'of-ada')).json).toMatchObject({ ok: true, id: '_local/same' });
    expect((await call(`${base}/_local/same`, { token: ben })).status).toBe(404);
    expect((await put(ben, 'of-ben')).status).toBe(201);
    expect((await call(`${base}/_local/same`, { token: ada })).json).toMatchObject({ _id: '_local/same', last_seq: 'of-ada' });
    for (const id of ['ada.same', 'ada%2esame', '..%2fada.same', 'tembo.x%2f..%2fada.same']) {
      expect((await call(`${base}/_local/${id}`, { token: ben })).text).not.toContain('of-ada');
    }
    expect((await call(`${base}/_local/same`)).status).toBe(404);
  });
});

describe('whether a document exists', () => {
  it('is not told of one that may not be read', async () => {
    const token = await tokenOf('learner');
    const there = 'learner-ben:profile:me';
    const absent = 'learner-nobody:profile:me';
    const rev = secrets.find(({ id }) => id === there)?.rev ?? '';
    const neutral = (answer: Answer): string =>
      `${answer.status} ${answer.text
        .replaceAll(there, 'ID')
        .replaceAll(absent, 'ID')
        .replaceAll(/ben|nobody/g, 'X')}`;
    const ask = async (id: string): Promise<string[]> => {
      const path = encodeURIComponent(id);
      const doc = { _id: id, _rev: rev, type: 'profile', _deleted: true };
      return Promise.all(
        [
          call(`${base}/${path}`, { token }),
          call(`${base}/${path}?rev=${rev}`, { token }),
          call(`${base}/${path}?open_revs=all`, { token }),
          call(`${base}/${path}/x.txt`, { token }),
          call(`${base}/_all_docs`, { token, json: { keys: [id] } }),
          call(`${base}/_bulk_get`, { token, json: { docs: [{ id, rev }] } }),
          call(`${base}/_revs_diff`, { token, json: { [id]: [rev] } }),
          call(`${base}/_bulk_docs`, { token, json: { docs: [doc] } }),
          call(`${base}/_bulk_docs`, { token, json: { docs: [doc], new_edits: false } }),
          call(`${base}/${path}?rev=${rev}`, { token, method: 'DELETE' }),
          call(`${base}/${path}`, { token, method: 'PUT', json: doc }),
        ].map(async (answer) => neutral(await answer)),
      );
    };
    expect(await ask(there)).toEqual(await ask(absent));
  });
});
