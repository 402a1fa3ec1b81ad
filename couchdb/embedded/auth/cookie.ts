import { createHmac, timingSafeEqual } from 'node:crypto';
import { badRequest } from '../errors.ts';

/**
 * CouchDB's session cookie: `base64url(name:time:mac)`, with the time in hexadecimal seconds and the MAC keyed by the server's secret
 * and the account's salt, so that a new password ends the sessions of the old one.
 */
export function makeCookie(name: string, seconds: number, secret: string, salt: string): string {
  const time = seconds.toString(16).toUpperCase();
  return Buffer.concat([Buffer.from(`${name}:${time}:`), mac(name, time, secret, salt)]).toString('base64url');
}

export interface ParsedCookie {
  readonly name: string;
  readonly seconds: number;
  isGenuine(secret: string, salt: string): boolean;
}

/** `undefined` for the empty cookie that signing out leaves. */
export function parseCookie(header: string | undefined): ParsedCookie | undefined {
  const value = /(?:^|;\s*)AuthSession=([^;]*)/.exec(header ?? '')?.[1]?.trim();
  if (!value) return undefined;
  const bytes = Buffer.from(value.replace(/^"|"$/g, ''), 'base64url');
  const first = bytes.indexOf(0x3a);
  const second = first < 0 ? -1 : bytes.indexOf(0x3a, first + 1);
  const time = bytes.subarray(first + 1, second).toString('latin1');
  if (first < 1 || second < 0 || !/^[0-9A-F]{1,12}$/.test(time)) {
    throw badRequest('Malformed AuthSession cookie. Please clear your cookies.');
  }
  const name = bytes.subarray(0, first).toString('utf8');
  const given = bytes.subarray(second + 1);
  return {
    name,
    seconds: Number.parseInt(time, 16),
    isGenuine(secret, salt) {
      const expected = mac(name, time, secret, salt);
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}

function mac(name: string, time: string, secret: string, salt: string): Buffer {
  return createHmac('sha256', secret + salt)
    .update(`${name}:${time}`)
    .digest();
}

export function cookieHeader(value: string, maxAge: number, now: Date): string {
  const expires = new Date(now.getTime() + maxAge * 1000).toUTCString();
  return `AuthSession=${value}; Version=1; Expires=${expires}; Max-Age=${maxAge}; Path=/; HttpOnly`;
}
