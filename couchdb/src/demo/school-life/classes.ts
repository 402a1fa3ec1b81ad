import { type Document, docId, partitionId, ulid } from '@darasa/shared/documents';
import type { SourceCourse } from '../course/read-course.ts';
import { DAY_MS, dateOf, dayStart, MINUTE_MS, schoolDaysBefore } from '../history/school-days.ts';
import type { Chance } from '../history/seeded.ts';
import { itemsOf } from '../history/simulate.ts';
import { accountIdOf, demoId } from '../people/demo-accounts.ts';
import { type DemoLearner, type DemoTeacher, guardian, learners, teachers } from '../people/people.ts';
import { classAnnouncements } from './texts.ts';

export interface DemoClass {
  readonly id: '7a' | '8b';
  readonly name: string;
  readonly grade: 7 | 8;
  /** The courses that it follows, the most important first. */
  readonly courseIds: readonly string[];
}

export const classes: readonly DemoClass[] = [
  { id: '7a', name: 'Grade 7A', grade: 7, courseIds: ['maths-7', 'art-7', 'arabic-letters-youth'] },
  { id: '8b', name: 'Grade 8B', grade: 8, courseIds: ['programming-8', 'music-8', 'bookkeeping-shop'] },
];

/** What belongs to a class: its card and members, assignments and announcements, and the teacher's register. */
export function classDocuments(each: DemoClass, courses: readonly SourceCourse[], until: number, chance: Chance): Document[] {
  const teacher = teachers.find(({ teaches }) => teaches === each.id);
  if (teacher === undefined) throw new RangeError(`Nobody teaches ${each.id}`);
  const members = learners.filter(({ classId }) => classId === each.id);
  const termStart = dayStart(until) - 27 * DAY_MS;
  const of = { each, teacher, members, until, chance };
  const made = madeOn(termStart, 'demo');
  return [
    {
      _id: docId(partitionId('class', each.id), 'class', 'card'),
      type: 'class',
      ...made,
      classId: each.id,
      name: each.name,
      grade: each.grade,
      courseIds: courses.map(({ card }) => card.id),
    },
    ...[teacher, ...members].map(
      (person): Document => ({
        _id: docId(partitionId('class', each.id), 'member', accountIdOf(person.username)),
        type: 'member',
        ...made,
        classId: each.id,
        accountId: accountIdOf(person.username),
        displayName: person.name,
        role: person === teacher ? 'teacher' : 'learner',
      }),
    ),
    ...members.map(
      (learner): Document => ({
        _id: docId(partitionId('register', each.id), 'roster-entry', accountIdOf(learner.username)),
        type: 'roster-entry',
        ...made,
        classId: each.id,
        accountId: accountIdOf(learner.username),
        fullName: learner.name,
        guardianIds: guardian.guards.includes(learner.username) ? [accountIdOf(guardian.username)] : [],
      }),
    ),
    ...assignments(of, courses),
    ...announcements(of),
    ...attendance(of),
    ...notes(of),
  ];
}

interface OfClass {
  readonly each: DemoClass;
  readonly teacher: DemoTeacher;
  readonly members: readonly DemoLearner[];
  readonly until: number;
  readonly chance: Chance;
}

const iso = (time: number): string => new Date(time).toISOString();
const madeOn = (time: number, deviceId: string) => ({ schemaVersion: 1, createdAt: iso(time), deviceId }) as const;
const teacherMade = (time: number, teacher: DemoTeacher) => madeOn(time, demoId('device', teacher.username));

/** Of each course an item that was due, one that is due soon and one for later. */
function assignments({ each, teacher, until, chance }: OfClass, courses: readonly SourceCourse[]): Document[] {
  return courses.flatMap((course, c) => {
    const items = itemsOf(course);
    return [-9, 2, 8].flatMap((days, i): Document[] => {
      const item = items[Math.min(items.length - 1, 2 + 3 * i)];
      if (item === undefined) return [];
      const given = dayStart(until) + (days - 10 + c) * DAY_MS;
      const setAt = Math.min(given, until - (1 + c) * DAY_MS) + 9 * 60 * MINUTE_MS;
      const title = item.kind === 'quiz' ? item.quiz.title : (course.lessons.get(item.id)?.title ?? item.id);
      return [
        {
          _id: docId(partitionId('class', each.id), 'assignment', ulid(setAt, chance.bytes)),
          type: 'assignment',
          ...teacherMade(setAt, teacher),
          classId: each.id,
          authorId: accountIdOf(teacher.username),
          courseId: course.card.id,
          item: { kind: item.kind, id: item.id },
          title,
          // Five in the afternoon.
          dueAt: iso(dayStart(until) + (days + c) * DAY_MS + 17 * 60 * MINUTE_MS),
        },
      ];
    });
  });
}

function announcements({ each, teacher, until, chance }: OfClass): Document[] {
  return classAnnouncements[each.id].map(({ daysAgo, title, body }): Document => {
    const at = dayStart(until) - daysAgo * DAY_MS + 10 * 60 * MINUTE_MS;
    return {
      _id: docId(partitionId('class', each.id), 'announcement', ulid(at, chance.bytes)),
      type: 'announcement',
      ...teacherMade(at, teacher),
      authorId: accountIdOf(teacher.username),
      authorName: teacher.name,
      title,
      body,
    };
  });
}

/** Three weeks of the register. A quiet learner was away more often than the others. */
function attendance({ each, teacher, members, until, chance }: OfClass): Document[] {
  return schoolDaysBefore(until, 21).map((day): Document => {
    const at = day + (8 * 60 + 20) * MINUTE_MS;
    const mark = ({ temperament }: DemoLearner) => {
      if (chance.happens(temperament === 'quiet' ? 0.4 : 0.04)) return chance.pick(['absent', 'absent', 'excused'] as const);
      return chance.happens(0.05) ? ('late' as const) : ('present' as const);
    };
    return {
      _id: docId(partitionId('register', each.id), 'attendance', dateOf(day)),
      type: 'attendance',
      ...teacherMade(at, teacher),
      classId: each.id,
      authorId: accountIdOf(teacher.username),
      day: dateOf(day),
      present: Object.fromEntries(members.map((learner) => [accountIdOf(learner.username), mark(learner)])),
    };
  });
}

const NOTES: Readonly<Partial<Record<DemoLearner['temperament'], readonly [heading: string, body: string]>>> = {
  struggling: [
    'Needs another way in',
    'Reads the lesson quickly and guesses in the check. Went through two questions together at the board: the idea is there, the patience is not yet. Sit with a partner next week.',
  ],
  quiet: [
    'Away a good deal',
    'Walks a long way, and the road floods. The tablet has not been near the office for more than a week. Ask a neighbour to carry it in.',
  ],
  starting: ['New this week', 'Came from another school on Monday. Show how to sign in on the shared tablet.'],
};

function notes({ each, teacher, members, until, chance }: OfClass): Document[] {
  return members.flatMap((learner): Document[] => {
    const text = NOTES[learner.temperament];
    if (text === undefined) return [];
    const at = dayStart(until) - chance.whole(1, 4) * DAY_MS + 15 * 60 * MINUTE_MS;
    return [
      {
        _id: docId(partitionId('register', each.id), 'note', ulid(at, chance.bytes)),
        type: 'note',
        ...teacherMade(at, teacher),
        classId: each.id,
        authorId: accountIdOf(teacher.username),
        learnerId: accountIdOf(learner.username),
        heading: text[0],
        body: text[1],
      },
    ];
  });
}
