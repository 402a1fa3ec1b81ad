import type { AdminAccount } from '@darasa/shared/protocol';
import { describe, expect, it } from 'vitest';
import { accountPage } from './account-list.ts';

const account = (id: string, displayName: string, more: Partial<AdminAccount> = {}): AdminAccount => ({
  id,
  username: id,
  displayName,
  kind: 'learner',
  disabled: false,
  classIds: [],
  guards: [],
  authors: [],
  operator: false,
  ...more,
});
const school = [
  account('k1', 'Zuri Otieno', { kind: 'teacher', classIds: ['7a'] }),
  account('k2', 'Amina Ali', { classIds: ['7a'] }),
  account('k3', 'Ámina Bakari'),
  account('k4', 'Amina Ali'),
];
const ids = (page: ReturnType<typeof accountPage>): string[] => page?.accounts.map(({ id }) => id) ?? [];

describe('the list of accounts', () => {
  it('is everybody by name when nothing is asked', () => {
    expect(accountPage(school, {})).toMatchObject({ total: 4, next: null });
    expect(ids(accountPage(school, {}))).toEqual(['k2', 'k4', 'k3', 'k1']);
  });

  it('is searched by name and sign-in name, whatever the case and the accents', () => {
    expect(ids(accountPage(school, { search: ' AMINA ' }))).toEqual(['k2', 'k4', 'k3']);
    expect(ids(accountPage(school, { search: 'k1' }))).toEqual(['k1']);
    expect(ids(accountPage(school, { search: 'ali', classId: '7a' }))).toEqual(['k2']);
    expect(ids(accountPage(school, { kind: 'teacher' }))).toEqual(['k1']);
  });

  it('comes in pages that miss nobody and show nobody twice, also when somebody leaves meanwhile', () => {
    const first = accountPage(school, { limit: 1 });
    expect(first).toMatchObject({ total: 4, accounts: [{ id: 'k2' }] });
    const rest = accountPage(school.slice(2), { limit: 5, after: first?.next ?? '' });
    expect(ids(rest)).toEqual(['k4', 'k3']);
    expect(rest?.next).toBeNull();
  });

  it('refuses a place that no page gave', () => {
    for (const after of ['x', Buffer.from('[1,2]').toString('base64url')]) expect(accountPage(school, { after })).toBeNull();
  });
});
