/** One thing that a program asked of the system, in the order in which it was done. */
export type Operation =
  | { readonly kind: 'create'; readonly path: string; readonly truncate: boolean }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'write'; readonly path: string; readonly offset: number | null; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly path: string; readonly length: number }
  /** What was asked before the operation `since` is on the disk. */
  | { readonly kind: 'sync'; readonly path: string; readonly since: number }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string }
  | { readonly kind: 'remove'; readonly path: string }
  /** What the program said on its standard output: that something is kept. */
  | { readonly kind: 'said'; readonly text: string };

/** The calls that change files, or say that they are to be kept, for `strace -e`. */
export const TRACED =
  'openat,open,creat,write,pwrite64,writev,pwritev,fsync,fdatasync,sync_file_range,rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,ftruncate,truncate,fallocate';

const text = (hex: string): Buffer => Buffer.from(hex.replaceAll('\\x', ''), 'hex');
const strings = (args: string): Buffer[] => [...args.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, hex]) => text(hex ?? ''));

/** Reads what `strace -f -y -xx` wrote, as far as it is about files below `folder`, and what the program itself said on its standard output. */
export function readTrace(log: string, folder: string): Operation[] {
  const operations: Operation[] = [];
  const begun = new Map<string, { call: string; since: number }>();
  // Its children have a standard output of their own: what compiles its sources talks to it there.
  const main = /^\d+/.exec(log)?.[0];
  const below = (path: string): boolean => path === folder || path.startsWith(`${folder}/`);
  const add = (operation: Operation, ...paths: string[]): void => {
    if (paths.every(below)) operations.push(operation);
  };
  for (const line of log.split('\n')) {
    const [, pid = '', rest = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    let call = rest;
    let since = operations.length;
    if (rest.endsWith(' <unfinished ...>')) {
      begun.set(pid, { call: rest.slice(0, -' <unfinished ...>'.length), since });
      continue;
    }
    const [, resumed] = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest) ?? [];
    if (resumed !== undefined) {
      const first = begun.get(pid);
      if (first === undefined) continue;
      call = first.call + resumed;
      since = first.since;
    }
    const [, name = '', args = '', result = ''] = /^(\w+)\((.*)\)\s+= (-?\d+)/s.exec(call) ?? [];
    if (name === '' || result.startsWith('-')) continue;
    const held = /^(\d+)<((?:\\x[0-9a-f]{2})*|[^>]*)>/.exec(args);
    const [descriptor, path] = [held?.[1], held?.[2]?.startsWith('\\x') ? text(held[2]).toString() : (held?.[2] ?? '')];
    const [one, two] = strings(args).map(String);
    switch (name) {
      case 'openat':
      case 'open':
      case 'creat':
        if (one !== undefined && (name === 'creat' || args.includes('O_CREAT')))
          add({ kind: 'create', path: one, truncate: name === 'creat' || args.includes('O_TRUNC') }, one);
        break;
      case 'write':
      case 'writev':
      case 'pwrite64':
      case 'pwritev': {
        const bytes = Buffer.concat(strings(args.slice(held?.[0].length ?? 0))).subarray(0, Number(result));
        if (descriptor === '1' && pid === main) operations.push({ kind: 'said', text: bytes.toString() });
        else add({ kind: 'write', path, offset: name.startsWith('p') ? Number(/(\d+)$/.exec(args)?.[1]) : null, bytes }, path);
        break;
      }
      case 'fsync':
      case 'fdatasync':
        add({ kind: 'sync', path, since }, path);
        break;
      case 'ftruncate':
        add({ kind: 'truncate', path, length: Number(/(\d+)$/.exec(args)?.[1]) }, path);
        break;
      case 'mkdir':
      case 'mkdirat':
        if (one !== undefined) add({ kind: 'folder', path: one }, one);
        break;
      case 'rename':
      case 'renameat':
      case 'renameat2':
        if (one !== undefined && two !== undefined) add({ kind: 'rename', from: one, to: two }, one, two);
        break;
      case 'unlink':
      case 'unlinkat':
      case 'rmdir':
        if (one !== undefined) add({ kind: 'remove', path: one }, one);
        break;
      default:
        if (below(path)) throw new Error(`The simulated disk does not know ${name}`);
    }
  }
  return operations;
}
