import { describe, expect, it } from 'vitest';
import { isAccountRole } from './account.ts';

describe('the roles of an account', () => {
  it.each(['learner', 'operator', 'learns:7a', 'teaches:8b', 'guards:abc', 'authors:maths-7'])('may hold %s', (role) => {
    expect(isAccountRole(role)).toBe(true);
  });

  it.each([
    '_admin',
    'service:grading',
    'marks:ada',
    'takes:maths-7',
    'school:elsewhere',
    'learns:',
    'learns:A',
    'learns:a:b',
    'head',
    'constructor',
  ])('may not hold %s', (role) => {
    expect(isAccountRole(role)).toBe(false);
  });
});
