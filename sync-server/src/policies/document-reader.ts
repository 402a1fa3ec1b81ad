import { partitionOf } from '@darasa/shared/documents';
import { type Scope, scopeOf } from '@darasa/shared/protocol';
import { type OpenCourses, type Person, partitionReader, type Readable, readablePartitions } from '@darasa/shared/rules';

/** Whether documents may be read, told from their ids alone. */
export type DocumentReader = (id: string) => boolean;

/**
 * What a person may read of a school, within the scope that a device asked for. What is in no partition (a design
 * document, a local document, a stranger's id) nobody reads.
 */
export function documentReader(person: Person | null, openCourses: OpenCourses, scope: Scope | null = null): DocumentReader {
  const mayRead = partitionReader(person, openCourses);
  return (id) => {
    const partition = partitionOf(id);
    return mayRead(partition) && (scope === null || scopeOf(partition) === scope);
  };
}

/** What a person may read at a moment: as partitions, and as a question about one document. */
export interface Access {
  readonly readable: Readable;
  readonly mayRead: DocumentReader;
}

/** What a person may read within a scope, worked out anew when the open courses are others. */
export function personAccess(person: Person | null, openCourses: () => OpenCourses, scope: Scope | null): () => Access {
  let known: (Access & { readonly open: OpenCourses }) | null = null;
  return () => {
    const open = openCourses();
    if (known?.open !== open) {
      known = { open, readable: readableWithin(person, open, scope), mayRead: documentReader(person, open, scope) };
    }
    return known;
  };
}

/** The partitions that a person may read within a scope. */
export function readableWithin(person: Person | null, openCourses: OpenCourses, scope: Scope | null): Readable {
  const { partitions, kinds } = readablePartitions(person, openCourses);
  if (scope === null) return { partitions, kinds };
  return {
    partitions: new Set([...partitions].filter((id) => scopeOf(id) === scope)),
    kinds: new Set([...kinds].filter((kind) => scopeOf(`${kind}-x`) === scope)),
  };
}
