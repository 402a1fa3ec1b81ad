import type { AdminAccount, NewAccountRequest } from '@darasa/shared/protocol';
import { expect, test } from 'vitest';
import { addNewcomer, newcomer, type Registry } from './newcomer.ts';

const account: NewAccountRequest = {
  username: 'amina',
  displayName: 'Amina Hassan',
  password: 'k7pm-4xq9',
  kind: 'learner',
  classIds: ['7a'],
  guards: [],
  authors: [],
  operator: false,
};
const lost = { ok: false, problem: 'unreachable', id: '', reason: '' } as const;

/** A school whose answers to `create` are lost as often as it is told, after the work was done or before. */
function school(losses: readonly ('before' | 'after')[]): { registry: Registry; people: Map<string, AdminAccount & { password: string }> } {
  const people = new Map<string, AdminAccount & { password: string }>();
  const left = [...losses];
  const registry: Registry = {
    async create(asked) {
      const loss = left.shift();
      if (loss === 'before') return lost;
      if (people.has(asked.username)) return { ok: false, problem: 'refused', id: 'username-taken', reason: 'taken' };
      const made = { ...asked, id: asked.username, disabled: false };
      people.set(asked.username, made);
      return loss === 'after' ? lost : { ok: true, value: made };
    },
    withUsername: async (username) => ({ ok: true, value: people.get(username) ?? null }),
    async change(id, { password = '' }) {
      const person = people.get(id);
      if (person === undefined) return { ok: false, problem: 'refused', id: 'unknown-account', reason: '' };
      people.set(id, { ...person, password });
      return { ok: true, value: person };
    },
  };
  return { registry, people };
}

test.each([[['before'] as const], [['after'] as const]])('an answer that was lost %s the work makes nobody twice', async (losses) => {
  const { registry, people } = school(losses);
  const first = await addNewcomer(newcomer(account), registry);
  expect(first.state).toBe('unsure');
  expect((await addNewcomer(first, registry)).state).toBe('added');
  expect([...people.values()].map(({ password }) => password)).toEqual([account.password]);
});

test('somebody else of the same sign-in name keeps their account', async () => {
  const { registry, people } = school(['before']);
  const first = await addNewcomer(newcomer(account), registry);
  await registry.create({ ...account, displayName: 'Amina Other', password: 'theirs-alone' });
  const again = await addNewcomer(first, registry);
  expect(again).toMatchObject({ state: 'refused', refusal: { id: 'username-taken' } });
  expect(people.get('amina')?.password).toBe('theirs-alone');
});
