import { idProblems, keyProblems, own } from '../parts.ts';
import type { KeyOf, QuestionKind } from '../question-kind.ts';
import { isNumber, writeNumber } from '../reading/accepted-number.ts';
import { isAccepted, wordsProblems } from '../reading/accepted-words.ts';
import { gapsIn } from './gaps.ts';
import { clozeAnswer, clozeKey } from './schema.ts';

type GapKey = KeyOf<'cloze'>['gaps'][string];

function fills(text: string, key: GapKey): boolean {
  switch (key.kind) {
    case 'choice':
      return text === key.option;
    case 'words':
      return isAccepted(text, key);
    case 'number':
      return isNumber(text, key);
  }
}

function filling(key: GapKey): string {
  switch (key.kind) {
    case 'choice':
      return key.option;
    case 'words':
      return key.accepted[0] ?? '';
    case 'number':
      return writeNumber(key);
  }
}

function gapProblems(options: readonly { readonly id: string }[] | undefined, key: GapKey): readonly string[] {
  const ids = (options ?? []).map(({ id }) => id);
  if (key.kind === 'choice') return [...idProblems('option', ids), ...keyProblems('an option', [key.option], ids)];
  const strange = options === undefined ? [] : ['a gap with options has one of them for its key'];
  return key.kind === 'words' ? [...strange, ...wordsProblems(key)] : strange;
}

/** A text with gaps. Each gap is worth the same; one that is left empty or wrong earns nothing. */
export const cloze: QuestionKind<'cloze'> = {
  keySchema: clozeKey,
  answerSchema: clozeAnswer,
  problems({ text, gaps }, key) {
    const ids = gaps.map(({ id }) => id);
    const inText = gapsIn(text);
    return [
      ...idProblems('gap', ids),
      ...idProblems('gap', inText),
      ...ids.filter((id) => !inText.includes(id)).map((id) => `a gap stands in the text as [[${id}]]`),
      ...inText.filter((id) => !ids.includes(id)).map((id) => `every gap of the text is described: ${id} is not`),
      ...gaps.flatMap(({ id, options }) => {
        const gap = own(key.gaps, id);
        return gap === undefined ? [`the key fills every gap: ${id} is empty`] : gapProblems(options, gap);
      }),
    ];
  },
  grade({ gaps }, key, answer) {
    const filled = gaps.flatMap(({ id }) => {
      const [text = '', wanted] = [own(answer.gaps, id), own(key.gaps, id)];
      return text.trim() === '' ? [] : [{ id, right: wanted !== undefined && fills(text, wanted) }];
    });
    const hits = filled.filter(({ right }) => right).length;
    return {
      got: hits,
      of: gaps.length,
      slips: filled.length - hits,
      parts: Object.fromEntries(filled.map(({ id, right }) => [id, right])),
      says: filled.flatMap(({ id, right }) => (right ? [] : (own(key.feedback, id) ?? []))),
    };
  },
  solution: ({ gaps }, key) => ({
    kind: 'cloze',
    gaps: Object.fromEntries(
      gaps.flatMap(({ id }) => {
        const gap = own(key.gaps, id);
        return gap === undefined ? [] : [[id, filling(gap)]];
      }),
    ),
  }),
  shuffled: (question, shuffle) => ({
    ...question,
    gaps: question.gaps.map((gap) => (gap.options === undefined ? gap : { ...gap, options: shuffle(gap.options, gap.id) })),
  }),
};
