import { type QuestionKind, whole } from '../question-kind.ts';
import { isNumber, type NumberKey, writeNumber } from '../reading/accepted-number.ts';
import { unitFactor } from '../reading/units.ts';
import { numericAnswer, numericKey } from './schema.ts';

interface Units {
  readonly unit?: string | undefined;
  readonly units?: 'given' | 'any' | 'required' | undefined;
}

function keyInUnit({ unit, units }: Units, key: NumberKey): NumberKey {
  return { ...key, unit: key.unit ?? unit, units };
}

/** A number: right when one of its readings, in the unit that it is written in, is near enough to the key. */
export const numeric: QuestionKind<'numeric'> = {
  keySchema: numericKey,
  answerSchema: numericAnswer,
  problems(question, key) {
    const { unit = '', units = 'given' } = keyInUnit(question, key);
    if (units === 'given') return [];
    return unitFactor(unit, unit) === null ? [`a unit to convert is a known one: ${JSON.stringify(unit)} is none`] : [];
  },
  grade: (question, key, { text }) => whole(isNumber(text, keyInUnit(question, key))),
  solution(question, key) {
    const { unit = '', units } = keyInUnit(question, key);
    return { kind: 'numeric', text: [writeNumber(key), units === 'required' ? unit : ''].join(' ').trim() };
  },
};
