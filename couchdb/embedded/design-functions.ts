import { createContext, runInContext, Script } from 'node:vm';
import { CouchError } from './errors.ts';
import { isJsonObject, type JsonObject } from './json.ts';

/** Longest run of a design document's functions before they are stopped, as CouchDB's `os_process_timeout`. */
const timeoutMilliseconds = 5_000;

/**
 * What CouchDB gives the functions of a design document: its global names, and a CommonJS `require` that finds modules by their
 * path inside the document. Documents go in and come out as JSON, so that a function can change neither.
 */
const prelude = `
var log = function () {};
var isArray = Array.isArray;
var toJSON = JSON.stringify;
var sum = function (values) { return values.reduce(function (a, b) { return a + b; }, 0); };
var console = { log: log, info: log, warn: log, error: log };
(function () {
  var document = JSON.parse(__document);
  var loaded = {};
  function resolve(name, from) {
    var path = name.charAt(0) === '.' ? from.slice(0, -1) : [];
    name.split('/').forEach(function (part) {
      if (part === '..') path.pop();
      else if (part !== '.' && part !== '') path.push(part);
    });
    return path;
  }
  function requireFrom(from) {
    return function (name) {
      var path = resolve(String(name), from);
      var source = path.reduce(function (value, part) { return value === null || value === undefined ? undefined : value[part]; }, document);
      if (typeof source !== 'string') throw { error: 'invalid_require_path', reason: 'Object has no property ' + name };
      var key = path.join('/');
      if (loaded[key]) return loaded[key].exports;
      var module = loaded[key] = { id: key, exports: {} };
      __compile(source, key)(module, module.exports, requireFrom(path));
      return module.exports;
    };
  }
  globalThis.require = requireFrom([]);
})();
var __attempt = function (work) {
  try {
    return { value: work() };
  } catch (thrown) {
    if (thrown && thrown.forbidden !== undefined) return { status: 403, error: 'forbidden', reason: thrown.forbidden };
    if (thrown && thrown.unauthorized !== undefined) return { status: 401, error: 'unauthorized', reason: thrown.unauthorized };
    if (thrown && thrown.error !== undefined) return { status: 500, error: String(thrown.error), reason: String(thrown.reason) };
    return { status: 500, error: (thrown && thrown.name) || 'unknown_error', reason: String((thrown && thrown.message) || thrown) };
  }
};
`;

/** A refusal, or a function's failure, in CouchDB's words. */
export interface FunctionRefusal {
  readonly status: 401 | 403 | 500;
  readonly error: string;
  readonly reason: unknown;
}
export type FunctionResult = { readonly value?: unknown } | FunctionRefusal;

export function isRefusal(result: FunctionResult): result is FunctionRefusal {
  return 'error' in result;
}

/** The functions of one revision of a design document, compiled when first asked for. */
export class DesignFunctions {
  readonly #document: JsonObject;
  readonly #context: JsonObject;
  readonly #compiled = new Set<string>();

  constructor(document: JsonObject) {
    this.#document = document;
    const context: JsonObject = Object.create(null);
    context['__document'] = JSON.stringify(document);
    this.#context = createContext(context, { codeGeneration: { strings: false, wasm: false } });
    context['__compile'] = (source: string, name: string) =>
      runInContext(`(function (module, exports, require) {${source}\n})`, this.#context, { filename: name, timeout: timeoutMilliseconds });
    runInContext(prelude, this.#context);
  }

  /** The source at a path of the document, such as `['filters', 'mine']`. */
  source(path: readonly string[]): string | undefined {
    let value: unknown = this.#document;
    for (const part of path) value = isJsonObject(value) ? value[part] : undefined;
    return typeof value === 'string' ? value : undefined;
  }

  /** Calls the function at `path` once for each list of arguments. One refusal never keeps the others from being called. */
  call(path: readonly string[], calls: readonly (readonly unknown[])[]): FunctionResult[] {
    return this.#run(path, calls, (name) => `${name}.apply(null, call)`);
  }

  /** Whether the map function at `path` emits anything for each document. */
  emits(path: readonly string[], documents: readonly unknown[]): FunctionResult[] {
    return this.#run(
      path,
      documents.map((document) => [document]),
      (name) => `(emitted = false, ${name}.apply(null, call), emitted)`,
    );
  }

  #run(path: readonly string[], calls: readonly (readonly unknown[])[], expression: (name: string) => string): FunctionResult[] {
    const name = `__functions[${JSON.stringify(path.join('/'))}]`;
    this.#compile(path, name);
    this.#context['__calls'] = JSON.stringify(calls);
    const code = `JSON.stringify(JSON.parse(__calls).map(function (call) { return __attempt(function () { return ${expression(name)}; }); }))`;
    try {
      const text: unknown = new Script(code).runInContext(this.#context, { timeout: timeoutMilliseconds });
      // Written by the line above.
      return JSON.parse(String(text)) as FunctionResult[];
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new CouchError(500, 'os_process_error', reason);
    }
  }

  #compile(path: readonly string[], name: string): void {
    if (this.#compiled.has(name)) return;
    const source = this.source(path)?.trim().replace(/;\s*$/, '');
    if (source === undefined) throw new CouchError(404, 'not_found', `missing json key: ${path.at(-1) ?? ''}`);
    try {
      runInContext(
        `var __functions = globalThis.__functions || {}; var emitted = false; var emit = function () { emitted = true; }; ${name} = (${source}\n);`,
        this.#context,
        { filename: path.join('/'), timeout: timeoutMilliseconds },
      );
    } catch (error) {
      throw new CouchError(500, 'compilation_error', error instanceof Error ? error.message : String(error));
    }
    this.#compiled.add(name);
  }
}
