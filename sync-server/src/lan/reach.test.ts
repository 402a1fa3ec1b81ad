import { expect, it } from 'vitest';
import { type Interfaces, reachableAt } from './reach.ts';

const address = (address: string, internal = false) => ({ address, netmask: '', mac: '', cidr: null, internal, family: 'IPv4' }) as const;
const interfaces: Interfaces = {
  lo: [address('127.0.0.1', true)],
  docker0: [address('172.17.0.1')],
  wlan0: [address('192.168.8.2'), { ...address('fe80::1'), family: 'IPv6', scopeid: 0 }],
  wwan0: [address('41.90.1.2')],
};

it('a laptop is reached by its real name, then by its number, then by its .local name, and never by what is not of this network', () => {
  const config = {
    port: 3000,
    publicUrl: 'https://laptop.hubs.example.org:3443',
    mdnsName: 'darasa-8',
    tls: { certFile: '', keyFile: '', port: 443 },
  };
  expect(reachableAt(config, interfaces)).toEqual([
    'https://laptop.hubs.example.org:3443',
    'http://192.168.8.2:3000',
    'http://172.17.0.1:3000',
    'http://darasa-8.local:3000',
    'https://darasa-8.local',
  ]);
  expect(reachableAt({ ...config, publicUrl: null, mdnsName: null, tls: null, port: 80 }, { wlan0: [address('10.1.2.3')] })).toEqual([
    'http://10.1.2.3',
  ]);
});
