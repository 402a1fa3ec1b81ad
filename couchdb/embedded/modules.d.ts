/** Packages that ship no types; only what this store calls is declared. */

declare module 'leveldown' {
  export interface LevelIterator {
    next(callback: (error: Error | null, key?: Buffer, value?: Buffer) => void): void;
    end(callback: (error: Error | null) => void): void;
  }
  export interface LevelOperation {
    type: 'put' | 'del';
    key: string | Buffer;
    value?: string | Buffer;
  }
  export interface LevelStore {
    open(options: object, callback: (error: Error | null) => void): void;
    close(callback: (error: Error | null) => void): void;
    get(key: string, options: { asBuffer: false }, callback: (error: Error | null, value: string) => void): void;
    batch(operations: LevelOperation[], options: { sync?: boolean }, callback: (error: Error | null) => void): void;
    iterator(options: {
      gte?: string;
      lt?: string;
      values?: boolean;
      fillCache?: boolean;
      keyAsBuffer?: boolean;
      valueAsBuffer?: boolean;
    }): LevelIterator;
    _iterator(options: { lt?: unknown; lte?: unknown }): LevelIterator;
    _put(key: unknown, value: unknown, options: { sync?: boolean }, callback: (error: Error | null) => void): void;
    _del(key: unknown, options: { sync?: boolean }, callback: (error: Error | null) => void): void;
    _batch(operations: unknown[], options: { sync?: boolean }, callback: (error: Error | null) => void): void;
  }
  interface LevelDown {
    (location: string): LevelStore;
    destroy(location: string, callback: (error: Error | null) => void): void;
  }
  const leveldown: LevelDown;
  // biome-ignore lint/style/noDefaultExport: it is what the package exports
  export default leveldown;
}

declare module 'pouchdb-abstract-mapreduce' {
  type Emit = (key: unknown, value: unknown) => void;
  type Mapper = (map: string, emit: Emit) => (doc: Record<string, unknown>) => void;
  type Reducer = (reduce: string) => (keys: unknown, values: unknown[], rereduce: boolean) => unknown;
  type Check = (designDocument: Record<string, unknown>, viewName: string) => void;
  interface MapReduce {
    query(this: unknown, view: unknown, options: Record<string, unknown>): Promise<Record<string, unknown>>;
    viewCleanup(this: unknown): Promise<unknown>;
  }
  // biome-ignore lint/style/noDefaultExport: it is what the package exports
  export default function createAbstractMapReduce(localDocName: string, mapper: Mapper, reducer: Reducer, check: Check): MapReduce;
}

declare module 'pouchdb-selector-core' {
  export function matchesSelector(document: Record<string, unknown>, selector: Record<string, unknown>): boolean;
}
