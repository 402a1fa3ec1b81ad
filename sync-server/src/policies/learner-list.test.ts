import { isUsername } from '@darasa/couchdb/provisioning';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkLearnerList, type SchoolSoFar } from './learner-list.ts';

const school: SchoolSoFar = {
  classes: [
    { classId: '7a', name: 'Grade 7A' },
    { classId: '8b', name: 'Grade 8B' },
  ],
  accounts: [
    { username: 'amina.hassan', displayName: 'Amina Hassan', kind: 'learner', classIds: ['7a'] },
    { username: 'tembo', displayName: 'Tembo', kind: 'teacher', classIds: ['7a'] },
  ],
};
const line = (name: string, className = '', username = '') => ({ name, className, username });
const check = (...lines: ReturnType<typeof line>[]) => checkLearnerList(lines, school);

describe('a list of learners', () => {
  it('gets a sign-in name for each that has none, made of the first and the last name', () => {
    expect(check(line(' Grace  Wanjiku Nakato ', 'grade 7a'))).toEqual([
      { displayName: 'Grace Wanjiku Nakato', username: 'grace.nakato', classIds: ['7a'], problem: null, of: null },
    ]);
    expect(check(line('Zoë O’Neil'), line('فاطمة علي'), line('!!!')).map(({ username }) => username)).toEqual([
      'zoe.oneil',
      'فاطمة.علي',
      'learner',
    ]);
  });

  it('never gets a sign-in name that somebody has, or that another line asks for', () => {
    const lines = check(line('Amina Hassan', '8B'), line('Ámina Hassan'), line('Somebody', '', 'amina.hassan2'));
    expect(lines.map(({ username, problem }) => [username, problem])).toEqual([
      ['amina.hassan3', null],
      ['amina.hassan4', null],
      ['amina.hassan2', null],
    ]);
  });

  it('finds a class by its name or its id, and allows none', () => {
    expect(check(line('A', 'GRADE 7 A'), line('B', '8b'), line('C')).map(({ classIds }) => classIds)).toEqual([['7a'], ['8b'], []]);
  });

  it('has each line named that cannot be added, with the line that it repeats', () => {
    const lines = check(
      line(' ', '7a'),
      line('x'.repeat(201)),
      line('Baraka', '9Z'),
      line('Baraka', '7a', 'ba ra'),
      line('Baraka', '7a', 'Tembo'),
      line('Imani', '7a', 'imani'),
      line('Imani Two', '7a', 'IMANI'),
      line('Amina  hassan', '7a'),
      line('Zawadi', '7a'),
      line('zawadi', '7a'),
      line('Zawadi', '7a', 'zawadi.two'),
      line('Zawadi', '8b'),
    );
    expect(lines.map(({ problem, of }) => (of === null ? problem : [problem, of]))).toEqual([
      'no-name',
      'long-name',
      'no-such-class',
      'bad-username',
      'username-here',
      null,
      ['username-twice', 5],
      'learner-here',
      null,
      ['learner-twice', 8],
      null,
      null,
    ]);
  });

  it('is good as it was checked: sign-in names that may be taken, each once (generated)', () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 12 });
    fc.assert(
      fc.property(fc.array(fc.record({ name: cell, className: fc.constant(''), username: fc.oneof(fc.constant(''), cell) })), (lines) => {
        const good = checkLearnerList(lines, school).filter(({ problem }) => problem === null);
        const names = good.map(({ username }) => username);
        expect(names.filter((name) => !isUsername(name))).toEqual([]);
        expect(new Set([...names, 'tembo', 'amina.hassan']).size).toBe(names.length + 2);
      }),
    );
  });
});
