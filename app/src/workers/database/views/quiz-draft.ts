import { answerKeyId, courseCardId, type DocumentOf, type Edits, partitionId, quizDraftId } from '@darasa/shared/documents';
import { quizDraftEdits, quizDraftOf, removedQuestions, toDecide } from '@darasa/shared/rules';
import type { QuizDraftView } from '../api.ts';
import type { ViewContext } from './context.ts';

type Context = Pick<ViewContext, 'reader' | 'person'>;
type Quiz = DocumentOf<'quiz'>;

/** All published versions of a quiz that are here, the latest last. */
export async function versionsOf({ reader }: Pick<Context, 'reader'>, courseId: string, quizId: string): Promise<readonly Quiz[]> {
  const all = await reader.all(partitionId('course', courseId), 'quiz');
  return all.filter((each) => each.quizId === quizId).sort((one, other) => one.version - other.version);
}

/** What an author's draft of a quiz holds: the draft, else what is published. Null where neither is here. */
export async function quizDraft(context: Context, courseId: string, quizId: string): Promise<Edits | null> {
  const { reader, person } = context;
  const [draft, versions, course] = await Promise.all([
    reader.one(quizDraftId(courseId, quizId), 'quiz-draft'),
    versionsOf(context, courseId, quizId),
    reader.one(courseCardId(courseId), 'course'),
  ]);
  if (draft !== null) return draft.edits;
  const latest = versions.at(-1);
  if (latest === undefined) return null;
  const answerKey = await reader.one(answerKeyId(courseId, quizId, latest.version), 'answer-key');
  return quizDraftEdits(latest, answerKey, course?.authorIds[0] ?? person.id);
}

/** The pictures of a course by name: of its lessons and its quizzes. */
export async function figuresOf({ reader }: Pick<Context, 'reader'>, courseId: string): Promise<Readonly<Record<string, string>>> {
  const partition = partitionId('course', courseId);
  const [lessons, quizzes] = await Promise.all([reader.all(partition, 'lesson'), reader.all(partition, 'quiz')]);
  return Object.assign({}, ...[...lessons, ...quizzes].map(({ figures }) => figures ?? {})) as Record<string, string>; // each of them is one
}

export async function loadQuizDraft(
  { courseId, quizId }: { readonly courseId: string; readonly quizId: string },
  context: ViewContext,
): Promise<QuizDraftView | null> {
  const { reader, person } = context;
  if (!person.authors.has(courseId)) return null;
  const [edits, course, versions, figures] = await Promise.all([
    quizDraft(context, courseId, quizId),
    reader.one(courseCardId(courseId), 'course'),
    versionsOf(context, courseId, quizId),
    figuresOf(context, courseId),
  ]);
  if (edits === null) return null;
  return {
    courseId,
    courseTitle: course?.title ?? courseId,
    quizId,
    language: course?.language ?? 'en',
    values: quizDraftOf(edits),
    removed: removedQuestions(edits).map(({ id, body }) => ({ id, kind: body.kind, prompt: String(body['prompt'] ?? '') })),
    toDecide: toDecide(edits).length,
    figures: Object.keys(figures).sort(),
    version: versions.at(-1)?.version ?? null,
  };
}
