import { describe, expect, it } from 'vitest';
import { learnerLines } from './learner-lines.ts';

const line = (row: number, name: string, className = '', username = '') => ({ row, name, className, username });

describe('a list of learners', () => {
  it('is read as it is pasted from a spreadsheet', () => {
    expect(learnerLines('Amina Hassan\t7A\tamina\nBrian, Otieno\t8B')).toEqual([
      line(1, 'Amina Hassan', '7A', 'amina'),
      line(2, 'Brian, Otieno', '8B'),
    ]);
  });

  it('is read from CSV with commas, semicolons or Arabic commas, with quotes and a byte order mark', () => {
    expect(learnerLines('\uFEFF"Hassan, Amina",7A\r\n"She said ""hi""", 8B ,x\r\n')).toEqual([
      line(1, 'Hassan, Amina', '7A'),
      line(2, 'She said "hi"', '8B', 'x'),
    ]);
    expect(learnerLines('Juma; 7A;')).toEqual([line(1, 'Juma', '7A')]);
    expect(learnerLines('فاطمة علي، ٧أ')).toEqual([line(1, 'فاطمة علي', '٧أ')]);
  });

  it('leaves out headings and empty lines, and says where each line stands', () => {
    expect(learnerLines('Jina,Darasa\n\nAmina,7A\n , \n"Two\nlines",8B\nJuma')).toEqual([
      line(3, 'Amina', '7A'),
      line(5, 'Two\nlines', '8B'),
      line(7, 'Juma'),
    ]);
  });

  it('is empty when nothing was typed', () => {
    expect(learnerLines(' \n ')).toEqual([]);
  });
});
