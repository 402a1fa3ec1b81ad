import { partitionOf } from '@darasa/shared/documents';
import { scopeOf } from '@darasa/shared/protocol';
import { partitionReader, personFrom, type Readable, readablePartitions } from '@darasa/shared/rules';
import { type CouchDocument, couchDocumentSchema, fromCouch, readRequest, toCouch } from '@darasa/shared/sync';
import * as v from 'valibot';
import { answerExchange } from '../../../../../sync-server/src/exchange/answer-exchange.ts';
import { CacheBudget, DocumentCache } from '../../../../../sync-server/src/feed/index/document-cache.ts';
import { FeedIndex } from '../../../../../sync-server/src/feed/index/feed-index.ts';
import type { BuiltIndex } from '../../../../../sync-server/src/feed/index/school-index.ts';
import { SequenceMarks } from '../../../../../sync-server/src/feed/index/sequence-marks.ts';
import type { FakeAccount, FakeSchool } from './device.fixture.ts';

const openedSchema = v.array(v.looseObject({ ok: couchDocumentSchema }));

/** How a school of a test answers exchanges: by the server's own code, over the school's PouchDB. */
export function exchangeOf(school: FakeSchool): (account: FakeAccount, init: RequestInit | undefined) => Promise<Response> {
  let built = newIndex(0);
  let followed = school.database;
  let seq: number | string = 0;
  let epochs = 0;
  const follow = async (): Promise<void> => {
    if (followed !== school.database) {
      epochs += 1;
      [followed, built, seq] = [school.database, newIndex(epochs), 0];
    }
    const { results, last_seq } = await school.database.changes({ since: seq, style: 'all_docs' });
    seq = last_seq;
    for (const { id, changes } of results)
      built.index.set(
        id,
        changes.map(({ rev }) => rev),
      );
  };

  return async (account, init) => {
    await follow();
    const request = readRequest(await textOf(init));
    const readable = (): Readable => {
      const all = readablePartitions(personFrom(account.id, account.roles), school.openCourses);
      const { scope } = request.question;
      if (scope === undefined) return all;
      return {
        partitions: new Set([...all.partitions].filter((id) => scopeOf(id) === scope)),
        kinds: new Set([...all.kinds].filter((kind) => scopeOf(`${kind}-x`) === scope)),
      };
    };
    const lines = answerExchange(request, {
      hub: null,
      built: () => built,
      readable,
      push: async (docs) => {
        school.pushed.push(...docs.map(({ id }) => id));
        const mayRead = partitionReader(personFrom(account.id, account.roles), school.openCourses);
        const reasonOf = (id: string): string | undefined => school.refuses.get(id) ?? (mayRead(partitionOf(id)) ? undefined : 'Not yours');
        const refused = docs.flatMap(({ id, rev }) => {
          const reason = reasonOf(id);
          return reason === undefined ? [] : [{ id, rev, error: 'forbidden', reason }];
        });
        await school.database.bulkDocs(docs.filter(({ id }) => reasonOf(id) === undefined).map(toCouch), { new_edits: false });
        await follow();
        return refused;
      },
      read: async (leaves) => {
        const docs: CouchDocument[] = [];
        for (const { id, rev } of leaves) {
          const opened: unknown = await school.database.get(id, { open_revs: [rev], revs: true });
          docs.push(...v.parse(openedSchema, opened).map(({ ok }) => ok));
        }
        return docs.map(fromCouch);
      },
      wait: async (_, ms) => {
        await changeOf(school.database, ms, init?.signal ?? null);
        await follow();
      },
    });
    let text = '';
    for await (const line of lines) text += line;
    const cut = school.cutsRepliesAfter;
    return new Response(cut === null ? text : brokenOff(text.slice(0, cut)));
  };
}

function brokenOff(text: string): ReadableStream<Uint8Array> {
  const parts = [new TextEncoder().encode(text)];
  return new ReadableStream({
    pull: (controller) => {
      const part = parts.pop();
      if (part === undefined) controller.error(new TypeError('network error'));
      else controller.enqueue(part);
    },
  });
}

function newIndex(epoch: number): BuiltIndex {
  return {
    index: new FeedIndex(),
    epoch: `test${epoch}`,
    cache: new DocumentCache(new CacheBudget(1_000_000)),
    bodies: new DocumentCache(new CacheBudget(1_000_000)),
    marks: new SequenceMarks(),
    singleCopy: true,
  };
}

async function textOf(init: RequestInit | undefined): Promise<string> {
  const stream = new Response(init?.body ?? '').body ?? new ReadableStream();
  const gzipped = new Headers(init?.headers).get('content-encoding') === 'gzip';
  return new Response(gzipped ? stream.pipeThrough(new DecompressionStream('gzip')) : stream).text();
}

/** Ends with the next change or after a time; throws when whoever asked goes away. */
function changeOf(database: PouchDB.Database, ms: number, signal: AbortSignal | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const feed = database.changes({ since: 'now', live: true }).on('change', () => end(resolve));
    const timer = setTimeout(() => end(resolve), ms);
    const gone = (): void => end(() => reject(new DOMException('Nobody listens', 'AbortError')));
    const end = (how: () => void): void => {
      clearTimeout(timer);
      feed.cancel();
      signal?.removeEventListener('abort', gone);
      how();
    };
    if (signal?.aborted === true) gone();
    else signal?.addEventListener('abort', gone);
  });
}
