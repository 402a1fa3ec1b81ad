import { type Document, type DocumentOf, docId, partitionId } from '@darasa/shared/documents';
import type { SourceCourse } from './read-course.ts';
import type { SourceQuiz } from './source-schemas.ts';

export interface Publication {
  /** When it was published. */
  readonly createdAt: string;
  readonly deviceId: string;
  readonly authorIds: readonly string[];
}

const VERSION = 1;

/**
 * The documents of a published course: its entry in the catalogue, the outline, the lessons, the quizzes, and for each exam a
 * document with what its paper leaves out.
 */
export function courseDocuments({ card, lessons, quizzes }: SourceCourse, { createdAt, deviceId, authorIds }: Publication): Document[] {
  const made = { schemaVersion: 1, createdAt, deviceId } as const;
  const courseId = card.id;
  const partition = partitionId('course', courseId);

  const sections = card.sections.map(({ id, title, items }) => ({
    id,
    title,
    items: items.map((item) => ('lesson' in item ? lessonItem(item.lesson) : quizItem(item.quiz))),
  }));
  function lessonItem(id: string) {
    const { title, minutes } = found(lessons, id);
    return { kind: 'lesson' as const, id, title, minutes };
  }
  function quizItem(id: string) {
    const { title, exam, questions } = found(quizzes, id);
    const points = questions.reduce((sum, question) => sum + question.points, 0);
    return { kind: 'quiz' as const, id, title, version: VERSION, exam, questionCount: questions.length, points };
  }

  const { id: _id, sections: _sections, ...entry } = card;
  const catalogue: DocumentOf<'course'> = {
    _id: docId(partitionId('public'), 'course', courseId),
    type: 'course',
    ...made,
    courseId,
    version: VERSION,
    ...entry,
    lessonCount: lessons.size,
    quizCount: quizzes.size,
    minutes: [...lessons.values()].reduce((sum, lesson) => sum + lesson.minutes, 0),
    authorIds: [...authorIds],
  };
  const outline: DocumentOf<'outline'> = {
    _id: docId(partition, 'outline', 'main'),
    type: 'outline',
    ...made,
    courseId,
    version: VERSION,
    sections,
  };
  const lessonDocuments = [...lessons.values()].map(
    ({ id, title, summary, minutes, body, figures }): DocumentOf<'lesson'> => ({
      _id: docId(partition, 'lesson', id),
      type: 'lesson',
      ...made,
      courseId,
      lessonId: id,
      version: VERSION,
      title,
      summary,
      minutes,
      language: card.language,
      body,
      figures,
    }),
  );
  const quizDocuments = [...quizzes.values()].flatMap((quiz): Document[] => {
    const paper: DocumentOf<'quiz'> = {
      _id: docId(partition, 'quiz', quiz.id, `v${VERSION}`),
      type: 'quiz',
      ...made,
      courseId,
      quizId: quiz.id,
      version: VERSION,
      title: quiz.title,
      passingScore: quiz.passingScore,
      exam: quiz.exam,
      ...(Object.keys(quiz.figures).length === 0 ? {} : { figures: quiz.figures }),
      questions: quiz.exam ? quiz.questions.map(sealed) : quiz.questions,
    };
    if (!quiz.exam) return [paper];
    const answerKey: DocumentOf<'answer-key'> = {
      _id: docId(partitionId('keys', courseId), 'answer-key', quiz.id, `v${VERSION}`),
      type: 'answer-key',
      ...made,
      courseId,
      quizId: quiz.id,
      version: VERSION,
      keys: Object.fromEntries(quiz.questions.map(({ id, key }) => [id, key])),
      explanations: Object.fromEntries(quiz.questions.map(({ id, explanation }) => [id, explanation])),
    };
    return [paper, answerKey];
  });
  return [catalogue, outline, ...lessonDocuments, ...quizDocuments];
}

type PaperQuestion = DocumentOf<'quiz'>['questions'][number];

/** A question as it stands on an exam paper: without its key and explanation. */
function sealed({ key: _key, explanation: _explanation, ...question }: SourceQuiz['questions'][number]): PaperQuestion {
  // Leaving two optional members out of one case of the union gives the same case; TypeScript does not keep the pairing.
  return question as PaperQuestion;
}

function found<Value>(map: ReadonlyMap<string, Value>, id: string): Value {
  const value = map.get(id);
  // The reader has checked that every item of the outline is there.
  if (value === undefined) throw new RangeError(`No item ${id}`);
  return value;
}
