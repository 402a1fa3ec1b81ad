import { loginRequestSchema, refreshRequestSchema } from '@darasa/shared/protocol';
import { Hono } from 'hono';
import { clientAddress } from '../middleware/client-address.ts';
import { apiError } from '../middleware/errors.ts';
import { readValid } from '../middleware/json-body.ts';
import { rateLimit } from '../middleware/rate-limit.ts';
import type { ServerContext, ServerEnv } from '../middleware/server-context.ts';
import type { Metrics } from '../services/metrics.ts';
import type { SignIn, SignInOutcome } from '../services/sign-in.ts';

export interface AuthRouteParts {
  readonly signIn: SignIn;
  readonly metrics: Metrics;
  readonly trustedProxies: number;
  readonly now: () => number;
}

const MESSAGES = {
  'wrong-credentials': 'The school, the name or the password is not right.',
  'signed-out': 'You were signed out. Sign in again.',
  'account-disabled': 'This account is switched off. Ask at your school.',
  'locked-out': 'Too many wrong passwords. Wait, or ask your teacher for a new one.',
} as const;

/** The answer to a sign-in that did not succeed. */
export function signInRefusal(c: ServerContext, outcome: Extract<SignInOutcome<unknown>, { ok: false }>): Response {
  if (outcome.id === 'locked-out') return apiError(c, 429, outcome.id, MESSAGES[outcome.id], outcome.retryAfterSeconds);
  return apiError(c, outcome.id === 'account-disabled' ? 403 : 401, outcome.id, MESSAGES[outcome.id]);
}

/** `/v1/auth/*` */
export function authRoutes({ signIn, metrics, trustedProxies, now }: AuthRouteParts): Hono<ServerEnv> {
  const routes = new Hono<ServerEnv>();
  routes.use(async (c, next) => {
    c.set('route', 'auth');
    c.header('Cache-Control', 'no-store');
    return next();
  });

  routes.post('/login', rateLimit({ burst: 60, perMinute: 30, trustedProxies, now }), async (c) => {
    const outcome = await signIn.signIn(await readValid(c, loginRequestSchema), clientAddress(c, trustedProxies));
    metrics.signIns.inc({ outcome: outcome.ok ? 'ok' : outcome.id });
    return outcome.ok ? c.json(outcome.value) : signInRefusal(c, outcome);
  });

  const refreshLimit = rateLimit({ burst: 300, perMinute: 300, trustedProxies, now });
  routes.post('/refresh', refreshLimit, async (c) => {
    const { refreshToken } = await readValid(c, refreshRequestSchema);
    const outcome = await signIn.refresh(refreshToken);
    return outcome.ok ? c.json(outcome.value) : signInRefusal(c, outcome);
  });

  routes.post('/logout', refreshLimit, async (c) => {
    const { refreshToken } = await readValid(c, refreshRequestSchema);
    await signIn.signOut(refreshToken);
    return c.body(null, 204);
  });
  return routes;
}
