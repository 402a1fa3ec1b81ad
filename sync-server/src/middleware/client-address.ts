import type { ServerContext } from './server-context.ts';

/**
 * The address of the client. With trusted proxies before the server it is the entry of `X-Forwarded-For` that the
 * outermost of them wrote; what a client wrote into the header itself stands further left and is not believed.
 */
export function clientAddress(c: ServerContext, trustedProxies: number): string {
  const socket = c.env.incoming?.socket.remoteAddress ?? 'unknown';
  if (trustedProxies === 0) return socket;
  const chain = (c.req.header('x-forwarded-for') ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);
  return chain.at(-trustedProxies) ?? socket;
}

export function isLoopback(address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127\./.test(address);
}

/** The origin under which people reach the server. */
export function publicOrigin(c: ServerContext, publicUrl: string | null, trustedProxies: number): string {
  if (publicUrl !== null) return new URL(publicUrl).origin;
  const forwarded = trustedProxies > 0 ? c.req.header('x-forwarded-proto') : undefined;
  const secure = forwarded === 'https' || new URL(c.req.url).protocol === 'https:';
  return `${secure ? 'https' : 'http'}://${c.req.header('host') ?? 'localhost'}`;
}
