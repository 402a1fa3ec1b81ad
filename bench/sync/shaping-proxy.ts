import { connect, createServer, type Socket } from 'node:net';
import { Chance } from './simulator/chance.ts';

export interface Link {
  /** Milliseconds there and back. */
  readonly roundTripMs: number;
  /** Each way; null for as fast as the machine is. */
  readonly bytesPerSecond: number | null;
  /** How many of a hundred requests have their connection cut at some point of the reply. */
  readonly cutPercent: number;
}

export const LOOPBACK: Link = { roundTripMs: 0, bytesPerSecond: null, cutPercent: 0 };

export interface Traffic {
  requests: number;
  up: number;
  down: number;
  cuts: number;
}

export interface ShapingProxy {
  readonly url: string;
  readonly traffic: Traffic;
  link: Link;
  close(): Promise<void>;
}

const REQUEST_LINE = /(?:GET|HEAD|POST|PUT|DELETE) \/[^\r\n]* HTTP\/1\.1\r\n/g;

/** A TCP proxy before `target` that counts requests and payload both ways, and makes a network as bad as wanted. */
export async function startShapingProxy(target: URL, seed = 1): Promise<ShapingProxy> {
  const chance = new Chance(seed);
  const traffic: Traffic = { requests: 0, up: 0, down: 0, cuts: 0 };
  const sockets = new Set<Socket>();
  const proxy = { link: LOOPBACK };

  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect({ port: Number(target.port), host: target.hostname, allowHalfOpen: true });
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    client.on('close', () => upstream.destroy());
    /** Bytes of reply after which this connection is cut. */
    let cutAfter = Number.POSITIVE_INFINITY;
    pass(client, upstream, (chunk) => {
      traffic.up += chunk.length;
      const requests = chunk.toString('latin1').match(REQUEST_LINE)?.length ?? 0;
      traffic.requests += requests;
      if (requests > 0 && chance.happens(proxy.link.cutPercent / 100)) cutAfter = chance.below(4_000);
      return true;
    });
    pass(upstream, client, (chunk) => {
      traffic.down += chunk.length;
      cutAfter -= chunk.length;
      if (cutAfter >= 0) return true;
      traffic.cuts += 1;
      client.destroy();
      return false;
    });
  });

  function pass(from: Socket, to: Socket, seen: (chunk: Buffer) => boolean): void {
    let free = 0;
    // The end of a stream travels behind what was sent before it.
    from.on('end', () => {
      const now = performance.now();
      setTimeout(() => to.end(), Math.max(0, free - now) + proxy.link.roundTripMs / 2);
    });
    from.on('data', (chunk) => {
      if (!seen(chunk)) return;
      const { roundTripMs, bytesPerSecond } = proxy.link;
      if (roundTripMs === 0 && bytesPerSecond === null) {
        to.write(chunk);
        return;
      }
      // A slow line sends one small packet after another; each arrives half a round trip after it was sent.
      const step = bytesPerSecond === null ? chunk.length : 1_400;
      for (let at = 0; at < chunk.length; at += step) {
        const packet = chunk.subarray(at, at + step);
        const now = performance.now();
        free = Math.max(free, now) + (bytesPerSecond === null ? 0 : (packet.length / bytesPerSecond) * 1_000);
        setTimeout(() => to.writable && to.write(packet), free - now + roundTripMs / 2);
      }
    });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A TCP server listens on a port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    traffic,
    get link() {
      return proxy.link;
    },
    set link(link: Link) {
      proxy.link = link;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
