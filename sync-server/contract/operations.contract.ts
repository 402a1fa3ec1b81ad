import { createServer, request as rawRequest, type Server } from 'node:http';
import { connect } from 'node:net';
import { schoolDatabase } from '@darasa/couchdb/provisioning';
import { sampleDocument } from '@darasa/shared/fixtures';
import { placeSchema } from '@darasa/shared/protocol';
import { pino } from 'pino';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { couchClient } from '../src/couch/couch-client.ts';
import { call } from './harness/call.ts';
import { startTestServer, type TestServer } from './harness/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ config: { metricsToken: 'a-token-for-the-monitor' } });
});
afterAll(() => server.close());

/** A path as it is, where fetch would tidy it up first. */
function asItIs(path: string, token: string | null, method = 'GET'): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    rawRequest({ hostname, port, path, method, headers: token === null ? {} : { authorization: `Bearer ${token}` } }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    })
      .on('error', reject)
      .end();
  });
}

describe('the server in operation', () => {
  it('says that it runs, that the database answers, and what it has counted', async () => {
    expect((await call(`${server.url}/healthz`)).json).toEqual({ status: 'ok' });
    expect((await call(`${server.url}/readyz`)).json).toEqual({ status: 'ready' });
    expect((await call(`${server.url}/metrics`)).text).toContain('darasa_http_requests_total');
  });

  it('says to anybody, from any origin, which place it is, and says the same through every server', async () => {
    const answer = await call(`${server.url}/v1/place`, { headers: { origin: 'https://elsewhere.example' } });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    const place = v.parse(placeSchema, answer.json);
    // This one has two schools.
    expect(place).toMatchObject({ kind: 'school', school: null });
    expect(Math.abs(place.now - Date.now())).toBeLessThan(60_000);
    const beside = await server.another();
    expect((await call(`${beside.url}/v1/place`)).json.id).toBe(place.id);
    await beside.close();
  });

  it('shows its counts to this machine, and elsewhere with a token alone', async () => {
    const from = (headers: Record<string, string>) => call(`${server.url}/metrics`, { headers });
    expect((await from({ 'x-forwarded-for': '203.0.113.9' })).status).toBe(403);
    expect((await from({ forwarded: 'for=203.0.113.9' })).status).toBe(403);
    expect((await from({ via: '1.1 proxy' })).status).toBe(403);
    expect((await from({ authorization: 'Bearer wrong-token-here' })).status).toBe(403);
    expect((await from({ 'x-forwarded-for': '203.0.113.9', authorization: 'Bearer a-token-for-the-monitor' })).status).toBe(200);
  });

  it('gives each answer an id, and takes one that is given', async () => {
    expect((await call(`${server.url}/healthz`)).headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
    expect((await call(`${server.url}/healthz`, { headers: { 'x-request-id': 'from-the-proxy-1' } })).headers.get('x-request-id')).toBe(
      'from-the-proxy-1',
    );
    expect((await call(`${server.url}/healthz`, { headers: { 'x-request-id': '<script>' } })).headers.get('x-request-id')).not.toContain(
      '<',
    );
  });

  it('sends headers that keep browsers from guessing, framing and running what a school stored', async () => {
    const path = `${server.url}/db/${schoolDatabase(server.school)}/public:school:card`;
    const { headers } = await call(path);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain('sandbox');
    expect(headers.get('set-cookie')).toBeNull();
    expect(headers.get('server')).toBeNull();
  });

  it('does not climb out of a school by a path, however it is written', async () => {
    const token = await server.tokens.sign({
      accountId: 'ada',
      school: server.school,
      name: 'ada',
      roles: [`school:${server.school}`, 'learner'],
    });
    await server.admin.request('POST', `/${schoolDatabase(server.otherSchool)}/_bulk_docs`, {
      body: { docs: [{ ...sampleDocument('achievement', 'school', 'x'), marker: 'zq-other-qz' }] },
    });
    const other = schoolDatabase(server.otherSchool);
    const own = `/db/${schoolDatabase(server.school)}`;
    const paths = [
      `${own}/../${other}/_all_docs?include_docs=true`,
      `${own}/%2e%2e/${other}/_all_docs?include_docs=true`,
      `${own}/.%2e/.%2e/couch/${other}/_all_docs`,
      `//x${own}/_users`,
      `${own}/public:school:card/../../${other}/_all_docs`,
    ];
    for (const path of paths) {
      const { status, text } = await asItIs(path, token);
      expect(text, path).not.toContain('zq-other-qz');
      expect([400, 401, 403, 404, 503], path).toContain(status);
    }
  });

  it('does not read the server’s own databases for anybody, by no way of writing a step up', async () => {
    const token = await server.tokens.sign({ accountId: 'ada', school: server.school, name: 'ada', roles: [`school:${server.school}`] });
    const own = `/db/${schoolDatabase(server.school)}`;
    const ups = ['..%2f', '%2e%2e%2f', '%2E%2e%2F', '..%5c', '%2e%2e%5c', '..%252f', '%252e%252e%252f', './..%2f', '..;%2f'];
    const wrong: string[] = [];
    for (const up of ups) {
      for (const target of ['darasa', '_users', '_all_dbs', '_node%2f_local%2f_config', `darasa%2f_all_docs`, '_users%2f_all_docs']) {
        for (const start of ['public:x', 'public:school:card', 'public:school:card/file', '_local']) {
          for (const method of ['GET', 'HEAD']) {
            for (const who of [null, token]) {
              const path = `${own}/${start}/${up}${up}${target}`;
              const { status, text } = await asItIs(path, who, method);
              if (![400, 401, 403, 404].includes(status) || text.includes('signing-key') || text.includes('org.couchdb.user'))
                wrong.push(`${method} ${path}: ${status} ${text.slice(0, 60)}`);
            }
          }
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('asks the database as a person or as a reader of the school, never as its admin', async () => {
    const token = await server.tokens.sign({
      accountId: 'ada',
      school: server.school,
      name: 'ada',
      roles: [`school:${server.school}`, 'learner'],
    });
    // Whoever is no member of the school is told so by the database alone: the admin is let in everywhere.
    const path = `/${schoolDatabase(server.school)}/_security`;
    const { body } = await server.admin.request('GET', path);
    const closed = { admins: { names: [], roles: [] }, members: { names: ['nobody-at-all'], roles: [] } };
    await server.admin.request('PUT', path, { body: closed });
    try {
      for (const who of [null, token]) {
        for (const form of ['/public:school:card', '/_all_docs', '/_changes?include_docs=true', '/public:school:card/file']) {
          const { status } = await call(`${server.url}/db/${schoolDatabase(server.school)}${form}`, { token: who });
          expect(status, `${form} ${who === null ? 'nobody' : 'ada'}`).not.toBe(200);
        }
      }
    } finally {
      await server.admin.request('PUT', path, { body });
    }
  });

  it('stays up whatever bytes arrive', async () => {
    const { hostname, port } = new URL(server.url);
    for (const bytes of [
      'GET / HTTP/9.9\r\n\r\n',
      '\0\0\0\0',
      `GET /db/${'x'.repeat(70_000)} HTTP/1.1\r\n\r\n`,
      'POST /v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n{',
    ]) {
      await new Promise<void>((resolve) => {
        const socket = connect({ host: hostname, port: Number(port) }, () => socket.end(bytes));
        socket.on('close', () => resolve());
        socket.on('error', () => undefined);
        socket.resume();
      });
    }
    expect((await call(`${server.url}/healthz`)).status).toBe(200);
  });
});

describe('without a database', () => {
  let silent: Server;
  let url: string;

  beforeAll(async () => {
    silent = createServer((_, response) => response.socket?.destroy());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    url = `http://admin:secret@127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  });
  afterAll(() => {
    silent.close();
  });

  it('the server answers 503 and when to come again, and goes on when the database is back', async () => {
    const down = { is: false };
    const real = server.couch;
    const gone = couchClient(url);
    const couch: typeof real = {
      send: (...all) => (down.is ? gone : real).send(...all),
      ask: (...all) => (down.is ? gone : real).ask(...all),
      find: (...all) => (down.is ? gone : real).find(...all),
    };
    const { createServer: createApp } = await import('../src/server.ts');
    const { realEnvironment } = await import('../src/services/environment.ts');
    const { readConfig } = await import('../src/config.ts');
    const read = readConfig({ LOG_LEVEL: 'silent' });
    if (!read.ok) throw new Error(read.problems.join());
    const app = await createApp({
      config: read.config,
      couch,
      admin: server.admin,
      environment: realEnvironment,
      log: pino({ level: 'silent' }),
      demoAccounts: [],
      runServices: true,
    });
    const ask = (path: string, init?: RequestInit) => app.app.request(path, init, {});
    const card = `/db/${schoolDatabase(server.school)}/public:school:card`;
    expect((await ask(card)).status).toBe(200);

    down.is = true;
    const answer = await ask(card);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(await answer.json()).toMatchObject({ error: 'service_unavailable' });
    const login = await ask('/v1/auth/login', {
      method: 'POST',
      body: JSON.stringify({ school: server.school, username: 'ada', password: 'maziwa-lala' }),
    });
    expect(login.status).toBe(503);
    expect(await login.json()).toMatchObject({ error: { id: 'database-unreachable' } });
    expect((await ask('/readyz')).status).toBe(503);
    expect((await ask('/healthz')).status).toBe(200);

    down.is = false;
    expect((await ask(card)).status).toBe(200);
    await app.close();
  });
});
