export { type Block, DOCUMENTS_IN_BLOCK, fromBlock, toBlocks } from './blocks.ts';
export { type Branch, leavesWithout, revisionsOf } from './branches.ts';
export { type HeldDocument, splitHashes, sumsByBucket } from './compare.ts';
export {
  type ExchangeOptions,
  type ExchangeOutcome,
  type ExchangeProgress,
  exchangeWithSchool,
  ReplyBrokeOff,
  type SendExchange,
  writeSending,
} from './device-exchange.ts';
export type { DeviceStorage, Position, PushLimits, RefusedDocument } from './device-storage.ts';
export { afterChange, type Digest, EMPTY_DIGEST, EMPTY_ROOT, rootOf, sameDigest } from './digest.ts';
export { DigestTable } from './digest-table.ts';
export { BUCKETS, bucketOf, differenceOf, documentHash, type Hash, hexOf, sumOf, ZERO_HASH } from './document-hash.ts';
export {
  type CouchDocument,
  couchDocumentSchema,
  type ExchangeDocument,
  fromCouch,
  generationOf,
  isRev,
  toCouch,
} from './exchange-document.ts';
export { LAST_RANK, rankOf } from './importance.ts';
export { type HeldDigests, isOwn, type OwnPartitions } from './partitions-held.ts';
export { type ReplyEnd, type ReplyLine, readReplyLine, writeReplyLine } from './reply.ts';
export {
  type BucketSums,
  EXCHANGE_LIMITS,
  EXCHANGE_TYPE,
  type ExchangeRequest,
  type Listing,
  type Question,
  readRequest,
  writeRequest,
} from './request.ts';
