import { type Document, partitionOf } from '@darasa/shared/documents';
import { accessTable, openCoursesOfTable, sampleDocument } from '@darasa/shared/fixtures';
import type { CouchClient } from '../../src/couch/couch-client.ts';

/** A document that is somebody's business, and a text that stands in it and nowhere else. */
export interface SecretDocument {
  readonly id: string;
  readonly partition: string;
  readonly rev: string;
}

/** The name of the attachment that lessons carry. */
export const ATTACHMENT = 'notes.txt';

/** What stands in every document of a partition. Its length is a multiple of three, so its base64 form is a text as well. */
export function markerOf(partition: string): string {
  const bare = `zq-${partition}-qz`;
  return bare.padEnd(Math.ceil(bare.length / 3) * 3, '.');
}

/** Every form in which a partition's marker can stand in an answer. */
export function markerForms(partition: string): readonly string[] {
  const marker = markerOf(partition);
  return [marker, Buffer.from(marker).toString('base64'), encodeURIComponent(marker)];
}

export const partitionsOfTable: readonly string[] = [...new Set(accessTable.map(({ partitionId }) => partitionId))];

const TYPES = {
  public: ['job', 'school'],
  school: ['announcement', 'achievement'],
  staff: ['audit'],
  course: ['lesson', 'outline', 'quiz'],
  draft: ['lesson', 'outline'],
  keys: ['answer-key'],
  class: ['announcement', 'assignment'],
  register: ['note', 'attendance'],
  learner: ['profile', 'enrolment', 'progress', 'contact'],
  employer: ['application-reply'],
} as const;

const GONE = {
  public: 'job:gone',
  school: 'announcement:gone',
  staff: 'audit:gone',
  course: 'lesson:gone',
  draft: 'lesson:gone',
  keys: 'answer-key:gone:v1',
  class: 'announcement:gone',
  register: 'note:gone',
  learner: 'enrolment:gone',
  employer: 'application-reply:gone',
} as const;

/** The id of a document of a partition that was deleted. */
export function goneId(partition: string): string {
  return `${partition}:${GONE[kindOf(partition)]}`;
}

function kindOf(partition: string): keyof typeof TYPES {
  const kind = partition.split('-')[0] ?? '';
  if (Object.keys(TYPES).includes(kind)) return kind as keyof typeof TYPES; // it is one of them
  throw new RangeError(`No partition: ${partition}`);
}

function secrets(partition: string): (Document & Record<string, unknown>)[] {
  const marker = markerOf(partition);
  return TYPES[kindOf(partition)].flatMap((type) => {
    if (type === 'school') return [];
    const doc: Document & Record<string, unknown> = { ...sampleDocument(type, partition, 'head'), marker };
    if (type === 'lesson')
      doc['_attachments'] = { [ATTACHMENT]: { content_type: 'text/plain', data: Buffer.from(marker.repeat(20)).toString('base64') } };
    return [doc];
  });
}

interface Row {
  readonly id: string;
  readonly rev?: string;
  readonly error?: string;
  readonly reason?: string;
}

async function write(couch: CouchClient, database: string, docs: readonly unknown[], newEdits = true): Promise<Row[]> {
  const answer = await couch.send('POST', `/${database}/_bulk_docs`, { json: newEdits ? { docs } : { docs, new_edits: false } });
  const rows = (await answer.json()) as Row[]; // CouchDB's form, checked below
  const failed = rows.find(({ error }) => error !== undefined);
  if (failed !== undefined) throw new Error(`${failed.id}: ${failed.error}: ${failed.reason}`);
  return rows;
}

/** The partitions of the access table, each with documents that are marked as its own, conflicts and a tombstone among them. */
export async function fillSchool(couch: CouchClient, database: string): Promise<readonly SecretDocument[]> {
  const courses = ['maths-7', 'art-8', 'drums'].map((courseId) => ({
    ...sampleDocument('course', 'public', 'head'),
    _id: `public:course:${courseId}`,
    courseId,
    open: openCoursesOfTable.has(courseId),
    marker: markerOf('public'),
  }));
  const docs = [...partitionsOfTable.flatMap(secrets), ...courses];
  const rows = await write(couch, database, docs);

  // A second branch of each document, as two devices make it, with the marker in it too.
  const rivals = docs.map((doc) => ({
    ...doc,
    _attachments: undefined,
    rival: true,
    _rev: `1-${'0'.repeat(32)}`,
    _revisions: { start: 1, ids: ['0'.repeat(32)] },
  }));
  await write(couch, database, rivals, false);

  // Documents that were deleted: their ids are secrets as well.
  const tombstones = partitionsOfTable.map((partition) => ({ _id: goneId(partition), _deleted: true }));
  await write(couch, database, tombstones);
  return rows.map(({ id, rev = '' }) => ({ id, rev, partition: partitionOf(id) }));
}
