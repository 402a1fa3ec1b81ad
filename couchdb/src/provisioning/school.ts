import { type DocumentOf, docId, isKey, partitionId } from '@darasa/shared/documents';
import { type DesignSource, designSource } from '../design/design-source.ts';
import type { CouchAdmin } from './couch-admin.ts';
import { readDocument, writeDocument } from './couch-documents.ts';
import { CouchError } from './couch-error.ts';
import { ensureDatabase, SERVER_DATABASE, schoolDatabase, schoolMembersOnly, setSecurity } from './database.ts';
import { installDesignDocument } from './design-documents.ts';

export interface SchoolDescription {
  /** The school's short name: a key, at most 40 characters. */
  readonly slug: string;
  readonly name: string;
  readonly motto: string;
  readonly languages: DocumentOf<'school'>['languages'];
  /** Whether its accounts' passwords are public. */
  readonly demo: boolean;
}

export interface ProvisioningOptions {
  readonly now?: () => Date;
  readonly design?: DesignSource;
  /** A class laptop's copy: the school's card comes with everything else from the school. */
  readonly replica?: boolean;
}

/**
 * Creates a school, or brings one of an older release up to date; does nothing when all is as it should be.
 *
 * The rules are in place before the members are let in. The entry in the server's database comes last, so a school
 * that is listed is complete, and one that was interrupted is completed by the next call.
 * Throws a RangeError when the slug is no key, and a CouchError when the database refuses.
 */
export async function provisionSchool(
  couch: CouchAdmin,
  school: SchoolDescription,
  { now = () => new Date(), design, replica = false }: ProvisioningOptions = {},
): Promise<void> {
  if (!isKey(school.slug)) throw new RangeError(`Not a short name of a school: ${JSON.stringify(school.slug)}`);
  const { designDocuments, indexes } = design ?? (await designSource());
  const database = schoolDatabase(school.slug);

  await ensureDatabase(couch, database);
  for (const document of designDocuments) await installDesignDocument(couch, database, document);
  for (const index of indexes) await couch.request('POST', `/${database}/_index`, { body: index });
  await setSecurity(couch, database, schoolMembersOnly(school.slug));

  const createdAt = now().toISOString();
  const { slug, name, motto, languages, demo } = school;
  const card = { _id: docId(partitionId('public'), 'school', 'card'), type: 'school', schemaVersion: 1, createdAt, deviceId: 'server' };
  if (!replica) await keep(couch, database, { ...card, slug, name, motto, languages });
  await keep(couch, SERVER_DATABASE, { _id: `school:${slug}`, createdAt, slug, name, demo });
}

type Kept = Readonly<Record<string, unknown>> & { readonly _id: string; readonly createdAt: string };

/** Writes a document whose content may have changed, keeping when it was first made. */
async function keep(couch: CouchAdmin, database: string, wanted: Kept): Promise<void> {
  const before = await readDocument(couch, database, wanted._id);
  const next = before === null ? wanted : { ...before, ...wanted, createdAt: before['createdAt'] ?? wanted.createdAt };
  if (before !== null && Object.entries(next).every(([field, value]) => JSON.stringify(value) === JSON.stringify(before[field]))) return;
  const outcome = await writeDocument(couch, database, next);
  if (outcome === 'conflict') throw new CouchError(`PUT ${wanted._id}`, 409, 'conflict', 'changed by somebody else just now');
}
