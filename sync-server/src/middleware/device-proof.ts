import { NONCE_HEADER, type NONCE_WANTED, PROOF_HEADER } from '@darasa/shared/protocol';
import type { DeviceProofs, ProofOutcome } from '../services/device-proofs.ts';
import { clientAddress, isLoopback } from './client-address.ts';
import type { ServerContext } from './server-context.ts';

/** The proof that came with a request. Null: none came. */
export async function proofOf(c: ServerContext, proofs: DeviceProofs, nonceOnly = false): Promise<ProofOutcome | null> {
  const text = c.req.header(PROOF_HEADER);
  if (text === undefined) return null;
  const request = { method: c.req.method, path: new URL(c.req.url).pathname, hosts: [c.req.header('host') ?? ''] };
  const outcome = await proofs.read(text, request, nonceOnly);
  // Whoever goes by nonces gets the next one with each answer.
  if (outcome.ok && outcome.proof.byNonce) c.header(NONCE_HEADER, proofs.nonce());
  return outcome;
}

/** The challenge of RFC 9449, 8 and 9, with a nonce: the same may be asked again with it. */
export function challenge(
  c: ServerContext,
  proofs: DeviceProofs,
  error: typeof NONCE_WANTED | 'invalid_dpop_proof' | 'invalid_token',
): void {
  c.header('WWW-Authenticate', `DPoP error="${error}", algs="ES256"`);
  c.header(NONCE_HEADER, proofs.nonce());
}

/** Whether others on the network can read a request: it came over plain HTTP from another machine. */
export function isOverheard(c: ServerContext, trustedProxies: number): boolean {
  const socket = c.env.incoming?.socket;
  if (socket !== undefined && 'encrypted' in socket) return false;
  if (trustedProxies > 0 && c.req.header('x-forwarded-proto') === 'https') return false;
  return !isLoopback(clientAddress(c, trustedProxies));
}
