import type { DocumentOf } from '@darasa/shared/documents';
import { courseCardId, lessonId, outlineId, quizId } from '@darasa/shared/documents';
import { type FakeAccount, type FakeSchool, fakeSchool } from './device.fixture.ts';

const made = { schemaVersion: 1, createdAt: '2026-01-01T08:00:00.000Z', deviceId: 'demo' } as const;

/** A small course: two lessons and a quiz of two questions. */
export function courseDocuments(courseId: string, open: boolean): readonly { _id: string }[] {
  const course: DocumentOf<'course'> = {
    _id: courseCardId(courseId),
    type: 'course',
    ...made,
    courseId,
    version: 1,
    title: `Course ${courseId}`,
    summary: 'About it',
    language: 'en',
    programme: 'school',
    category: 'mathematics',
    tier: 'youth',
    grade: 7,
    level: 'beginner',
    tags: [],
    featured: false,
    open,
    lessonCount: 2,
    quizCount: 1,
    minutes: 40,
    authorIds: [],
  };
  const outline: DocumentOf<'outline'> = {
    _id: outlineId(courseId),
    type: 'outline',
    ...made,
    courseId,
    version: 1,
    sections: [
      {
        id: 'one',
        title: 'One',
        items: [
          { kind: 'lesson', id: 'first', title: 'First', minutes: 20 },
          { kind: 'lesson', id: 'second', title: 'Second', minutes: 20 },
          { kind: 'quiz', id: 'check', title: 'Check', version: 1, exam: false, questionCount: 2, points: 2 },
        ],
      },
    ],
  };
  const lesson = (id: string): DocumentOf<'lesson'> => ({
    _id: lessonId(courseId, id),
    type: 'lesson',
    ...made,
    courseId,
    lessonId: id,
    version: 1,
    title: id,
    summary: '',
    minutes: 20,
    language: 'en',
    body: `# About ${id}`,
    figures: {},
  });
  const quiz: DocumentOf<'quiz'> = {
    _id: quizId(courseId, 'check', 1),
    type: 'quiz',
    ...made,
    courseId,
    quizId: 'check',
    version: 1,
    title: 'Check',
    passingScore: 0.5,
    exam: false,
    questions: [
      {
        kind: 'single',
        id: 'q1',
        points: 1,
        prompt: 'One or two?',
        options: [
          { id: 'a', text: 'One' },
          { id: 'b', text: 'Two' },
        ],
        key: { option: 'b' },
        explanation: 'Two it is',
      },
      { kind: 'numeric', id: 'q2', points: 1, prompt: 'How many?', key: { value: 3, tolerance: 0 }, explanation: 'Three' },
    ],
  };
  return [course, outline, lesson('first'), lesson('second'), quiz];
}

const learner = (id: string, username: string, takes: string): FakeAccount => ({
  id,
  name: username,
  username,
  password: `${username} knows`,
  roles: ['school:greenhill', 'learner', `takes:${takes}`],
});

/** A school with an open course, a closed one that Amina alone takes, and one that Brian alone takes. */
export async function smallSchool(): Promise<{ school: FakeSchool; amina: FakeAccount; brian: FakeAccount }> {
  const [amina, brian] = [learner('aminaaaaaaaa', 'amina', 'closed-a'), learner('briannnnnnnn', 'brian', 'closed-b')];
  const school = fakeSchool([amina, brian]);
  school.openCourses.add('open-course');
  const docs = [...courseDocuments('open-course', true), ...courseDocuments('closed-a', false), ...courseDocuments('closed-b', false)];
  await school.database.bulkDocs(docs);
  return { school, amina, brian };
}
