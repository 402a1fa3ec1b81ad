import { CATEGORIES, type Document, docId, partitionId, ulid } from '@darasa/shared/documents';
import { DAY_MS, dayStart, MINUTE_MS } from '../history/school-days.ts';
import type { Chance } from '../history/seeded.ts';
import { accountIdOf, demoId } from '../people/demo-accounts.ts';
import { admin, employer } from '../people/people.ts';
import { achievements, categories, jobs, schoolAnnouncements } from './texts.ts';

const iso = (time: number): string => new Date(time).toISOString();

/** What belongs to the whole school: settings, categories, achievements, announcements and the employer's jobs. */
export function schoolDocuments(until: number, chance: Chance): Document[] {
  const start = dayStart(until) - 30 * DAY_MS;
  const made = { schemaVersion: 1, createdAt: iso(start), deviceId: 'demo' } as const;
  const school = partitionId('school');
  return [
    { _id: docId(school, 'settings', 'main'), type: 'settings', ...made, timeZone: 'Africa/Nairobi', passingScore: 0.6 },
    ...CATEGORIES.map(
      (category): Document => ({
        _id: docId(school, 'category', category),
        type: 'category',
        ...made,
        category,
        names: categories[category],
      }),
    ),
    ...Object.entries(achievements).map(
      ([id, achievement]): Document => ({ _id: docId(school, 'achievement', id), type: 'achievement', ...made, ...achievement }),
    ),
    ...schoolAnnouncements.map(({ daysAgo, title, body }): Document => {
      const at = dayStart(until) - daysAgo * DAY_MS + 8 * 60 * MINUTE_MS;
      return {
        _id: docId(school, 'announcement', ulid(at, chance.bytes)),
        type: 'announcement',
        schemaVersion: 1,
        createdAt: iso(at),
        deviceId: demoId('device', admin.username),
        authorId: accountIdOf(admin.username),
        authorName: admin.name,
        title,
        body,
      };
    }),
    ...jobs.map(({ title, place, description, courseIds, openDays }, i): Document => {
      const at = dayStart(until) - (9 - 4 * i) * DAY_MS + 11 * 60 * MINUTE_MS;
      return {
        _id: docId(partitionId('public'), 'job', ulid(at, chance.bytes)),
        type: 'job',
        schemaVersion: 1,
        createdAt: iso(at),
        deviceId: demoId('device', employer.username),
        employerId: accountIdOf(employer.username),
        employerName: employer.name,
        title,
        place,
        description,
        courseIds: [...courseIds],
        closesAt: iso(dayStart(until) + openDays * DAY_MS),
      };
    }),
  ];
}
