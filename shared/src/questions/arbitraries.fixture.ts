import fc from 'fast-check';
import type { QuestionKindName, QuestionOf } from './question-kind.ts';
import type { Answer, Question } from './schemas.ts';

/** Generated questions of every kind with their keys, and answers of every kind that the schemas admit. */

const IDS = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
const id = fc.constantFrom(...IDS);
const OPTIONS = IDS.map((each) => ({ id: each, text: each }));
const shownIds = fc.shuffledSubarray([...IDS], { minLength: 6 });
const shown = shownIds.map((ids) => ids.map((each) => ({ id: each, text: each })));
const number = fc.oneof(
  fc.integer({ min: -99_999, max: 99_999 }),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 }),
);
const tolerance = fc.constantFrom(0, 0.01, 5);
const words = fc.constantFrom('صَلاة', 'Ng’ombe', 'one half', '#', 'photosynthesis');
const wordsKey = fc.record({ accepted: fc.uniqueArray(words, { minLength: 1 }), distance: fc.constantFrom(0, 1, 2, 3) });
const thousandths = fc.integer({ min: 0, max: 1000 });
const place = fc.record({ x: thousandths, y: thousandths });
const shape = fc.oneof(
  fc.record({ shape: fc.constant('rectangle' as const), x: thousandths, y: thousandths, width: thousandths, height: thousandths }),
  fc.record({ shape: fc.constant('ellipse' as const), x: thousandths, y: thousandths, rx: thousandths, ry: thousandths }),
  fc.record({ shape: fc.constant('polygon' as const), points: fc.array(place, { minLength: 3, maxLength: 8 }) }),
);

const common = {
  id: fc.constant('q'),
  points: fc.oneof(fc.integer({ min: 0, max: 1000 }), fc.double({ min: 0, max: 1000, noNaN: true })),
  prompt: fc.constant('?'),
};
const marking = { penalty: fc.constantFrom(0, 0.25, 1, 1000), allOrNothing: fc.boolean() };

type Without<T> = T extends unknown ? Omit<T, 'id' | 'points' | 'prompt' | 'penalty' | 'allOrNothing'> : never;

const bodies: { readonly [Kind in QuestionKindName]: fc.Arbitrary<Without<QuestionOf<Kind>>> } = {
  single: id.map((option) => ({ kind: 'single', options: OPTIONS, key: { option } })),
  multiple: fc.uniqueArray(id, { minLength: 1 }).map((options) => ({ kind: 'multiple', options: OPTIONS, key: { options } })),
  'true-false': fc.boolean().map((value) => ({ kind: 'true-false', key: { value } })),
  numeric: fc
    .tuple(number, tolerance, fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }), fc.constantFrom('given', 'any', 'required'))
    .map(([value, reach, figures, units]) => ({
      kind: 'numeric',
      unit: 'km/h',
      units,
      key: { value, tolerance: reach, ...(figures === undefined ? {} : { figures }) },
    })),
  'short-text': wordsKey.map((key) => ({ kind: 'short-text', key })),
  cloze: fc.tuple(wordsKey, number, id).map(([accepted, value, option]) => ({
    kind: 'cloze',
    text: '[[a]] [[b]] [[c]]',
    gaps: [{ id: 'a' }, { id: 'b' }, { id: 'c', options: OPTIONS }],
    key: {
      gaps: { a: { kind: 'words', ...accepted }, b: { kind: 'number', value, tolerance: 0 }, c: { kind: 'choice', option } },
    },
  })),
  ordering: fc.tuple(shown, shownIds).map(([items, order]) => ({ kind: 'ordering', items, key: { order } })),
  matching: fc.array(id, { minLength: 6, maxLength: 6 }).map((to) => ({
    kind: 'matching',
    items: OPTIONS,
    choices: OPTIONS,
    key: { pairs: Object.fromEntries(IDS.map((from, i) => [from, to[i] ?? 'a'])) },
  })),
  hotspot: fc
    .array(shape, { minLength: 1, maxLength: 3 })
    .map((right) => ({ kind: 'hotspot', figure: 'f.svg', description: 'A map.', key: { right } })),
  essay: fc.constant({ kind: 'essay' }),
  file: fc.constant({ kind: 'file' }),
};

const anyBody = fc.oneof(...Object.values<fc.Arbitrary<Without<Question>>>(bodies));

function withMarking<Each extends object>(body: fc.Arbitrary<Each>, extra: Partial<typeof marking> = {}): fc.Arbitrary<Question> {
  // The body of one kind with what every kind has is a question of that kind; TypeScript does not see it through the union.
  return fc.tuple(fc.record({ ...common, ...extra }), body).map(([head, tail]) => ({ ...head, ...tail }) as unknown as Question);
}

/** A question of any kind, without rules of marking of its own. */
export const anyQuestion = withMarking(anyBody);
/** A question of any kind, with penalties or all or nothing. */
export const anyStrictQuestion = withMarking(anyBody, marking);
/** A question of one kind. */
export const questionOf = (kind: QuestionKindName): fc.Arbitrary<Question> => withMarking<object>(bodies[kind]);

/** Any UTF-16, broken halves of pairs included. */
export const anyText = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)), maxLength: 200 });
const text = fc.oneof(anyText, fc.constantFrom('1,5', '2½ km', '٣٫٥', 'a', 'b', ' ', '7 × 10^9'));
const option = fc.oneof(id, fc.stringMatching(/^[a-z0-9]{1,40}$/));

/** Any answer that the schema admits, garbage for the most part. */
export const anyAnswer: fc.Arbitrary<Answer> = fc.oneof(
  fc.record({ kind: fc.constant('single' as const), option }),
  fc.record({ kind: fc.constant('multiple' as const), options: fc.array(option, { maxLength: 20 }) }),
  fc.record({ kind: fc.constant('true-false' as const), value: fc.boolean() }),
  fc.record({ kind: fc.constant('numeric' as const), text }),
  fc.record({ kind: fc.constant('short-text' as const), text }),
  fc.record({ kind: fc.constant('cloze' as const), gaps: fc.dictionary(option, text, { maxKeys: 5 }) }),
  fc.record({ kind: fc.constant('ordering' as const), order: fc.array(option, { maxLength: 20 }) }),
  fc.record({ kind: fc.constant('matching' as const), pairs: fc.dictionary(option, option, { maxKeys: 8 }) }),
  fc.record({ kind: fc.constant('hotspot' as const), x: thousandths, y: thousandths }),
  fc.record({ kind: fc.constant('essay' as const), text }),
  fc.constant<Answer>({ kind: 'file', files: [] }),
);

/** An answer of the question's own kind. */
export function anyAnswerTo({ kind }: Pick<Question, 'kind'>): fc.Arbitrary<Answer> {
  return anyAnswer.filter((answer) => answer.kind === kind);
}
