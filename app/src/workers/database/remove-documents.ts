/*
 * PouchDB's `idb` adapter can delete a document only by writing that it is deleted, and such a revision would travel. What a person may
 * not hold any more has to be gone. So it is removed where the adapter keeps it, in one transaction of IndexedDB: other tabs
 * see all of it or nothing. The names are those of the adapter's fifth and last version, of 2015; newer work of PouchDB's goes into
 * the adapter `indexeddb`.
 */

const DOCUMENTS = 'document-store';
const BY_SEQUENCE = 'by-sequence';
const ATTACHMENTS = 'attach-store';
const ATTACHMENTS_OF_SEQUENCES = 'attach-seq-store';
const META = 'meta-store';

const answerOf = <Value>(request: IDBRequest<Value>): Promise<Value> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

export interface Storage {
  readonly factory: IDBFactory;
  readonly keyRange: typeof IDBKeyRange;
}

/**
 * Removes documents with all their revisions and attachments, as if they had never been here: those that were last written up to the
 * local sequence `upTo`. `name` is PouchDB's. May be done again.
 */
export async function removeDocuments({ factory, keyRange }: Storage, name: string, ids: readonly string[], upTo: number): Promise<void> {
  const database = await answerOf(factory.open(`_pouch_${name}`));
  try {
    const transaction = database.transaction([DOCUMENTS, BY_SEQUENCE, ATTACHMENTS, ATTACHMENTS_OF_SEQUENCES, META], 'readwrite');
    const ended = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error('The removal was stopped'));
    });
    const removing = removeWithin(transaction, keyRange, ids, upTo);
    await Promise.all([ended, removing]);
  } finally {
    database.close();
  }
}

/** What is awaited here are requests of the transaction alone, so that it stays open. */
async function removeWithin(
  transaction: IDBTransaction,
  keyRange: typeof IDBKeyRange,
  ids: readonly string[],
  upTo: number,
): Promise<void> {
  const documents = transaction.objectStore(DOCUMENTS);
  const sequences = transaction.objectStore(BY_SEQUENCE);
  let counted = 0;
  for (const id of ids) {
    const metadata: { readonly seq: number; readonly deletedOrLocal: '0' | '1' } | undefined = await answerOf(documents.get(id));
    if (metadata === undefined || metadata.seq > upTo) continue;
    if (metadata.deletedOrLocal === '0') counted += 1;
    const revisions = keyRange.bound(`${id}::`, `${id}::\uffff`);
    for (const sequence of await answerOf(sequences.index('_doc_id_rev').getAllKeys(revisions))) {
      sequences.delete(sequence);
      await removeAttachments(transaction, keyRange, sequence);
    }
    documents.delete(id);
  }
  // The adapter keeps the number of documents here.
  const meta: { readonly docCount: number } = await answerOf(transaction.objectStore(META).get(META));
  transaction.objectStore(META).put({ ...meta, docCount: meta.docCount - counted });
}

/** Of one revision; the content itself goes with the last revision that has it. */
async function removeAttachments(transaction: IDBTransaction, keyRange: typeof IDBKeyRange, sequence: IDBValidKey): Promise<void> {
  const uses = transaction.objectStore(ATTACHMENTS_OF_SEQUENCES);
  const own = uses.index('seq');
  const keys = await answerOf(own.getAllKeys(keyRange.only(sequence)));
  const rows: readonly { readonly digestSeq: string }[] = await answerOf(own.getAll(keyRange.only(sequence)));
  for (const key of keys) uses.delete(key);
  for (const { digestSeq } of rows) {
    const [digest = ''] = digestSeq.split('::');
    const others = await answerOf(uses.index('digestSeq').count(keyRange.bound(`${digest}::`, `${digest}::\uffff`)));
    if (others === 0) transaction.objectStore(ATTACHMENTS).delete(digest);
  }
}
