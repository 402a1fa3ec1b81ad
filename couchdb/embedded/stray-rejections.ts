import type { Report } from './report.ts';

/** Where a promise was left that nobody waits for. */
const libraries = /node_modules\/(?:pouchdb|leveldown|levelup|sublevel-pouchdb|abstract-leveldown)/;

/**
 * PouchDB leaves some promises of its own without a handler, and Node ends the process for one that is rejected. Those are reported
 * instead; any other is a bug of this program and ends it as before. Returns how to stop.
 */
export function surviveStrayRejections(report: Report): () => void {
  const onRejection = (reason: unknown) => {
    if (!(reason instanceof Error) || !libraries.test(reason.stack ?? '')) throw reason;
    report('a promise that PouchDB left', reason);
  };
  process.on('unhandledRejection', onRejection);
  return () => process.off('unhandledRejection', onRejection);
}
