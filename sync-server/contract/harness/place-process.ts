import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbeddedStore } from '@darasa/couchdb/embedded';
import { type CouchAdmin, couchAdmin } from '@darasa/couchdb/provisioning';
import { expect } from 'vitest';

export interface PlaceOptions {
  readonly dataFolder: string;
  /** Settings of the server, beside those of this harness. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Whether it is a class laptop: `npm run hub` in place of `npm start`. */
  readonly hub?: boolean;
  /** What stands before the command, such as `ip netns exec hub`. */
  readonly within?: readonly string[];
  readonly host?: string;
  readonly port?: number;
}

/** A server in a process of its own, as it is started by hand, which can be killed at any moment. */
export class PlaceProcess {
  readonly #child: ChildProcess;
  readonly url: string;
  /** All that it has printed. */
  readonly printed: () => string;

  private constructor(child: ChildProcess, url: string, printed: () => string) {
    this.#child = child;
    this.url = url;
    this.printed = printed;
  }

  static async start({
    dataFolder,
    settings = {},
    hub = false,
    within = [],
    host = '127.0.0.1',
    port = 0,
  }: PlaceOptions): Promise<PlaceProcess> {
    const entry = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
    const [command = process.execPath, ...args] = [...within, process.execPath, '--import', 'tsx', entry, ...(hub ? ['hub'] : [])];
    const own = {
      DARASA_DATA: dataFolder,
      DARASA_DEMO: '0',
      HOST: host,
      PORT: String(port),
      DARASA_APP: join(dataFolder, 'no-app'),
      DARASA_BACKUP: 'off',
    };
    const environment: Record<string, string | undefined> = { ...process.env, COUCHDB_URL: '', ...own, ...settings };
    const child = spawn(command, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    const keep = (text: Buffer): void => {
      printed += text.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout.on('data', () => {
        // “Darasa is ready:  http://…” of a school, the first of its addresses of a class laptop.
        const [, found] = / http:\/\/[^:\s]+:(\d+)\n/.exec(printed) ?? [];
        if (found !== undefined) resolve(`http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${found}`);
      });
      child.once('exit', (code) => reject(new Error(`The server ended with ${code}:\n${printed}`)));
      child.once('error', reject);
    });
    return new PlaceProcess(child, url, () => printed);
  }

  /** Waits until it has printed a text. */
  async says(text: string): Promise<void> {
    while (!this.printed().includes(text)) {
      const more = this.#child.stdout ?? expect.fail('it prints nowhere');
      await Promise.race([
        once(more, 'data'),
        once(this.#child, 'exit').then(() => Promise.reject(new Error(`It ended:\n${this.printed()}`))),
      ]);
    }
  }

  /** As a cut of power ends a process: at once, with nothing tidied. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async close(): Promise<void> {
    await this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill(signal);
    await ended;
  }
}

/** Opens the store of a place that is not running, as its admin. */
export async function withStore<T>(dataFolder: string, work: (admin: CouchAdmin) => Promise<T>): Promise<T> {
  const admin = { name: 'harness', password: 'secret' };
  const store = await startEmbeddedStore({ dataDir: join(dataFolder, 'couchdb'), admin });
  try {
    return await work(couchAdmin(store.url, admin));
  } finally {
    await store.close();
  }
}
