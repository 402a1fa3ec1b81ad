import { FeedIndex } from '../../sync-server/src/feed/index/feed-index.ts';
import { tableOf } from './replication-cases.ts';
import { Chance } from './simulator/chance.ts';

/** Memory of the feed index for documents with ids as those of attempts and events, and how fast it is filled. */
export function indexMemory(): string {
  const rows = [100_000, 1_000_000].map((count) => {
    const chance = new Chance(5);
    const index = new FeedIndex();
    const heap = process.memoryUsage().heapUsed;
    const started = performance.now();
    for (let i = 0; i < count; i += 1) {
      const learner = `k3m9x${(i % 10_000).toString(36).padStart(7, '0')}`;
      index.set(`learner-${learner}:lesson-event:phone-1a2b3c:${i}:${chance.hex(20)}`, [`1-${chance.hex(32)}`]);
    }
    const seconds = (performance.now() - started) / 1_000;
    const onHeap = Math.max(0, process.memoryUsage().heapUsed - heap);
    return [
      count.toLocaleString('en'),
      `${(index.byteLength / 1_048_576).toFixed(0)} MiB`,
      `${(onHeap / 1_048_576).toFixed(0)} MiB`,
      `${seconds.toFixed(1)} s`,
    ];
  });
  return tableOf(rows, ['documents in 10,000 partitions', 'arrays', 'heap before collection', 'filled in']);
}
