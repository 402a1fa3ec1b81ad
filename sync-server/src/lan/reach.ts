import type { NetworkInterfaceInfo } from 'node:os';
import type { Config } from '../config.ts';

export type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

const PRIVATE = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/;

/** The IPv4 addresses of this machine on local networks; those of containers and virtual machines last. */
export function privateAddresses(interfaces: Interfaces): string[] {
  const found = Object.entries(interfaces).flatMap(([name, infos = []]) =>
    infos
      .filter(({ family, internal, address }) => family === 'IPv4' && !internal && PRIVATE.test(address))
      .map(({ address }) => ({ name, address })),
  );
  const isVirtual = (name: string): number => (/^(?:docker|br-|veth|virbr|vmnet|vbox|tun|tap)/i.test(name) ? 1 : 0);
  return found.sort((a, b) => isVirtual(a.name) - isVirtual(b.name)).map(({ address }) => address);
}

/** The origins under which devices reach this server, the best first: a real name, then numbers, which every phone understands, then `.local`. */
export function reachableAt(
  { port, publicUrl, mdnsName, tls }: Pick<Config, 'port' | 'publicUrl' | 'mdnsName' | 'tls'>,
  interfaces: Interfaces,
): string[] {
  const numbers = privateAddresses(interfaces).map((address) => origin('http', address, port));
  const names =
    mdnsName === null
      ? []
      : [origin('http', `${mdnsName}.local`, port), ...(tls === null ? [] : [origin('https', `${mdnsName}.local`, tls.port)])];
  return [...(publicUrl === null ? [] : [publicUrl]), ...numbers, ...names];
}

function origin(scheme: 'http' | 'https', host: string, port: number): string {
  return new URL(`${scheme}://${host}:${port}`).origin;
}
