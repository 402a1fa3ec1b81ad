import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';

const repository = resolve(import.meta.dirname, '../../..');

export interface SchoolServerOptions {
  /** Where the embedded store keeps its files. */
  readonly dataFolder: string;
  /** The built app; `app/build` unless told. */
  readonly appFolder?: string;
  /** How long an access token is good; as the server has it unless told. */
  readonly accessTokenSeconds?: number | undefined;
  /** Other settings. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A real server in a process of its own, which can be stopped and started again at the same address with the same data. */
export class SchoolServer {
  readonly url: string;
  readonly #port: number;
  readonly #dataFolder: string;
  readonly #accessTokenSeconds: number | undefined;
  readonly #settings: Readonly<Record<string, string>>;
  #appFolder: string | undefined;
  #process: ChildProcess | null = null;
  #log = '';

  private constructor(port: number, options: SchoolServerOptions) {
    this.#port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.#dataFolder = options.dataFolder;
    this.#appFolder = options.appFolder;
    this.#accessTokenSeconds = options.accessTokenSeconds;
    this.#settings = options.settings ?? {};
  }

  static async create(options: SchoolServerOptions): Promise<SchoolServer> {
    return new SchoolServer(await freePort(), options);
  }

  /** What the server has printed since it was made. */
  get log(): string {
    return this.#log;
  }

  /** Serves another build from the next start on. */
  deploy(appFolder: string): void {
    this.#appFolder = appFolder;
  }

  /** Starts the server and waits until it says itself that it is ready. */
  async start(): Promise<void> {
    if (this.#process !== null) throw new Error('The server runs already.');
    const built = join(repository, 'sync-server/dist/main.js');
    const program = existsSync(built) ? [built] : ['--import', 'tsx', join(repository, 'sync-server/src/main.ts')];
    const child = spawn(process.execPath, program, {
      cwd: repository,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...serverEnvironment(),
        PORT: String(this.#port),
        HOST: '127.0.0.1',
        DARASA_DATA: this.#dataFolder,
        ...this.#settings,
        ...(this.#accessTokenSeconds === undefined ? {} : { ACCESS_TOKEN_SECONDS: String(this.#accessTokenSeconds) }),
        ...(this.#appFolder === undefined ? {} : { DARASA_APP: this.#appFolder }),
      },
    });
    this.#process = child;
    child.stdout.on('data', (text: Buffer) => {
      this.#log += text.toString();
    });
    child.stderr.on('data', (text: Buffer) => {
      this.#log += text.toString();
    });
    await this.#ready(child);
  }

  /** Ends the process and waits until it is gone. Stopping a stopped server changes nothing. */
  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((done) => {
      child.once('exit', () => done());
    });
    // Chromium holds its connections open; a server that waits for them is ended all the same.
    const impatience = setTimeout(() => child.kill('SIGKILL'), 5_000);
    child.kill('SIGTERM');
    await gone;
    clearTimeout(impatience);
  }

  async #ready(child: ChildProcess): Promise<void> {
    const deadline = Date.now() + 60_000;
    while (Date.now() < deadline) {
      if (child.exitCode !== null) break;
      const answer = await fetch(`${this.url}/readyz`).catch(() => null); // Not listening yet.
      if (answer?.ok === true) return;
      await new Promise((again) => setTimeout(again, 50));
    }
    await this.stop();
    throw new Error(`The server did not become ready.\n${this.#log.slice(-4_000)}`);
  }
}

/** This process's environment without what would change what the server does. */
function serverEnvironment(): NodeJS.ProcessEnv {
  const { COUCHDB_URL: _couch, DARASA_DEMO: _demo, DARASA_PUBLIC_URL: _url, NODE_OPTIONS: _options, ...rest } = process.env;
  return { ...rest, NODE_ENV: 'production' };
}

async function freePort(): Promise<number> {
  return await new Promise((found, failed) => {
    const probe = createServer();
    probe.once('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address === null || typeof address === 'string') failed(new Error('No free port.'));
        else found(address.port);
      });
    });
  });
}
