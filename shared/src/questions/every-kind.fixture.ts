import type { QuestionKindName } from './question-kind.ts';
import type { Answer, Question } from './schemas.ts';

interface Sample {
  readonly question: Question;
  /** Earns everything, save where a person marks it. */
  readonly answer: Answer;
  /** Earns something, and not everything; null where there is no such answer. */
  readonly inPart: Answer | null;
  /** Earns nothing. */
  readonly wrong: Answer | null;
}

const asked = { id: 'q', points: 3, prompt: '?' };
const options = ['a', 'b', 'c', 'd'].map((id) => ({ id, text: `Option ${id}` }));

/** A question of each kind with its key, and what may be answered. */
const samples: { readonly [Kind in QuestionKindName]: Sample } = {
  single: {
    question: { ...asked, kind: 'single', options, key: { option: 'b', feedback: { a: 'Not *a*.', b: 'Yes.' } } },
    answer: { kind: 'single', option: 'b' },
    inPart: null,
    wrong: { kind: 'single', option: 'a' },
  },
  multiple: {
    question: { ...asked, kind: 'multiple', options, key: { options: ['a', 'c'], feedback: { d: 'Not d.' } } },
    answer: { kind: 'multiple', options: ['c', 'a'] },
    inPart: { kind: 'multiple', options: ['a'] },
    wrong: { kind: 'multiple', options: ['a', 'd'] },
  },
  'true-false': {
    question: { ...asked, kind: 'true-false', key: { value: true, feedback: { false: 'It is.' } } },
    answer: { kind: 'true-false', value: true },
    inPart: null,
    wrong: { kind: 'true-false', value: false },
  },
  numeric: {
    question: { ...asked, kind: 'numeric', unit: 'm', units: 'any', key: { value: 2500, tolerance: 1 } },
    answer: { kind: 'numeric', text: '2,5 km' },
    inPart: null,
    wrong: { kind: 'numeric', text: '2.5' },
  },
  'short-text': {
    question: { ...asked, kind: 'short-text', key: { accepted: ['photosynthesis'], distance: 2 } },
    answer: { kind: 'short-text', text: 'Fotosynthesis' },
    inPart: null,
    wrong: { kind: 'short-text', text: 'osmosis' },
  },
  cloze: {
    question: {
      ...asked,
      kind: 'cloze',
      text: 'Water [[verb]] at [[heat]] degrees into [[what]].',
      gaps: [{ id: 'verb' }, { id: 'heat' }, { id: 'what', options: options.slice(0, 2) }],
      key: {
        gaps: {
          verb: { kind: 'words', accepted: ['boils'] },
          heat: { kind: 'number', value: 100, tolerance: 0 },
          what: { kind: 'choice', option: 'b' },
        },
        feedback: { heat: 'At sea level.' },
      },
    },
    answer: { kind: 'cloze', gaps: { verb: 'Boils', heat: '100', what: 'b' } },
    inPart: { kind: 'cloze', gaps: { verb: 'boils', heat: '90' } },
    wrong: { kind: 'cloze', gaps: { verb: 'b', heat: 'hot', what: 'a' } },
  },
  ordering: {
    question: { ...asked, kind: 'ordering', items: options, key: { order: ['d', 'a', 'c', 'b'] } },
    answer: { kind: 'ordering', order: ['d', 'a', 'c', 'b'] },
    inPart: { kind: 'ordering', order: ['a', 'd', 'c', 'b'] },
    wrong: { kind: 'ordering', order: ['b', 'c', 'a', 'd'] },
  },
  matching: {
    question: {
      ...asked,
      kind: 'matching',
      items: options.slice(0, 2),
      choices: options,
      key: { pairs: { a: 'd', b: 'c' }, feedback: { b: 'c!' } },
    },
    answer: { kind: 'matching', pairs: { a: 'd', b: 'c' } },
    inPart: { kind: 'matching', pairs: { a: 'd', b: 'a' } },
    wrong: { kind: 'matching', pairs: { a: 'c', b: 'd' } },
  },
  hotspot: {
    question: {
      ...asked,
      kind: 'hotspot',
      figure: 'halves.svg',
      description: 'Two halves of a circle.',
      key: {
        right: [{ shape: 'ellipse', x: 300, y: 500, rx: 100, ry: 200 }],
        wrong: [{ shape: 'rectangle', x: 600, y: 0, width: 400, height: 1000, feedback: 'That is the other half.' }],
      },
    },
    answer: { kind: 'hotspot', x: 350, y: 600 },
    inPart: null,
    wrong: { kind: 'hotspot', x: 700, y: 500 },
  },
  essay: {
    question: { ...asked, kind: 'essay', minWords: 50, key: { guide: 'Names two reasons.' } },
    answer: { kind: 'essay', text: 'Because it rained, and because it was late.' },
    inPart: null,
    wrong: null,
  },
  file: {
    question: { ...asked, kind: 'file', accept: 'photos' },
    answer: {
      kind: 'file',
      files: [
        { file: 'learner-ada:answer-file:tablet-1:7:00000000000000000000', name: 'My drawing.jpg', mediaType: 'image/jpeg', size: 90_000 },
      ],
    },
    inPart: null,
    wrong: null,
  },
};

export const everyKind: readonly Sample[] = Object.values(samples);
