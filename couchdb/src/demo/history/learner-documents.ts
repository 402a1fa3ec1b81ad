import { contactId, type Document, type DocumentOf, newAttempt, newGrade, newLessonEvent, newProfile } from '@darasa/shared/documents';
import { gradeQuiz, gradesAgree, sealedResult } from '@darasa/shared/rules';
import { accountIdOf } from '../people/demo-accounts.ts';
import type { DemoLearner } from '../people/people.ts';
import { MINUTE_MS } from './school-days.ts';
import type { Chance } from './seeded.ts';
import type { Step } from './simulate.ts';

const iso = (time: number): string => new Date(time).toISOString();

export interface LearnerHistory {
  readonly documents: readonly Document[];
  readonly attempts: readonly DocumentOf<'attempt'>[];
  readonly grades: readonly DocumentOf<'grade'>[];
}

/** All that a learner's devices wrote, and what the server wrote of it: events, attempts, grades, enrolments and contacts. */
export function learnerDocuments(learner: DemoLearner, steps: readonly Step[], until: number, chance: Chance): LearnerHistory {
  const learnerId = accountIdOf(learner.username);
  const counters = new Map<string, number>();
  const nextSeq = (deviceId: string): number => {
    const seq = (counters.get(deviceId) ?? 0) + 1;
    counters.set(deviceId, seq);
    return seq;
  };

  const events: Document[] = [];
  const attempts: DocumentOf<'attempt'>[] = [];
  const grades: DocumentOf<'grade'>[] = [];
  const event = (step: Step, action: DocumentOf<'lesson-event'>['action'], time: number): void => {
    const { courseId, deviceId, item } = step;
    events.push(newLessonEvent({ learnerId, courseId, itemId: item.id, action, deviceId, seq: nextSeq(deviceId), createdAt: iso(time) }));
  };

  for (const step of steps) {
    const { item, answers, deviceId, courseId } = step;
    event(step, item.kind === 'quiz' ? 'quiz-started' : 'opened', step.startedAt);
    if (item.kind === 'lesson') {
      if (step.seen === 1) event(step, 'completed', step.endedAt);
      continue;
    }
    if (answers === null) continue;
    const { exam, questions, passingScore } = item.quiz;
    const marked = gradeQuiz({ questions, answers, passingScore });
    const result = exam ? sealedResult(marked) : marked;
    const provisional = exam ? null : result;
    const submittedAt = iso(step.endedAt);
    const attempt = newAttempt({
      learnerId,
      courseId,
      quizId: item.id,
      quizVersion: 1,
      deviceId,
      seq: nextSeq(deviceId),
      createdAt: submittedAt,
      startedAt: iso(step.startedAt),
      submittedAt,
      answers,
      provisional,
    });
    attempts.push(attempt);
    const agrees = provisional === null ? null : gradesAgree(provisional, result);
    // The device was online: the server had the attempt some seconds later.
    const createdAt = iso(step.endedAt + chance.whole(2, 40) * 1_000);
    grades.push(newGrade({ attempt, result, agrees, needsReview: null, deviceId: 'server', createdAt }));
  }

  const devices = [...counters.keys()];
  const contacts = devices.map((device) => contact(learner, device, steps, counters.get(device) ?? 0, until, chance));
  return { documents: [...events, ...attempts, ...grades, ...contacts, profile(learner, steps, until)], attempts, grades };
}

function contact(
  learner: DemoLearner,
  heardFrom: string,
  steps: readonly Step[],
  received: number,
  until: number,
  chance: Chance,
): DocumentOf<'contact'> {
  const learnerId = accountIdOf(learner.username);
  const worked = steps.filter((step) => step.deviceId === heardFrom);
  const first = worked[0]?.startedAt ?? until;
  const last = worked.at(-1)?.endedAt ?? until;
  // A quiet learner's device has said nothing since; the others' ask for news now and then.
  const silent = learner.temperament === 'quiet';
  const lastHeard = silent ? last + MINUTE_MS : Math.max(last, until - chance.whole(5, 16 * 60) * MINUTE_MS);
  return {
    _id: contactId(learnerId, heardFrom),
    type: 'contact',
    schemaVersion: 1,
    createdAt: iso(first),
    deviceId: 'server',
    learnerId,
    heardFrom,
    firstHeardAt: iso(first),
    lastHeardAt: iso(lastHeard),
    // Most phones know the time to a few seconds; here and there one is minutes off.
    clockOffsetMs: chance.happens(0.15) ? chance.whole(-11, 11) * MINUTE_MS : chance.whole(-4_000, 4_000),
    received,
  };
}

function profile(learner: DemoLearner, steps: readonly Step[], until: number): DocumentOf<'profile'> {
  const createdAt = iso((steps[0]?.startedAt ?? until) - 5 * MINUTE_MS);
  const deviceId = steps[0]?.deviceId ?? 'demo';
  return newProfile({ learnerId: accountIdOf(learner.username), displayName: learner.name, language: 'en', deviceId, createdAt });
}
