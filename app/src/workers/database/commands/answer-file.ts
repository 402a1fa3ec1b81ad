import { newAnswerFile } from '@darasa/shared/documents';
import { type FileRef, MAX_FILE_SIZE } from '@darasa/shared/questions';
import { validateWrite } from '@darasa/shared/rules';
import type { Answer, AnswerFile, Outcome } from '../api.ts';
import { appendDocument, done, failed, storageProblem } from '../write.ts';
import { type CommandContext, countedOrigin } from './context.ts';

/*
 * Photos and files of answers. In hand they are the device's alone, as the attempt is. The whole document is made when a file is
 * taken, so that a submission which a crash interrupts sends the same documents when it is made again.
 */

type Key = [accountId: string, courseId: string, quizId: string];

/** How many bytes a text in base64 stands for. */
function sizeOf(data: string): number {
  return (data.length / 4) * 3 - (data.endsWith('==') ? 2 : data.endsWith('=') ? 1 : 0);
}

export async function keepFile(
  context: CommandContext,
  courseId: string,
  quizId: string,
  questionId: string,
  name: string,
  { mediaType, data }: AnswerFile,
): Promise<Outcome<FileRef>> {
  const { store, person } = context;
  if (sizeOf(data) > MAX_FILE_SIZE) return failed('invalid', `A file has at most ${MAX_FILE_SIZE} bytes`);
  try {
    const origin = await countedOrigin(context);
    const doc = newAnswerFile({ ...origin, learnerId: person.id, courseId, quizId, questionId, mediaType, data });
    const refusal = validateWrite(doc, null, person);
    if (refusal !== null) return failed('invalid', 'forbidden' in refusal ? refusal.forbidden : refusal.unauthorized);
    await store.openFiles.put({ accountId: person.id, courseId, quizId, id: doc._id, doc });
    return { ok: true, value: { file: doc._id, name: name.slice(-200), mediaType, size: sizeOf(data) } };
  } catch (error) {
    return storageProblem(error);
  }
}

export async function readFile({ store, person, readNow }: CommandContext, id: string): Promise<Outcome<AnswerFile | null>> {
  const row = await store.openFiles.get(id);
  const doc = row?.accountId === person.id ? row.doc : await readNow().one(id, 'answer-file');
  return { ok: true, value: doc === null ? null : { mediaType: doc.mediaType, data: doc.data } };
}

/** Makes documents of the files that the answers name. */
export async function sendFiles(
  { store, own, person }: CommandContext,
  key: Key,
  answers: Readonly<Record<string, Answer>>,
): Promise<Outcome> {
  const named = new Set(Object.values(answers).flatMap((answer) => (answer.kind === 'file' ? answer.files.map(({ file }) => file) : [])));
  for (const { id, doc } of await store.openFiles.where('[accountId+courseId+quizId]').equals(key).toArray()) {
    if (!named.has(id)) continue;
    const written = await appendDocument(own, person, doc);
    if (!written.ok) return written;
  }
  return done();
}

/** The attempt is submitted: what no answer named is of no use any more. */
export async function forgetFiles({ store }: CommandContext, key: Key): Promise<void> {
  await store.openFiles.where('[accountId+courseId+quizId]').equals(key).delete();
}
