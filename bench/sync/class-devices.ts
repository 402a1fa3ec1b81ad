import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** One device of the class, and where it pulls from: a database of the store itself, or the server with somebody's token. */
export type ClassDevice =
  | { readonly from: 'store'; readonly database: string }
  | { readonly from: 'server'; readonly way: 'stock' | 'exchange'; readonly url: string; readonly school: string; readonly token: string };

export interface Pull {
  readonly devices: readonly ClassDevice[];
}

export type ToDevices = Pull | { readonly go: true };

/** Of each device the documents that it holds in the end. */
export interface Pulled {
  readonly held: readonly number[];
}

/** In one process the devices' own work would be the measure, not the server's; more than the cores gain nothing. */
const PROCESSES = 4;

/** The devices of a class, in processes of their own beside the server's. */
export class ClassDevices {
  readonly #children: readonly ChildProcess[];

  private constructor(children: readonly ChildProcess[]) {
    this.#children = children;
  }

  static async start(): Promise<ClassDevices> {
    const path = fileURLToPath(new URL('./class-devices-process.ts', import.meta.url));
    const children = Array.from({ length: PROCESSES }, () => fork(path, { execArgv: ['--import', 'tsx'] }));
    await Promise.all(children.map(answerOf));
    return new ClassDevices(children);
  }

  /** Has all of them pull at once, each into a new PouchDB in memory; answers the seconds until the last has everything. */
  async pull(devices: readonly ClassDevice[], documents: number): Promise<number> {
    const shares = this.#children.map((child, at) => ({ child, devices: devices.filter((_, i) => i % this.#children.length === at) }));
    await Promise.all(shares.map(({ child, devices: share }) => ask(child, { devices: share })));
    const started = performance.now();
    const answers = await Promise.all(this.#children.map((child) => ask(child, { go: true })));
    const seconds = (performance.now() - started) / 1_000;
    const held = answers.flatMap((answer) => (answer as Pulled).held); // what they answer to `go`
    // Through the server there may be some that every member reads.
    const short = held.filter((count) => count < documents);
    if (held.length !== devices.length || short.length > 0) throw new Error(`Not every device has its ${documents}: ${short.join(', ')}`);
    return seconds;
  }

  close(): void {
    for (const child of this.#children) child.disconnect();
  }
}

function ask(child: ChildProcess, message: ToDevices): Promise<unknown> {
  const answer = answerOf(child);
  child.send(message);
  return answer;
}

function answerOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error('A process of devices ended'));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message);
    });
  });
}
