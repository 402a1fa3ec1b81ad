import { expect, test } from 'vitest';
import { learnerLines } from './learner-lines.ts';
import { slipsAsCsv } from './passwords-csv.ts';

const headings = { name: 'Name', rooms: 'Class', username: 'Sign-in name', password: 'Password' };

test('a list of passwords is read back as it was, and runs nothing in a spreadsheet', () => {
  const slips = [
    { name: 'Hassan, "Mina"', rooms: 'Grade 7A', username: 'mina', password: 'k7pm-4xq9' },
    { name: '=HYPERLINK("x")', rooms: '', username: 'x', password: '2222-3333' },
  ];
  const text = slipsAsCsv(headings, slips);
  expect(text).toMatch(/^\uFEFFName,Class,Sign-in name,Password\r\n/);
  expect(learnerLines(text).map(({ name, className, username }) => [name, className, username])).toEqual([
    ['Hassan, "Mina"', 'Grade 7A', 'mina'],
    ['\'=HYPERLINK("x")', '', 'x'],
  ]);
});
