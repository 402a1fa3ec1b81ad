import { pbkdf2Sync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { PasswordCheck } from './password.ts';

const salt = '5b4a3c2d1e0f';
const account = (prf: string, length: number) => ({
  name: 'k3v9',
  password_scheme: 'pbkdf2',
  ...(prf === 'sha1' ? {} : { pbkdf2_prf: prf }),
  salt,
  iterations: 10,
  derived_key: pbkdf2Sync('maziwa-lala', salt, 10, length, prf).toString('hex'),
});

describe('password', () => {
  it.each([
    ['sha1', 20],
    ['sha256', 32],
    ['sha512', 64],
  ])('is checked against a verifier in CouchDB’s own format (%s)', async (prf, length) => {
    const check = new PasswordCheck();
    expect(await check.accepts('maziwa-lala', account(prf, length))).toBe(true);
    expect(await check.accepts('maziwa-lal', account(prf, length))).toBe(false);
  });

  it('of an unknown account, or one without a usable verifier, is never accepted', async () => {
    const check = new PasswordCheck();
    await check.accepts('x', account('sha256', 32));
    expect(await check.accepts('maziwa-lala', null)).toBe(false);
    expect(await check.accepts('', { ...account('sha256', 32), derived_key: '' })).toBe(false);
    expect(await check.accepts('maziwa-lala', { ...account('sha256', 32), password_scheme: 'simple' })).toBe(false);
  });
});
