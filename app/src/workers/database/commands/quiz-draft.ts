import {
  courseCardId,
  type DocumentOf,
  type Edits,
  itemName,
  NO_EDITS,
  newQuizDraft,
  opaqueId,
  quizDraftId,
} from '@darasa/shared/documents';
import { type QuestionBody, type QuizDraft, questionOfBody, restoreItem, type Stamp, setCell, writeQuizDraft } from '@darasa/shared/rules';
import type { Outcome, QuestionView } from '../api.ts';
import { questionView } from '../views/question-view.ts';
import { figuresOf, quizDraft } from '../views/quiz-draft.ts';
import { failed } from '../write.ts';
import { type CommandContext, originOf } from './context.ts';
import { changeEdited } from './edited-document.ts';

function changeQuizDraft(
  context: CommandContext,
  courseId: string,
  quizId: string,
  base: Edits | null,
  change: (edits: Edits, stamp: Stamp) => Edits,
): Promise<Outcome> {
  const begin = (): DocumentOf<'quiz-draft'> | null =>
    base === null ? null : { ...newQuizDraft({ courseId, quizId, authorId: context.person.id, ...originOf(context) }), edits: base };
  return changeEdited(context, 'quiz-draft', quizDraftId(courseId, quizId), begin, (doc, stamp) => {
    const edits = change(doc.edits, stamp(doc.edits.seen));
    return edits === doc.edits ? null : { ...doc, edits };
  });
}

/** Begins a quiz that goes into a section of the course when it is published. Answers its id. */
export async function addQuiz(
  context: CommandContext,
  courseId: string,
  sectionId: string,
  title: string,
): Promise<Outcome<{ readonly quizId: string }>> {
  if (title.trim() === '') return failed('invalid', 'The quiz has no title');
  const quizId = opaqueId(context.environment.random);
  const made = await changeQuizDraft(context, courseId, quizId, NO_EDITS, (edits, stamp) =>
    setCell(setCell(edits, stamp, 'title', title.trim()), { ...stamp, n: stamp.n + 1 }, 'place', sectionId),
  );
  return made.ok ? { ok: true, value: { quizId } } : made;
}

/** Saves what differs from what the person saw of a quiz. It may be incomplete: that keeps it from being published, not from being saved. */
export async function saveQuizDraft(
  context: CommandContext,
  courseId: string,
  quizId: string,
  saw: QuizDraft,
  values: QuizDraft,
): Promise<Outcome> {
  const base = await quizDraft(context, courseId, quizId);
  return changeQuizDraft(context, courseId, quizId, base, (edits, stamp) => writeQuizDraft(edits, stamp, saw, values));
}

/** Brings back a question that was taken out. */
export function restoreQuestion(context: CommandContext, courseId: string, quizId: string, questionId: string): Promise<Outcome> {
  return changeQuizDraft(context, courseId, quizId, null, (edits, stamp) => restoreItem(edits, stamp, itemName('question', questionId)));
}

export async function previewQuestion(
  { reader, markdown }: CommandContext,
  courseId: string,
  _quizId: string,
  questionId: string,
  body: QuestionBody,
): Promise<Outcome<QuestionView>> {
  const parsed = questionOfBody(questionId, body);
  if (!parsed.success) return failed('invalid', parsed.issues[0].message);
  const course = await reader.one(courseCardId(courseId), 'course');
  const texts = { language: course?.language ?? 'en', figures: await figuresOf({ reader }, courseId), markdown };
  return { ok: true, value: await questionView(parsed.output, texts) };
}
