export { canonicalJson, contentDigest } from './digest.ts';
export { type DocId, docId, MAX_DOC_ID_LENGTH, type ParsedDocId, parseDocId, partitionOf } from './ids.ts';
export {
  isKey,
  KEY_PATTERN,
  KEYED_PARTITIONS,
  type KeyedPartition,
  type Partition,
  type PartitionId,
  type PartitionKind,
  parsePartition,
  partitionId,
  SINGLE_PARTITIONS,
  type SinglePartition,
} from './partitions.ts';
export { opaqueId, type RandomBytes, ulid } from './random-ids.ts';
export { type Document, type DocumentOf, type DocumentTypeName, documentTypes, isDocumentType, type Mutability } from './registry.ts';
export { CATEGORIES, LEVELS, PROGRAMMES, TIERS } from './school.ts';
export type { QuestionKey } from './course.ts';
export type { Answer, GradeResult, QuestionResult } from './learner.ts';
