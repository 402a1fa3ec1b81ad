import { describe, expect, it } from 'vitest';
import { accountChangeProblem } from './account-change.ts';

const head = { accountId: 'head', operator: false };
const ops = { accountId: 'ops', operator: true };
const ada = { id: 'ada', operator: false };
const root = { id: 'root', operator: true };

describe('a change of an account', () => {
  it.each([
    ['an admin makes an admin', head, null, 'admin', {}, null],
    ['an admin makes an operator', head, null, 'admin', { operator: true }, 'operators-only'],
    ['an admin makes an admin an operator', head, { id: 'b', operator: false }, 'admin', { operator: true }, 'operators-only'],
    ['an admin changes an operator, their password for example', head, root, 'admin', {}, 'operators-only'],
    ['an admin switches an operator off', head, root, 'admin', { disabled: true }, 'operators-only'],
    ['an operator makes an operator', ops, null, 'admin', { operator: true }, null],
    ['an operator makes a teacher an operator', ops, ada, 'teacher', { operator: true }, 'operator-kind'],
    ['an operator takes the right from another', ops, root, 'admin', { operator: false }, null],
    ['an operator gives up their own right', ops, { id: 'ops', operator: true }, 'admin', { operator: false }, 'own-account'],
    ['an admin switches themself off', head, { id: 'head', operator: false }, 'admin', { disabled: true }, 'own-account'],
    ['an admin switches a learner off', head, ada, 'learner', { disabled: true }, null],
    ['an admin changes their own name', head, { id: 'head', operator: false }, 'admin', {}, null],
  ] as const)('%s', (_, actor, before, kind, change, expected) => {
    expect(accountChangeProblem({ actor, before, kind, change })).toBe(expected);
  });
});
