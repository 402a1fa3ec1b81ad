import { describe, expect, it } from 'vitest';
import { type ClassLearner, groupLearners } from './groups.ts';

const now = new Date('2026-05-20T08:00:00.000Z');
function learner(displayName: string, standing: ClassLearner['standing'], lastHeardAt: string | null): ClassLearner {
  return {
    accountId: displayName.toLowerCase(),
    displayName,
    standing,
    because: { courseTitle: 'Numbers', fact: 'progress', number: 0.5 },
    lastHeardAt,
    progress: 0.5,
  };
}

describe('the people of a class', () => {
  const groups = groupLearners(
    [
      learner('Zuhura', 'working', '2026-05-19T08:00:00.000Z'),
      learner('Baraka', 'needs-help', '2026-05-01T08:00:00.000Z'),
      learner('Amina', 'working', '2026-05-10T08:00:00.000Z'),
      learner('Neema', 'not-started', null),
      learner('Juma', 'finished', '2026-05-20T07:00:00.000Z'),
      learner('Hamisi', 'not-started', null),
    ],
    now,
    'en',
  );
  const names = (list: readonly ClassLearner[]) => list.map((each) => each.displayName);

  it('come first when they need help, however long they were silent', () => {
    expect(names(groups.help)).toEqual(['Baraka']);
  });
  it('come next when they were not heard from for a week, the longest silence first', () => {
    expect(names(groups.quiet)).toEqual(['Hamisi', 'Neema', 'Amina']);
  });
  it('are otherwise in the order of their names', () => {
    expect(names(groups.others)).toEqual(['Juma', 'Zuhura']);
  });
});
