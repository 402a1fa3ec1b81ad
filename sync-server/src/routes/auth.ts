import {
  cardRequestSchema,
  classNamesRequestSchema,
  classSignInRequestSchema,
  loginRequestSchema,
  NONCE_WANTED,
  passRequestSchema,
  refreshRequestSchema,
  type Session,
} from '@darasa/shared/protocol';
import { Hono } from 'hono';
import { clientAddress } from '../middleware/client-address.ts';
import { challenge, isOverheard, proofOf } from '../middleware/device-proof.ts';
import { apiError } from '../middleware/errors.ts';
import { readValid } from '../middleware/json-body.ts';
import { rateLimit } from '../middleware/rate-limit.ts';
import type { ServerContext, ServerEnv } from '../middleware/server-context.ts';
import type { ClassSignIn } from '../services/class-sign-in.ts';
import type { DeviceProof, DeviceProofs } from '../services/device-proofs.ts';
import type { Metrics } from '../services/metrics.ts';
import type { Asking, SignIn, SignInOutcome } from '../services/sign-in.ts';

export interface AuthRouteParts {
  readonly signIn: SignIn;
  readonly classSignIn: ClassSignIn;
  readonly proofs: DeviceProofs;
  readonly metrics: Metrics;
  readonly trustedProxies: number;
  readonly now: () => number;
}

const MESSAGES = {
  'wrong-credentials': 'The school, the name or the password is not right.',
  'signed-out': 'You were signed out. Sign in again.',
  'account-disabled': 'This account is switched off. Ask at your school.',
  'wrong-class-code': 'No class has this code. Ask your teacher for it.',
  'pass-refused': 'This pass opens nothing here. Sign in.',
  'proof-needed': 'This device has to prove that it is the one that signed in.',
  'locked-out': 'Too many wrong passwords. Wait, or ask your teacher for a new one.',
} as const;

/** The answer to a sign-in that did not succeed. */
export function signInRefusal(c: ServerContext, outcome: Extract<SignInOutcome<unknown>, { ok: false }>): Response {
  if (outcome.id === 'locked-out') return apiError(c, 429, outcome.id, MESSAGES[outcome.id], outcome.retryAfterSeconds);
  return apiError(c, outcome.id === 'account-disabled' ? 403 : 401, outcome.id, MESSAGES[outcome.id]);
}

/** `/v1/auth/*` */
export function authRoutes({ signIn, classSignIn, proofs, metrics, trustedProxies, now }: AuthRouteParts): Hono<ServerEnv> {
  const routes = new Hono<ServerEnv>();
  routes.use(async (c, next) => {
    c.set('route', 'auth');
    c.header('Cache-Control', 'no-store');
    return next();
  });

  const asking = (c: ServerContext): Asking => ({
    address: clientAddress(c, trustedProxies),
    overheard: isOverheard(c, trustedProxies),
  });
  const signedIn = (c: ServerContext, outcome: SignInOutcome<Session>): Response => {
    metrics.signIns.inc({ outcome: outcome.ok ? 'ok' : outcome.id });
    return outcome.ok ? c.json(outcome.value) : signInRefusal(c, outcome);
  };
  const signInLimit = rateLimit({ burst: 60, perMinute: 30, trustedProxies, now });
  routes.post('/login', signInLimit, async (c) => signedIn(c, await signIn.signIn(await readValid(c, loginRequestSchema), asking(c))));
  routes.post('/class-sign-in', signInLimit, async (c) =>
    signedIn(c, await classSignIn.byCode(await readValid(c, classSignInRequestSchema), asking(c))),
  );
  routes.post('/card', signInLimit, async (c) => signedIn(c, await classSignIn.byCard(await readValid(c, cardRequestSchema), asking(c))));
  // A count of its own: a class code has 38 random bits, and who guesses at it must not use up the tries of a whole class.
  routes.post('/class', rateLimit({ burst: 60, perMinute: 30, trustedProxies, now }), async (c) => {
    const { school, classCode } = await readValid(c, classNamesRequestSchema);
    const outcome = await classSignIn.names(school, classCode);
    return outcome.ok ? c.json(outcome.value) : signInRefusal(c, outcome);
  });

  const unproved = (c: ServerContext, nonce: boolean): Response => {
    challenge(c, proofs, nonce ? NONCE_WANTED : 'invalid_dpop_proof');
    return apiError(c, 401, 'proof-needed', MESSAGES['proof-needed']);
  };
  /** Goes on with the proof that came along, null for none. */
  const withProof = async (
    c: ServerContext,
    nonceOnly: boolean,
    goOn: (proof: DeviceProof | null) => Promise<Response>,
  ): Promise<Response> => {
    const outcome = await proofOf(c, proofs, nonceOnly);
    return outcome?.ok === false ? unproved(c, outcome.reason === 'nonce') : goOn(outcome?.proof ?? null);
  };
  const answer = (c: ServerContext, outcome: SignInOutcome<Session>): Response => {
    if (outcome.ok) return c.json(outcome.value);
    return outcome.id === 'proof-needed' ? unproved(c, true) : signInRefusal(c, outcome);
  };

  const refreshLimit = rateLimit({ burst: 300, perMinute: 300, trustedProxies, now });
  routes.post('/refresh', refreshLimit, async (c) => {
    const request = await readValid(c, refreshRequestSchema);
    return withProof(c, false, async (proof) => answer(c, await signIn.refresh(request, proof, isOverheard(c, trustedProxies))));
  });

  routes.post('/pass', refreshLimit, async (c) => {
    const request = await readValid(c, passRequestSchema);
    return withProof(c, true, async (proof) => (proof === null ? unproved(c, true) : answer(c, await signIn.enterByPass(request, proof))));
  });

  routes.post('/logout', refreshLimit, async (c) => {
    const { refreshToken } = await readValid(c, refreshRequestSchema);
    return withProof(c, false, async (proof) => {
      await signIn.signOut(refreshToken, proof);
      return c.body(null, 204);
    });
  });
  return routes;
}
