import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

describe('config', () => {
  it('needs no setting at all, and then runs the demo on the embedded store', () => {
    expect(readConfig({})).toMatchObject({
      ok: true,
      config: { port: 3000, couchUrl: null, demo: true, dataFolder: './data', accessTokenSeconds: 900 },
    });
  });

  it('makes no demo school on a real CouchDB unless it is asked for', () => {
    const COUCHDB_URL = 'http://admin:secret@127.0.0.1:5984';
    expect(readConfig({ COUCHDB_URL })).toMatchObject({ ok: true, config: { demo: false } });
    expect(readConfig({ COUCHDB_URL, DARASA_DEMO: '1' })).toMatchObject({ ok: true, config: { demo: true } });
  });

  it('opens the demo school, whose passwords are public, to this computer alone unless a host is named', () => {
    const COUCHDB_URL = 'http://admin:secret@127.0.0.1:5984';
    expect(readConfig({})).toMatchObject({ config: { host: '127.0.0.1', demoAsked: false } });
    expect(readConfig({ HOST: '0.0.0.0' })).toMatchObject({ config: { host: '0.0.0.0', demo: true } });
    expect(readConfig({ COUCHDB_URL, DARASA_DEMO: '1' })).toMatchObject({ config: { host: '127.0.0.1', demoAsked: true } });
    expect(readConfig({ COUCHDB_URL })).toMatchObject({ config: { host: '0.0.0.0' } });
    expect(readConfig({ DARASA_DEMO: '0' })).toMatchObject({ config: { host: '0.0.0.0', demo: false } });
  });

  it('takes origins and sources of laptops as a list, and no wildcard alone', () => {
    expect(readConfig({})).toMatchObject({ config: { appOrigins: [], hubSources: ['http://*.local:*', 'https://*.local:*'] } });
    expect(
      readConfig({
        DARASA_APP_ORIGINS: 'https://learn.example.org http://10.0.0.2:3000',
        DARASA_HUB_SOURCES: 'https://*.hubs.example.org',
      }),
    ).toMatchObject({
      config: { appOrigins: ['https://learn.example.org', 'http://10.0.0.2:3000'], hubSources: ['https://*.hubs.example.org'] },
    });
    expect(readConfig({ DARASA_HUB_SOURCES: 'none' })).toMatchObject({ config: { hubSources: [] } });
    for (const wrong of ['*', 'https:', 'https://*', 'https://a.example; script-src *', 'https://*.a.example/path']) {
      expect(readConfig({ DARASA_HUB_SOURCES: wrong }).ok).toBe(false);
    }
    for (const wrong of ['*', 'null', 'https://learn.example.org/']) expect(readConfig({ DARASA_APP_ORIGINS: wrong }).ok).toBe(false);
  });

  it('names every wrong setting at once', () => {
    const outcome = readConfig({ PORT: 'many', LOG_LEVEL: 'loud', DARASA_PUBLIC_URL: 'learn', TRUST_PROXY: '-1' });
    expect(outcome.ok).toBe(false);
    expect(outcome.ok ? [] : outcome.problems.map((problem) => problem.split(' ')[0])).toEqual([
      'PORT',
      'DARASA_PUBLIC_URL',
      'LOG_LEVEL',
      'TRUST_PROXY',
    ]);
  });

  it('never prints a secret', () => {
    const outcome = readConfig({ COUCHDB_URL: 'ftp://admin:hunter2@host', DARASA_METRICS_TOKEN: 'hunter3' });
    expect(JSON.stringify(outcome)).not.toMatch(/hunter/);
    expect(outcome).toMatchObject({
      ok: false,
      problems: [expect.stringMatching(/^COUCHDB_URL must/), expect.stringMatching(/^DARASA_METRICS_TOKEN must/)],
    });
  });
});
