import { createContext, Script } from 'node:vm';
import createMapReduce from 'pouchdb-abstract-mapreduce';
import { CouchError } from './errors.ts';
import { isJsonObject, type JsonObject } from './json.ts';

const timeoutMilliseconds = 5_000;

const prelude = `
var log = function () {};
var isArray = Array.isArray;
var toJSON = JSON.stringify;
var sum = function (values) { return values.reduce(function (a, b) { return a + b; }, 0); };
var __rows = [];
var emit = function (key, value) { __rows.push([key === undefined ? null : key, value === undefined ? null : value]); };
`;

/**
 * PouchDB's own map and reduce make a new VM context for every document; here a function is compiled once. Documents go in and rows
 * come out as JSON.
 */
function compile(source: string, call: string): (input: unknown) => unknown {
  const context = createContext(Object.create(null), { codeGeneration: { strings: false, wasm: false } }) as JsonObject;
  new Script(`${prelude}\nvar __function = (${source.trim().replace(/;\s*$/, '')}\n);`).runInContext(context, {
    timeout: timeoutMilliseconds,
  });
  const script = new Script(call);
  return (input) => {
    context['__input'] = JSON.stringify(input);
    return JSON.parse(String(script.runInContext(context, { timeout: timeoutMilliseconds })));
  };
}

function mapper(source: string, emit: (key: unknown, value: unknown) => void): (document: JsonObject) => void {
  const run = compile(source, '__rows = []; __function(JSON.parse(__input)); JSON.stringify(__rows)');
  return (document) => {
    const rows = run(document);
    if (!Array.isArray(rows)) return;
    for (const row of rows) if (Array.isArray(row)) emit(row[0], row[1]);
  };
}

type Reduce = (keys: unknown, values: unknown[], rereduce: boolean) => unknown;

const builtIn: Readonly<Record<string, Reduce>> = {
  _sum: (_keys, values) => values.reduce((sum, value) => add(sum, value), 0),
  _count: (_keys, values, rereduce) => (rereduce ? values.reduce<number>((sum, value) => sum + Number(value), 0) : values.length),
  _stats: (_keys, values, rereduce) => stats(values, rereduce),
};

/** Numbers, lists of numbers (position by position) and objects of them (name by name), as CouchDB adds them. */
function add(a: unknown, b: unknown): unknown {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (Array.isArray(a) || Array.isArray(b)) {
    const left: unknown[] = Array.isArray(a) ? a : [a];
    const right: unknown[] = Array.isArray(b) ? b : [b];
    return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => add(left[index] ?? 0, right[index] ?? 0));
  }
  if (isJsonObject(b) && (isJsonObject(a) || a === 0)) {
    const sum: JsonObject = isJsonObject(a) ? { ...a } : {};
    for (const [name, value] of Object.entries(b)) sum[name] = add(sum[name] ?? 0, value);
    return sum;
  }
  throw new CouchError(500, 'builtin_reduce_error', 'The _sum function requires that map values be numbers, arrays, or objects.');
}

interface Stats {
  sum: number;
  count: number;
  min: number;
  max: number;
  sumsqr: number;
}

function stats(values: unknown[], rereduce: boolean): Stats {
  const parts = values.map((value): Stats => {
    // Written by this function before.
    if (rereduce) return value as Stats;
    if (typeof value !== 'number')
      throw new CouchError(500, 'builtin_reduce_error', 'The _stats function requires that map values be numbers');
    return { sum: value, count: 1, min: value, max: value, sumsqr: value * value };
  });
  return parts.reduce((a, b) => ({
    sum: a.sum + b.sum,
    count: a.count + b.count,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    sumsqr: a.sumsqr + b.sumsqr,
  }));
}

function reducer(source: string): Reduce {
  const known = builtIn[source];
  if (known) return known;
  if (source.startsWith('_')) throw new CouchError(500, 'unknown_builtin', source);
  const run = compile(source, 'JSON.stringify([__function.apply(null, JSON.parse(__input))])');
  return (keys, values, rereduce) => {
    const result = run([keys, values, rereduce]);
    return Array.isArray(result) ? (result[0] ?? null) : null;
  };
}

function checkView(document: JsonObject, name: string): void {
  const view = isJsonObject(document['views']) ? document['views'][name] : undefined;
  if (!isJsonObject(view) || typeof view['map'] !== 'string') throw new CouchError(404, 'not_found', 'missing_named_view');
}

/** `query` and `viewCleanup`, to be called on a PouchDB. The name is PouchDB's own, so that what it indexed before still counts. */
export const mapReduce = createMapReduce('mrviews', mapper, reducer, checkView);
