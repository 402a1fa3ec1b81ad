import { describe, expect, it } from 'vitest';
import { welcome } from './welcome.ts';

describe('the welcome in the terminal', () => {
  const account = { username: 'ada', password: 'ada-mango', name: 'Ada', kind: 'learner' as const };

  it('shows the address, and the accounts of a demo school as a table', () => {
    const text = welcome({
      url: 'http://localhost:3000',
      keptIn: '/data',
      demoAccounts: [account, { ...account, username: 'head', kind: 'admin' }],
    });
    expect(text).toContain('http://localhost:3000');
    expect(text).toMatch(/learner {3}ada {12}ada-mango {3}Ada/);
    expect(text).toMatch(/admin {5}head/);
  });

  it('of a server without a demo school shows no password', () => {
    expect(welcome({ url: 'http://x', keptIn: 'CouchDB', demoAccounts: [] })).not.toContain('password');
  });
});
