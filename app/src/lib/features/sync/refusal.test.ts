import { sampleDocument } from '@darasa/shared/fixtures';
import { personFrom, type UncheckedDocument, validateWrite } from '@darasa/shared/rules';
import { expect, test } from 'vitest';
import { refusalFrom } from './refusal.ts';

const ada = personFrom('ada', ['learner', 'school:greenhill']);
const attempt = sampleDocument('attempt', 'learner-ada', 'ada');

function refused(doc: UncheckedDocument, before: UncheckedDocument | null = null): string {
  const refusal = validateWrite(doc, before, ada);
  if (refusal === null || !('forbidden' in refusal)) throw new Error('It was not refused');
  return refusal.forbidden;
}

test('what the rules say is told in plain words', () => {
  expect(refusalFrom(refused(sampleDocument('attempt', 'learner-ben', 'ben')))).toBe('not-allowed');
  expect(refusalFrom(refused(attempt, attempt))).toBe('unchangeable');
  expect(refusalFrom(refused({ ...sampleDocument('profile', 'learner-ada', 'ada'), bio: 'x'.repeat(2_000_000) }))).toBe('too-large');
});

test('a school’s own words stay its own', () => {
  expect(refusalFrom('No quizzes on Saturdays')).toBe('other');
});
