import { webcrypto } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { base64url, fromBase64url } from './base64url.ts';
import { type PublicJwk, sha256Base64url, thumbprintOf } from './device-key.ts';
import { makeProof, tokenHash } from './proof.ts';

it('writes base64url as everybody does, and reads it back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
      expect(base64url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
      expect(fromBase64url(base64url(bytes))).toEqual(bytes);
    }),
  );
  expect(fromBase64url('a+/b')).toBeNull();
});

it('names a key as RFC 7638 does, whatever else stands beside it', () => {
  const key = {
    kty: 'EC',
    crv: 'P-256',
    x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
    y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  } as const;
  const members =
    '{"crv":"P-256","kty":"EC","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}';
  expect(thumbprintOf({ ...key, kid: 'mine' } as PublicJwk)).toBe(sha256Base64url(members));
});

it('hashes a token as RFC 9449 does in its example', () => {
  const token = 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU';
  expect(tokenHash(token)).toBe('fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo');
});

it('makes a proof of one request: its method, its address without the query, its token', async () => {
  const pair = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  const { x, y } = await webcrypto.subtle.exportKey('jwk', pair.publicKey);
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
  const device = {
    publicKey: { kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' },
    sign: async (data: Uint8Array<ArrayBuffer>) => new Uint8Array(await webcrypto.subtle.sign(algorithm, pair.privateKey, data)),
  } as const;
  const world = { now: () => 5_700, random: (bytes: Uint8Array) => bytes.fill(7) };
  const proof = await makeProof(
    device,
    { method: 'POST', url: 'http://10.0.0.2:3000/db/x?feed=longpoll#a', ath: 'hash', nonce: 'n' },
    world,
  );

  const [header = '', claims = '', signature = ''] = proof.split('.');
  const read = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
  expect(read(header)).toEqual({ typ: 'dpop+jwt', alg: 'ES256', jwk: device.publicKey });
  expect(read(claims)).toEqual({ jti: 'BwcHBwcHBwcHBwcH', htm: 'POST', htu: 'http://10.0.0.2:3000/db/x', iat: 5, ath: 'hash', nonce: 'n' });
  const signed = new TextEncoder().encode(`${header}.${claims}`);
  const bytes = fromBase64url(signature) ?? new Uint8Array();
  expect(await webcrypto.subtle.verify(algorithm, pair.publicKey, bytes, signed)).toBe(true);
});
