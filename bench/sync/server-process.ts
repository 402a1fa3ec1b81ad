import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface BenchPerson {
  readonly name: string;
  readonly roles: readonly string[];
}

export type ToServer = { readonly tag: 'sign'; readonly people: readonly BenchPerson[] } | { readonly tag: 'usage' | 'restart' | 'end' };

export interface Ready {
  readonly tag: 'ready';
  readonly url: string;
  /** With an admin's credentials. */
  readonly storeUrl: string;
  readonly school: string;
  readonly embedded: boolean;
}

export interface Usage {
  readonly tag: 'usage';
  readonly cpuMs: number;
  readonly rssBytes: number;
}

export type FromServer = Ready | Usage | { readonly tag: 'signed'; readonly tokens: readonly string[] } | { readonly tag: 'restarted' };

/** The server in its own process, on `COUCHDB_URL` or else with its embedded store. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly ready: Ready;

  private constructor(child: ChildProcess, ready: Ready) {
    this.#child = child;
    this.ready = ready;
  }

  static async start(): Promise<ServerProcess> {
    const child = fork(fileURLToPath(new URL('./serve.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] });
    const ready = await next(child);
    if (ready.tag !== 'ready') throw new Error(`The server began with ${ready.tag}`);
    return new ServerProcess(child, ready);
  }

  get school(): string {
    return `${this.ready.url}/db/school-${this.ready.school}`;
  }

  get database(): string {
    return `${this.ready.storeUrl}/school-${this.ready.school}`;
  }

  async sign(people: readonly BenchPerson[]): Promise<readonly string[]> {
    const answer = await this.#ask({ tag: 'sign', people });
    return answer.tag === 'signed' ? answer.tokens : [];
  }

  async token(name: string, ...roles: string[]): Promise<string> {
    return (await this.sign([{ name, roles }]))[0] ?? '';
  }

  async usage(): Promise<Usage> {
    const answer = await this.#ask({ tag: 'usage' });
    if (answer.tag !== 'usage') throw new Error(`Asked for its usage, the server said ${answer.tag}`);
    return answer;
  }

  /** A new server on the same port and store: it knows nothing of what the old one knew. */
  async restart(): Promise<void> {
    await this.#ask({ tag: 'restart' });
  }

  async close(): Promise<void> {
    this.#child.send({ tag: 'end' } satisfies ToServer);
    await new Promise((resolve) => this.#child.once('exit', resolve));
  }

  #ask(message: ToServer): Promise<FromServer> {
    const answer = next(this.#child);
    this.#child.send(message);
    return answer;
  }
}

function next(child: ChildProcess): Promise<FromServer> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error('The server ended'));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message as FromServer); // it sends nothing else
    });
  });
}
