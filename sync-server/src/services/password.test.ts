import { pbkdf2Sync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Derive, PasswordCheck } from './password.ts';

const salt = '5b4a3c2d1e0f';
const account = (prf: string, length: number, iterations = 10) => ({
  name: 'k3v9',
  password_scheme: 'pbkdf2',
  ...(prf === 'sha1' ? {} : { pbkdf2_prf: prf }),
  salt,
  iterations,
  derived_key: pbkdf2Sync('maziwa-lala', salt, iterations, length, prf).toString('hex'),
});

describe('password', () => {
  it.each([
    ['sha1', 20],
    ['sha256', 32],
    ['sha512', 64],
  ])('is checked against a verifier in CouchDB’s own format (%s)', async (prf, length) => {
    const check = new PasswordCheck(async () => [account('sha256', 32)]);
    expect(await check.accepts('maziwa-lala', account(prf, length))).toBe(true);
    expect(await check.accepts('maziwa-lal', account(prf, length))).toBe(false);
  });

  it('of an unknown account, or one without a usable verifier, is never accepted', async () => {
    const check = new PasswordCheck(async () => [account('sha256', 32)]);
    await check.accepts('x', account('sha256', 32));
    expect(await check.accepts('maziwa-lala', null)).toBe(false);
    expect(await check.accepts('', { ...account('sha256', 32), derived_key: '' })).toBe(false);
    expect(await check.accepts('maziwa-lala', { ...account('sha256', 32), password_scheme: 'simple' })).toBe(false);
  });

  it('takes as many rounds for a name that nobody has, and for an account with few, as for the account with most', async () => {
    let rounds = 0;
    const counting: Derive = async (password, given, iterations, length, digest) => {
      rounds += iterations;
      return pbkdf2Sync(password, given, iterations, length, digest);
    };
    const check = new PasswordCheck(async () => [account('sha256', 32), account('sha256', 32, 70), {}], counting);
    const roundsOf = async (password: string, of: Record<string, unknown> | null): Promise<number> => {
      rounds = 0;
      await check.accepts(password, of);
      return rounds;
    };
    const [few, most] = [account('sha256', 32), account('sha256', 32, 70)];
    for (const of of [null, few, most, {}]) expect(await roundsOf('maziwa-lala', of)).toBe(70);
    expect(await roundsOf('wrong', few)).toBe(70);
    expect(await check.accepts('maziwa-lala', few)).toBe(true);
    // An account with more that is met later.
    expect(await roundsOf('x', account('sha256', 32, 90))).toBe(90);
    expect(await roundsOf('x', null)).toBe(90);
  });
});
