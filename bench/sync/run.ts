import { brotliCompressSync, constants } from 'node:zlib';
import { type BenchDevice, exchangeDevice, insist, stockDevice } from './devices.ts';
import type { ServerProcess } from './server-process.ts';
import { type Link, type ShapingProxy, startShapingProxy } from './shaping-proxy.ts';

export interface Measured {
  readonly seconds: number;
  readonly requests: number;
  readonly up: number;
  readonly down: number;
  /** Connections that the link cut. */
  readonly cuts: number;
}

export const WAYS = ['stock', 'exchange'] as const;
export type Way = (typeof WAYS)[number];

/** What every case needs: the server, and a proxy before it that counts and shapes. */
export interface Bench {
  readonly server: ServerProcess;
  readonly proxy: ShapingProxy;
  device(way: Way, token: string): BenchDevice;
}

export async function startBench(server: ServerProcess): Promise<Bench> {
  const proxy = await startShapingProxy(new URL(server.ready.url));
  const make = { stock: stockDevice, exchange: exchangeDevice };
  return { server, proxy, device: (way, token) => make[way](proxy.url, server.ready.school, token) };
}

/** One sync of a device over a link. */
export async function measure({ proxy }: Bench, link: Link, device: BenchDevice): Promise<Measured> {
  proxy.link = link;
  const before = { ...proxy.traffic };
  const started = performance.now();
  await insist(() => device.sync());
  const seconds = (performance.now() - started) / 1_000;
  const { requests, up, down, cuts } = proxy.traffic;
  process.stderr.write(`${inSeconds(seconds)}, ${requests - before.requests} requests\n`);
  return { seconds, requests: requests - before.requests, up: up - before.up, down: down - before.down, cuts: cuts - before.cuts };
}

/** The least that the documents can be as text: brotli at its best, all in one. */
export function brotliLimit(docs: readonly unknown[]): number {
  const text = Buffer.from(JSON.stringify(docs));
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
  };
  return brotliCompressSync(text, { params }).length;
}

export const kib = (bytes: number): string => (bytes / 1_024).toFixed(bytes < 102_400 ? 1 : 0);
export const inSeconds = (seconds: number): string => `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
