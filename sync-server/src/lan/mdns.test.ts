import { expect, it } from 'vitest';
import { answersTo } from './mdns.ts';

const interfaces = { wlan0: [{ address: '192.168.8.2', netmask: '', mac: '', cidr: null, internal: false, family: 'IPv4' }] } as const;

it('a laptop answers for its own name alone, however it is written', () => {
  const answer = { name: 'darasa-8.local', type: 'A', ttl: 120, data: '192.168.8.2' };
  expect(answersTo({ name: 'Darasa-8.local', type: 'A' }, 'darasa-8', interfaces)).toEqual([answer]);
  expect(answersTo({ name: 'darasa-9.local', type: 'A' }, 'darasa-8', interfaces)).toEqual([]);
  expect(answersTo({ name: 'darasa-8.local', type: 'AAAA' }, 'darasa-8', interfaces)).toEqual([]);
});
