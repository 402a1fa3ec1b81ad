import { describe, expect, it } from 'vitest';
import { welcome } from './welcome.ts';

describe('the welcome in the terminal', () => {
  const account = { username: 'ada', password: 'ada-mango', name: 'Ada', kind: 'learner' as const };

  it('shows the address, and the accounts of a demo school as a table', () => {
    const text = welcome({
      url: 'http://localhost:3000',
      keptIn: '/data',
      host: '127.0.0.1',
      demoAccounts: [account, { ...account, username: 'head', kind: 'admin' }],
    });
    expect(text).toContain('http://localhost:3000');
    expect(text).toMatch(/learner {3}ada {12}ada-mango {3}Ada/);
    expect(text).toMatch(/admin {5}head/);
  });

  it('says who reaches the server, and warns where that is everybody with public passwords', () => {
    const given = { url: 'http://x', keptIn: '/data', demoAccounts: [account] };
    expect(welcome({ ...given, host: '127.0.0.1' })).toContain('HOST=0.0.0.0 opens it');
    expect(welcome({ ...given, host: '0.0.0.0' })).toContain('WARNING');
    expect(welcome({ ...given, host: '0.0.0.0', demoAccounts: [] })).not.toContain('WARNING');
  });

  it('of a server without a demo school shows no password', () => {
    expect(welcome({ url: 'http://x', keptIn: 'CouchDB', host: '0.0.0.0', demoAccounts: [] })).not.toContain('password');
  });
});
