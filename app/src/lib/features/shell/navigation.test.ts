import { describe, expect, it } from 'vitest';
import { destinationsOf, isAt, startOf } from './navigation.ts';

const kinds = ['learner', 'teacher', 'guardian', 'employer', 'admin'] as const;

describe('the main menu', () => {
  it('has four places for everybody, so that each can be reached by a thumb', () => {
    for (const kind of kinds) expect(new Set(destinationsOf(kind).map((each) => each.href)).size).toBe(4);
  });

  it('begins with the place where the person begins', () => {
    expect(kinds.map(startOf)).toEqual(['/', '/classes', '/children', '/', '/admin']);
  });

  it('marks one place at most for any address', () => {
    for (const kind of kinds) {
      for (const path of [
        '/',
        '/catalogue',
        '/courses/maths-7/lessons/a',
        '/results/x',
        '/learners/y',
        '/classes/7a',
        '/sync',
        '/settings',
        '/nowhere',
      ]) {
        expect(destinationsOf(kind).filter((each) => isAt(each, path)).length).toBeLessThanOrEqual(1);
      }
    }
  });
});
