import {
  contentDigest,
  type Document,
  docId,
  newAttempt,
  newEnrolment,
  newFeedback,
  newGrade,
  newLessonEvent,
  newProfile,
  newProgress,
  partitionId,
} from '@darasa/shared/documents';
import { Chance } from './simulator/chance.ts';

const FIRST_DAY = Date.parse('2026-01-12T05:00:00.000Z');
const WORDS =
  'maji shule mwalimu kitabu soma andika hesabu jibu swali somo fraction percent equation lesson answer because water market price rhythm pattern colour number letter value loop'.split(
    ' ',
  );

const at = (minutes: number): string => new Date(FIRST_DAY + minutes * 60_000).toISOString();

function words(chance: Chance, length: number): string {
  let text = '';
  while (text.length < length) text += `${chance.of(WORDS)} `;
  return text.slice(0, length);
}

/** What a learner's device writes: for each lesson two events, and now and then an attempt at a quiz of eight questions. */
export function learnersWork(learnerId: string, count: number, seed: number): Document[] {
  const chance = new Chance(seed);
  const deviceId = `phone-${chance.hex(8)}`;
  const docs: Document[] = [];
  for (let seq = 1; docs.length < count; seq += 1) {
    const courseId = chance.of(['maths-7', 'programming-8', 'art-7']);
    const createdAt = at(seq * 7 + chance.next() * 5);
    const place = { learnerId, courseId, deviceId, seq, createdAt };
    if (seq % 5 !== 0) {
      const action = seq % 5 < 3 ? 'opened' : 'completed';
      docs.push(newLessonEvent({ ...place, itemId: `lesson-${chance.below(40)}`, action }));
      continue;
    }
    const names = Array.from({ length: 8 }, (_, i) => `q${i + 1}`);
    const answers = Object.fromEntries(names.map((name) => [name, { kind: 'single' as const, option: chance.of(['a', 'b', 'c', 'd']) }]));
    const correct = names.map((name) => [name, chance.happens(0.7)] as const);
    const score = correct.filter(([, right]) => right).length;
    const provisional = {
      score,
      maxScore: 8,
      passed: score >= 5,
      questions: Object.fromEntries(correct.map(([name, right]) => [name, { points: right ? 1 : 0, maxPoints: 1, correct: right }])),
    };
    docs.push(
      newAttempt({
        ...place,
        quizId: `quiz-${chance.below(20)}`,
        quizVersion: 1,
        startedAt: createdAt,
        submittedAt: at(seq * 7 + 6),
        answers,
        provisional,
      }),
    );
  }
  return docs;
}

/** What a learner has after a year: their state, their work, the server's grades and a teacher's words. */
export function learnersHistory(learnerId: string, count: number, seed: number): Document[] {
  const chance = new Chance(seed + 1);
  const origin = { deviceId: 'phone-1', createdAt: at(0), learnerId };
  const state: Document[] = [
    newProfile({ ...origin, displayName: 'Amina Juma', language: 'sw' }),
    ...['maths-7', 'programming-8', 'art-7'].flatMap((courseId) => [
      newEnrolment({ ...origin, courseId }),
      newProgress({ ...origin, courseId }),
    ]),
  ];
  const work = learnersWork(learnerId, Math.floor(count * 0.8), seed);
  const answered = work.flatMap((doc, i): Document[] => {
    if (doc.type !== 'attempt') return [];
    const grade = newGrade({
      attempt: doc,
      result: doc.provisional,
      agrees: true,
      needsReview: null,
      createdAt: at(i * 7 + 30),
      deviceId: 'server',
    });
    if (i % 3 !== 0) return [grade];
    const feedback = { classId: '7a', authorId: 'tembo', authorName: 'Mwalimu Tembo', aboutId: doc._id, deviceId: 'laptop-1', seq: i + 1 };
    return [grade, newFeedback({ ...feedback, learnerId, body: words(chance, 80 + chance.below(120)), createdAt: at(i * 7 + 40) })];
  });
  const known = [...state, ...work, ...answered];
  return [...known, ...learnersWork(learnerId, Math.max(0, count - known.length), seed + 2)].slice(0, count);
}

/** Documents of 588 bytes of JSON, as those of the first measurements. A lesson event may carry more than it needs. */
export function plainDocuments(learnerId: string, count: number, seed: number): Document[] {
  const chance = new Chance(seed);
  return Array.from({ length: count }, (_, i) => {
    const event = newLessonEvent({
      learnerId,
      courseId: 'maths-7',
      itemId: 'lesson-1',
      action: 'opened',
      deviceId: `dev-${seed}`,
      seq: i + 1,
      createdAt: at(i),
    });
    const { _id, ...content } = event;
    const noted = { ...content, note: words(chance, 588 - JSON.stringify({ _id, ...content, note: '' }).length) };
    // An id ends with the digest of the content.
    return {
      _id: docId(partitionId('learner', learnerId), 'lesson-event', content.deviceId, String(content.seq), contentDigest(noted)),
      ...noted,
    };
  });
}
