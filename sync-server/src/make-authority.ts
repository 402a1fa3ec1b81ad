import { mkdir, writeFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join, resolve } from 'node:path';
import { readConfig } from './config.ts';
import { laptopCertificates } from './lan/authority.ts';
import { privateAddresses } from './lan/reach.ts';

/*
 * `npm run make-authority [name or address …]`: a certificate authority for this laptop alone, and a certificate by it. Without names it takes the name on
 * the local network and the addresses of now. See docs/guides/https-on-the-lan.md.
 */
async function main(given: readonly string[]): Promise<string> {
  const outcome = readConfig({ ...process.env, DARASA_TLS_CERT: '', DARASA_TLS_KEY: '' });
  if (!outcome.ok) throw new Error(outcome.problems.join('; '));
  const { mdnsName, dataFolder } = outcome.config;
  const names = given.length > 0 ? given : [...(mdnsName === null ? [] : [`${mdnsName}.local`]), ...privateAddresses(networkInterfaces())];
  if (names.length === 0) throw new Error('There is no network, so name the names or addresses under which phones open this laptop');
  const folder = resolve(dataFolder, 'tls');
  const { authority, cert, key } = await laptopCertificates({ name: mdnsName ?? 'laptop', names, now: Date.now() });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, 'authority.crt'), authority);
  await writeFile(join(folder, 'laptop.crt'), cert);
  await writeFile(join(folder, 'laptop.key'), key, { mode: 0o600 });
  return `Good for ${names.join(', ')}.
Start the server with
  DARASA_TLS_CERT=${join(folder, 'laptop.crt')} DARASA_TLS_KEY=${join(folder, 'laptop.key')}
and install ${join(folder, 'authority.crt')} on the phones: they find it at /hub/authority.crt of this laptop.
`;
}

process.stdout.write(await main(process.argv.slice(2)));
