import type { SourceCourse } from '../course/read-course.ts';
import type { SourceQuiz } from '../course/source-schemas.ts';
import { demoId } from '../people/demo-accounts.ts';
import type { DemoLearner, Temperament } from '../people/people.ts';
import { type Answers, answersTo } from './answers.ts';
import { DAY_MS, MINUTE_MS, schoolDaysBefore } from './school-days.ts';
import type { Chance } from './seeded.ts';

export type Item =
  | { readonly kind: 'lesson'; readonly id: string; readonly minutes: number }
  | { readonly kind: 'quiz'; readonly id: string; readonly quiz: SourceQuiz };

/** One item worked on by one learner on one device: a lesson opened, perhaps to its end, or a quiz taken. */
export interface Step {
  readonly courseId: string;
  readonly item: Item;
  /** What comes after it in the course; the item itself when it is the last. */
  readonly nextItem: Item;
  readonly deviceId: string;
  /** In milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** How much of a lesson was seen, 0 to 1. A quiz is always handed in. */
  readonly seen: number;
  readonly answers: Answers | null;
}

interface Habits {
  /** The share of each of the class's courses that was worked through, first course first. */
  readonly shares: readonly number[];
  readonly ability: number;
  /** Days before today on which work began and ended. */
  readonly from: number;
  readonly to: number;
}

const HABITS: Readonly<Record<Temperament, Habits>> = {
  finished: { shares: [1, 1, 0.6], ability: 0.93, from: 26, to: 1 },
  steady: { shares: [0.7, 0.5, 0.3], ability: 0.8, from: 25, to: 1 },
  struggling: { shares: [0.5, 0.25, 0.15], ability: 0.36, from: 24, to: 1 },
  quiet: { shares: [0.45, 0.2, 0], ability: 0.66, from: 26, to: 9 },
  starting: { shares: [0.2, 0, 0], ability: 0.7, from: 4, to: 1 },
};

export function itemsOf({ card, lessons, quizzes }: SourceCourse): Item[] {
  return card.sections
    .flatMap((section) => section.items)
    .flatMap((item): Item[] => {
      const lesson = 'lesson' in item ? lessons.get(item.lesson) : undefined;
      const quiz = 'quiz' in item ? quizzes.get(item.quiz) : undefined;
      if (lesson !== undefined) return [{ kind: 'lesson', id: lesson.id, minutes: lesson.minutes }];
      return quiz === undefined ? [] : [{ kind: 'quiz', id: quiz.id, quiz }];
    });
}

/** What a learner did in the past weeks with the courses of the class, in the order of time. `until` is the school's first moment. */
export function simulate(learner: DemoLearner, courses: readonly SourceCourse[], until: number, chance: Chance): Step[] {
  const habits = HABITS[learner.temperament];
  const plan = interleave(
    courses.map((course, i) => {
      const items = itemsOf(course);
      const share = (habits.shares[i] ?? 0) * (learner.temperament === 'finished' ? 1 : 0.85 + 0.3 * chance.next());
      const wanted = Math.min(items.length, Math.round(items.length * share));
      return items.slice(0, wanted).map((item, at) => ({ courseId: course.card.id, item, nextItem: items[at + 1] ?? item }));
    }),
  );
  const days = schoolDaysBefore(until, habits.from).filter((day) => day < until - habits.to * DAY_MS);
  const phone = demoId('device', learner.username);
  const tablet = demoId('device', `tablet-${learner.classId}`);
  const usual = learner.temperament === 'starting' ? tablet : phone;

  const steps: Step[] = [];
  let free = 0;
  plan.forEach((planned, i) => {
    const day = days[Math.floor((i * days.length) / plan.length)];
    if (day === undefined) return;
    // In school hours, or at home after them.
    const slot = chance.happens(0.5) ? chance.whole(9 * 60, 13 * 60) : chance.whole(16 * 60, 19 * 60);
    free = Math.max(free + chance.whole(2, 9) * MINUTE_MS, day + slot * MINUTE_MS);
    const deviceId = learner.twoDevices === true && i % 2 === 1 ? tablet : usual;
    for (const step of workOn(planned, habits.ability, learner.temperament, chance)) {
      const { minutes, ...done } = step;
      const endedAt = free + Math.round(minutes * MINUTE_MS);
      if (endedAt >= until) return;
      steps.push({ ...planned, ...done, deviceId, startedAt: free, endedAt });
      free = endedAt + chance.whole(1, 6) * MINUTE_MS;
    }
  });
  const now = learner.temperament === 'steady' && chance.happens(0.4) ? readingNow(courses[0], steps, usual, until, chance) : null;
  return now === null ? steps : [...steps, now];
}

/** The lesson that a learner has open at the school's first moment: not finished yet. */
function readingNow(
  course: SourceCourse | undefined,
  steps: readonly Step[],
  deviceId: string,
  until: number,
  chance: Chance,
): Step | null {
  if (course === undefined) return null;
  const done = new Set(steps.map((step) => step.item.id));
  const item = itemsOf(course).find((each) => each.kind === 'lesson' && !done.has(each.id));
  const startedAt = until - chance.whole(4, 20) * MINUTE_MS;
  if (item === undefined || (steps.at(-1)?.endedAt ?? 0) >= startedAt) return null;
  const seen = chance.whole(2, 7) / 10;
  return { courseId: course.card.id, item, nextItem: item, deviceId, startedAt, endedAt: until - MINUTE_MS, seen, answers: null };
}

interface Work {
  readonly minutes: number;
  readonly seen: number;
  readonly answers: Answers | null;
}

/** A lesson is read once. A quiz for practice may be taken again after a bad result, with a little more success. */
function workOn({ item }: { readonly item: Item }, ability: number, temperament: Temperament, chance: Chance): Work[] {
  if (item.kind === 'lesson') return [{ minutes: item.minutes * (0.7 + 0.6 * chance.next()), seen: 1, answers: null }];
  const { quiz } = item;
  const take = (skill: number): Work => ({
    minutes: quiz.questions.length * (0.6 + chance.next()),
    seen: 1,
    answers: answersTo(quiz, skill, chance),
  });
  if (temperament === 'finished') return quiz.exam || chance.happens(0.7) ? [take(0.97)] : [take(0.6), take(1)];
  const again = !quiz.exam && chance.happens(temperament === 'struggling' ? 0.75 : 0.3);
  return again ? [take(ability - 0.1), take(ability + 0.12)] : [take(ability)];
}

/** A lesson or two of one course, then of the next, until none is left. */
function interleave<Value>(lists: readonly (readonly Value[])[]): Value[] {
  const mixed: Value[] = [];
  const longest = Math.max(0, ...lists.map((list) => list.length));
  for (let at = 0; at < longest; at += 2) for (const list of lists) mixed.push(...list.slice(at, at + 2));
  return mixed;
}
