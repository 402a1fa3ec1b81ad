import { networkInterfaces } from 'node:os';
import makeMdns from 'multicast-dns';
import type { Logger } from 'pino';
import { type Interfaces, privateAddresses } from './reach.ts';

/** A laptop that moves to another network has another address; who asks again hears of it after so long. */
const TTL_SECONDS = 120;

export interface MdnsAnswer {
  readonly name: string;
  readonly type: 'A';
  readonly ttl: number;
  readonly data: string;
}

/** The answers to a question on the network: this machine's addresses, where it is asked for by its name. */
export function answersTo(question: { readonly name: string; readonly type: string }, name: string, interfaces: Interfaces): MdnsAnswer[] {
  const asked = question.name.toLowerCase() === `${name}.local` && (question.type === 'A' || question.type === 'ANY');
  return asked ? privateAddresses(interfaces).map((data) => ({ name: `${name}.local`, type: 'A', ttl: TTL_SECONDS, data })) : [];
}

/** Answers for `<name>.local` on the local network. What goes wrong is told and nothing more: there is the number of the address too. */
export function answerToName(name: string, log: Logger): { close(): void } {
  const mdns = makeMdns();
  mdns.on('query', ({ questions = [] }) => {
    const answers = questions.flatMap((question) => answersTo(question, name, networkInterfaces()));
    if (answers.length > 0) mdns.respond({ answers });
  });
  const told = (error: Error): void => log.warn({ err: error }, `Nobody hears of ${name}.local`);
  mdns.on('error', told);
  mdns.on('warning', told);
  return { close: () => mdns.destroy() };
}
