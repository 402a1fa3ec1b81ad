import type { UncheckedDocument } from '@darasa/shared/rules';
import * as v from 'valibot';
import { CouchRefused } from '../../couch/couch-client.ts';
import { RequestProblem } from '../../middleware/errors.ts';
import { readJson } from '../../middleware/json-body.ts';
import type { Principal } from '../../policies/principal.ts';
import { allowedQuery } from '../../policies/query.ts';
import { judgeWrites, type WriteVerdict } from '../../policies/writes.ts';
import { noteContact } from './note-contact.ts';
import type { SchoolRequest } from './school-request.ts';
import { writeLookups } from './write-lookups.ts';

const MAX_DOCS = 5_000;
const bodySchema = v.looseObject({ docs: v.pipe(v.array(v.unknown()), v.maxLength(MAX_DOCS)), new_edits: v.optional(v.boolean(), true) });
const resultSchema = v.looseObject({ id: v.optional(v.string()), error: v.optional(v.string()) });
type Result = Readonly<Record<string, unknown>>;

/**
 * `POST /db/school-<slug>/_bulk_docs`. What may pass goes on in one request with the person's own token, so that the
 * database judges again; what is refused is answered in its place. As in CouchDB, replication (`new_edits` false) hears
 * only of what was refused.
 */
export async function bulkDocs(request: SchoolRequest): Promise<Response> {
  const { c, principal, url } = request;
  allowedQuery(url, []);
  if (principal === null) throw new RequestProblem(401, 'unauthorized', 'Sign in to write');
  const parsed = v.safeParse(bodySchema, await readJson(c));
  if (!parsed.success)
    throw new RequestProblem(400, 'bad_request', `docs is a list of at most ${MAX_DOCS} documents, new_edits true or false`);
  const { docs, new_edits: newEdits } = parsed.output;

  const { verdicts, answers } = await judgeAndWrite(request, principal, docs, newEdits);

  if (!newEdits) return c.json([...verdicts.flatMap((verdict, index) => refusal(docs[index], verdict)), ...answers], 201);
  const inOrder = answers.values();
  return c.json(
    verdicts.flatMap((verdict, index) => (verdict.verdict === 'pass' ? [inOrder.next().value ?? null] : refusal(docs[index], verdict))),
    201,
  );
}

export interface JudgedWrites {
  /** In the order of the documents. */
  readonly verdicts: readonly WriteVerdict[];
  /** What went on to the database. */
  readonly passed: readonly unknown[];
  /** What the database said of it; of replication only what it refused. */
  readonly answers: readonly Result[];
}

/** Judges documents, and writes what may pass with the person's own token. Notes that a device was heard from. */
export async function judgeAndWrite(
  request: SchoolRequest,
  principal: Principal,
  docs: readonly unknown[],
  newEdits: boolean,
): Promise<JudgedWrites> {
  const hubId = principal.person.hub;
  // What a laptop did is at the laptop; here it hands in revisions as they are, each with its name.
  if (hubId !== null && newEdits) throw new RequestProblem(403, 'forbidden', 'A class laptop hands documents in by replication');
  const { school, database, receipts } = request;
  const handing: Handing =
    hubId === null ? (_, write) => write() : (passed, write) => receipts.handIn({ school, database, hubId }, passed, write);
  const judged = await writeJudged(request, principal, docs, newEdits, handing);
  noteContact(request, judged.passed.length - judged.answers.filter((answer) => answer['error'] !== undefined).length);
  return judged;
}

/** What is done around the writing of documents that passed. */
type Handing = (passed: readonly unknown[], write: () => Promise<Result[]>) => Promise<Result[]>;

type SchoolAsWritten = Pick<SchoolRequest, 'couch' | 'database' | 'metrics'>;

/** Judges documents, and writes what may pass with the person's own token, by whatever way they came. */
export async function writeJudged(
  { couch, database, metrics }: SchoolAsWritten,
  principal: Pick<Principal, 'person' | 'authorization'>,
  docs: readonly unknown[],
  newEdits: boolean,
  handing: Handing = (_, write) => write(),
): Promise<JudgedWrites> {
  const verdicts = await judgeWrites(docs, principal.person, newEdits, writeLookups(couch, database));
  const passed = docs.filter((_, index) => verdicts[index]?.verdict === 'pass');
  const writePassed = (): Promise<Result[]> => write({ couch, database }, principal.authorization, passed, newEdits);
  const answers = passed.length === 0 ? [] : await handing(passed, writePassed);
  const refused = verdicts.filter(({ verdict }) => verdict === 'refused').length;
  const failed = answers.filter((answer) => answer['error'] !== undefined).length;
  metrics.writes.inc({ outcome: 'passed' }, passed.length - failed);
  metrics.writes.inc({ outcome: 'refused' }, refused);
  metrics.writes.inc({ outcome: 'failed' }, failed);
  return { verdicts, passed, answers };
}

async function write(
  { couch, database }: Pick<SchoolRequest, 'couch' | 'database'>,
  authorization: string,
  docs: readonly unknown[],
  newEdits: boolean,
): Promise<Result[]> {
  const json = newEdits ? { docs } : { docs, new_edits: false };
  const answers = await couch.ask(v.array(resultSchema), 'POST', `/${database}/_bulk_docs`, { json, authorization });
  if (newEdits && answers.length !== docs.length)
    throw new CouchRefused('POST _bulk_docs', 200, `${answers.length} answers to ${docs.length} documents`);
  return answers;
}

function refusal(doc: unknown, verdict: WriteVerdict): Result[] {
  if (verdict.verdict !== 'refused') return [];
  // What is no document was refused for that, and has no id.
  const { _id: id, _rev: rev } = (typeof doc === 'object' && doc !== null ? doc : {}) as UncheckedDocument;
  const named = { ...(typeof id === 'string' ? { id } : {}), ...(typeof rev === 'string' ? { rev } : {}) };
  return [{ ...named, error: verdict.error, reason: verdict.reason }];
}
