import {
  answerKeyId,
  type Document,
  type DocumentOf,
  outlineId,
  partitionId,
  quizId as quizDocId,
  quizDraftId,
  type Regrade,
} from '@darasa/shared/documents';
import {
  changedQuestions,
  paperSize,
  publishedQuiz,
  quizDraftOf,
  quizProblems,
  regradeEffect,
  shownText,
  type TakenVersion,
} from '@darasa/shared/rules';
import type { Outcome, PublishPreview, RegradeChoice } from '../api.ts';
import { figuresOf, quizDraft, versionsOf } from '../views/quiz-draft.ts';
import { failed } from '../write.ts';
import { type CommandContext, originOf } from './context.ts';

type Choices = Readonly<Record<string, RegradeChoice>>;

/** A draft as the next version that it would be, beside those that there are. */
interface Publication {
  readonly versions: readonly TakenVersion[];
  readonly next: TakenVersion;
  readonly answerKey: DocumentOf<'answer-key'> | null;
}

async function publication(context: CommandContext, courseId: string, quizId: string, choices: Choices): Promise<Publication | null> {
  // What was saved just now is published: a reader that remembers may not have heard of it yet.
  const reader = context.readNow();
  const [edits, published, figures] = await Promise.all([
    quizDraft({ reader, person: context.person }, courseId, quizId),
    versionsOf(context, courseId, quizId),
    figuresOf(context, courseId),
  ]);
  if (edits === null) return null;
  const draft = quizDraftOf(edits);
  if (quizProblems(draft).length > 0) return null;
  const versions = await Promise.all(
    published.map(async (quiz) => ({
      quiz,
      keys: (await reader.one(answerKeyId(courseId, quizId, quiz.version), 'answer-key'))?.keys,
    })),
  );
  const { paper, keys, explanations } = publishedQuiz(draft);
  const version = (published.at(-1)?.version ?? 0) + 1;
  const regrades = published.flatMap((earlier) =>
    earlier.questions.flatMap(({ id }): Regrade[] => {
      const how = choices[id] ?? 'as-it-was';
      return how === 'as-it-was' ? [] : [{ version: earlier.version, question: id, how }];
    }),
  );
  const text = JSON.stringify(paper);
  const shown = Object.entries(figures).filter(([name]) => text.includes(name));
  const quiz: DocumentOf<'quiz'> = {
    _id: quizDocId(courseId, quizId, version),
    type: 'quiz',
    schemaVersion: 1,
    ...originOf(context),
    courseId,
    quizId,
    version,
    ...paper,
    ...(shown.length === 0 ? {} : { figures: Object.fromEntries(shown) }),
    ...(regrades.length === 0 ? {} : { regrades }),
  };
  const answerKey: DocumentOf<'answer-key'> | null = draft.exam
    ? {
        _id: answerKeyId(courseId, quizId, version),
        type: 'answer-key',
        schemaVersion: 1,
        ...originOf(context),
        courseId,
        quizId,
        version,
        keys,
        explanations,
      }
    : null;
  return { versions, next: { quiz, keys: draft.exam ? keys : undefined }, answerKey };
}

/** Attempts at a quiz of the learners whose work the person sees. */
async function attemptsHere(
  { reader, person }: CommandContext,
  courseId: string,
  quizId: string,
): Promise<readonly DocumentOf<'attempt'>[]> {
  const all = await Promise.all([...person.marks].map((learnerId) => reader.all(partitionId('learner', learnerId), 'attempt')));
  return all.flat().filter((each) => each.courseId === courseId && each.quizId === quizId);
}

export async function previewPublishing(
  context: CommandContext,
  courseId: string,
  quizId: string,
  choices: Choices,
): Promise<Outcome<PublishPreview>> {
  const ready = await publication(context, courseId, quizId, choices);
  if (ready === null) return failed('invalid', 'The quiz cannot be published yet');
  const { versions, next } = ready;
  const latest = versions.at(-1);
  const changed = latest === undefined ? [] : changedQuestions(latest, next);
  return {
    ok: true,
    value: {
      changed: changed.map((id) => ({
        id,
        prompt: latest?.quiz.questions.find((question) => question.id === id)?.prompt ?? '',
        gone: !next.quiz.questions.some((question) => question.id === id),
      })),
      effect: regradeEffect(await attemptsHere(context, courseId, quizId), versions, next),
    },
  };
}

/** The outline with the quiz at its place: where it stands already, else at the end of its section. */
function placed(outline: DocumentOf<'outline'>, quiz: DocumentOf<'quiz'>, section: string): DocumentOf<'outline'> {
  const { quizId: id, title, version, exam } = quiz;
  const item = { kind: 'quiz' as const, id, title, version, exam, ...paperSize(quiz) };
  const there = outline.sections.some(({ items }) => items.some((each) => each.kind === 'quiz' && each.id === id));
  const into = outline.sections.some((each) => each.id === section) ? section : outline.sections.at(-1)?.id;
  return {
    ...outline,
    sections: outline.sections.map((each) => {
      if (there) return { ...each, items: each.items.map((old) => (old.kind === 'quiz' && old.id === id ? { ...old, ...item } : old)) };
      return each.id === into ? { ...each, items: [...each.items, item] } : each;
    }),
  };
}

export async function publishQuiz(
  context: CommandContext,
  courseId: string,
  quizId: string,
  choices: Choices,
): Promise<Outcome<{ readonly version: number }>> {
  const reader = context.readNow();
  const ready = await publication(context, courseId, quizId, choices);
  const [outline, draft] = await Promise.all([
    reader.one(outlineId(courseId), 'outline'),
    reader.one(quizDraftId(courseId, quizId), 'quiz-draft'),
  ]);
  if (ready === null || outline === null) return failed('invalid', 'The quiz cannot be published yet');
  const { next, answerKey } = ready;
  const section = draft === null ? '' : shownText(draft.edits, 'place');
  // The keys first: nobody is asked what cannot be graded.
  const docs: Document[] = [...(answerKey === null ? [] : [answerKey]), next.quiz, placed(outline, next.quiz, section)];
  const outcome = await context.publish(docs);
  return outcome.ok ? { ok: true, value: { version: next.quiz.version } } : outcome;
}
