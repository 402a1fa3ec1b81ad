import { expect, test } from 'vitest';
import { NoAnswer, syncProblem } from './sync-problem.ts';

/** As PouchDB makes an error of its own: only what the error itself has is copied. */
const copied = (error: Error): object => Object.defineProperties({}, Object.getOwnPropertyDescriptors(error));

test.each([
  ['no network', copied(new NoAnswer('unreachable', 'Failed to fetch')), 'unreachable'],
  ['an answer that broke off', new TypeError('network error'), 'unreachable'],
  ['an answer that broke off, in WebKit', new TypeError('Load failed'), 'unreachable'],
  ['a session that the server ended', copied(new NoAnswer('signed-out', 'You were signed out')), 'signed-out'],
  ['a token that the server will not have', { status: 401, name: 'unauthorized', reason: 'no' }, 'server'],
  ['a scope that is not theirs', { status: 403, name: 'forbidden', reason: 'not yours' }, 'forbidden'],
  ['a server in trouble', { status: 500, name: 'unknown_error', message: 'oops' }, 'server'],
  ['the page of a captive portal', new SyntaxError('Unexpected token < in JSON at position 0'), 'server'],
  ['a full device', { name: 'QuotaExceededError', message: 'The quota has been exceeded.' }, 'storage-full'],
  ['a database that the browser closed', { name: 'InvalidStateError', message: 'The database connection is closing.' }, 'storage-closed'],
  ['a bug', new RangeError('Maximum call stack size exceeded'), 'unexpected'],
] as const)('%s has its own id', (_, error, id) => {
  expect(syncProblem(error)).toMatchObject({ id });
});
