import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../documents/digest.ts';
import { type Edits, editsSchema, NO_EDITS, WHOLE } from '../../documents/edits.ts';
import { blocksOf, writeBlocks } from '../edits/lists.ts';
import { isRemoved, itemsInOrder, shown, sidesOf, toDecide } from '../edits/read.ts';
import { countOf, decide, removeItem, restoreItem, type Stamp, setCell, undoDecision, writeCell } from '../edits/write.ts';
import { joinEdits } from './edits.ts';

const at = '2026-01-15T08:00:00.000Z';
const stampOf = (edits: Edits, by: string): Stamp => ({ by, n: countOf(edits, by) + 1, personId: by, at });
const bytes = (edits: Edits): string => canonicalJson(edits);
const same = (one: Edits, other: Edits): void => expect(bytes(one)).toBe(bytes(other));

/** Any state that a schema lets pass, reachable or not: each writer's dots up to what was seen. */
const anyState: fc.Arbitrary<Edits> = fc
  .record({
    seen: fc.dictionary(fc.constantFrom('ann', 'bob', 'cy'), fc.integer({ min: 1, max: 3 })),
    cells: fc.dictionary(
      fc.constantFrom('title', 'block.b1.text', 'block.b2.text'),
      fc.array(
        fc.record({
          value: fc.constantFrom('x', 'y', null),
          by: fc.constantFrom('ann', 'bob', 'cy', 'base'),
          n: fc.integer({ min: 0, max: 3 }),
          personId: fc.constant('p'),
          at: fc.constant(at),
        }),
        { maxLength: 4 },
      ),
    ),
    removed: fc.dictionary(
      fc.constantFrom('block.b1', WHOLE),
      fc.dictionary(fc.constantFrom('ann', 'bob'), fc.integer({ min: 0, max: 3 })),
    ),
    decisions: fc.dictionary(
      fc.constantFrom('ann.1', 'bob.2'),
      fc.record({
        cell: fc.constant('title'),
        kept: fc.constantFrom('x', 'y'),
        sides: fc.array(fc.constant({ value: 'x', by: 'ann', n: 1, personId: 'p', at }), { maxLength: 1 }),
        personId: fc.constant('p'),
        at: fc.constant(at),
        undone: fc.boolean(),
      }),
    ),
    streak: fc.integer(),
  })
  .map(({ cells, ...rest }) => ({
    ...rest,
    cells: Object.fromEntries(
      Object.entries(cells).flatMap(([name, entries]) => {
        const possible = entries.filter(({ by, n }) => n <= (rest.seen[by] ?? 0));
        return possible.length === 0 ? [] : [[name, possible]];
      }),
    ),
  }));

describe('M1 M3 the join of cells', () => {
  it('is commutative, associative and idempotent, to the byte, for any states', () => {
    fc.assert(
      fc.property(anyState, anyState, anyState, (a, b, c) => {
        same(joinEdits(a, b), joinEdits(b, a));
        same(joinEdits(joinEdits(a, b), c), joinEdits(a, joinEdits(b, c)));
        same(joinEdits(joinEdits(a, a), a), joinEdits(a, a));
        same(joinEdits(joinEdits(a, b), a), joinEdits(a, b));
      }),
      { numRuns: 500 },
    );
  });

  it('gives what the schema accepts', () => {
    const schema = editsSchema({});
    fc.assert(
      fc.property(anyState, anyState, (a, b) => {
        expect(v.is(schema, joinEdits(a, b))).toBe(true);
      }),
    );
  });
});

/** What people do, each in a copy of their own, and whose copy meets whose. */
const WRITERS = ['ann', 'bob', 'cy'] as const;
const writer = fc.constantFrom(0, 1, 2);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('write' as const),
      who: writer,
      cell: fc.constantFrom('title', 'block.b1.text', 'block.b2.text'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('meet' as const), who: writer, other: writer }) },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant('remove' as const), who: writer, item: fc.constantFrom('block.b1', 'block.b2', WHOLE) }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('restore' as const), who: writer, item: fc.constantFrom('block.b1', WHOLE) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('decide' as const), who: writer, words: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('undo' as const), who: writer, at: fc.nat(3) }) },
);
type Step = typeof step extends fc.Arbitrary<infer Each> ? Each : never;

/** Plays a history; answers each copy at its end, and every state on the way by its writer. */
function play(steps: readonly Step[]): {
  copies: Edits[];
  past: Edits[][];
  written: Map<string, { cell: string; over: readonly string[] }>;
} {
  const copies: Edits[] = WRITERS.map(() => NO_EDITS);
  const past: Edits[][] = WRITERS.map(() => [NO_EDITS]);
  const written = new Map<string, { cell: string; over: readonly string[] }>();
  for (const [index, each] of steps.entries()) {
    const edits = copies[each.who] ?? NO_EDITS;
    const stamp = stampOf(edits, WRITERS[each.who] ?? 'ann');
    let next = edits;
    if (each.does === 'write') {
      const saw = shown(edits, each.cell);
      next = writeCell(edits, stamp, each.cell, `text ${index}`, saw);
      written.set(`text ${index}`, { cell: each.cell, over: saw === undefined ? [] : [String(saw)] });
    } else if (each.does === 'meet') next = joinEdits(edits, copies[each.other] ?? NO_EDITS);
    else if (each.does === 'remove') next = removeItem(edits, stamp, each.item);
    else if (each.does === 'restore') next = restoreItem(edits, stamp, each.item);
    else if (each.does === 'decide') {
      const [question] = toDecide(edits);
      if (question !== undefined)
        next = decide(edits, stamp, question.cell, each.words ? `text ${index}` : question.sides[0]?.value, question.sides);
    } else next = undoDecision(edits, stamp, Object.keys(edits.decisions)[each.at] ?? '');
    copies[each.who] = next;
    past[each.who]?.push(next);
  }
  return { copies, past, written };
}

const history = fc.array(step, { minLength: 1, maxLength: 30 });

describe('M1 copies that met', () => {
  it('are the same, to the byte, whoever met whom first', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const [a = NO_EDITS, b = NO_EDITS, c = NO_EDITS] = play(steps).copies;
        const orders = [joinEdits(joinEdits(a, b), c), joinEdits(joinEdits(c, a), b), joinEdits(b, joinEdits(c, a))];
        for (const each of orders) same(each, orders[0] ?? NO_EDITS);
      }),
      { numRuns: 500 },
    );
  });

  it('gain nothing by meeting what they came from', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const { copies, past } = play(steps);
        for (const [who, copy] of copies.entries())
          for (const before of past[who] ?? []) same(joinEdits(copy, before), joinEdits(copy, copy));
      }),
      { numRuns: 200 },
    );
  });

  it('M5 lose no value that nobody replaced', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const { copies, written } = play(steps);
        const all = copies.reduce(joinEdits);
        const replaced = new Set([...written.values()].flatMap(({ over }) => over));
        const decided = new Set(Object.values(all.decisions).flatMap(({ kept, sides }) => [kept, ...sides.map(({ value }) => value)]));
        for (const [value, { cell }] of written) {
          const live = sidesOf(all, cell).some((side) => side.value === value);
          expect(live || replaced.has(value) || decided.has(value), value).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** A document that everybody has, and then two people apart. */
const begun = writeCell(
  writeCell(NO_EDITS, stampOf(NO_EDITS, 'ann'), 'title', 'Halves', undefined),
  stampOf(NO_EDITS, 'ann'),
  'block.b1.text',
  'Fold.',
  undefined,
);
const by = (who: string, change: (edits: Edits, stamp: Stamp) => Edits, from = begun): Edits => change(from, stampOf(from, who));

describe('two people who edit apart', () => {
  it('M4 keep both when they wrote in different cells', () => {
    const ann = by('ann', (edits, stamp) => writeCell(edits, stamp, 'title', 'Two halves', 'Halves'));
    const bob = by('bob', (edits, stamp) => writeCell(edits, stamp, 'block.b1.text', 'Fold it once.', 'Fold.'));
    const both = joinEdits(ann, bob);
    expect([shown(both, 'title'), shown(both, 'block.b1.text')]).toEqual(['Two halves', 'Fold it once.']);
    expect(toDecide(both)).toEqual([]);
  });

  it('M8 have both texts kept, and a question, when they rewrote the same one', () => {
    const ann = by('ann', (edits, stamp) => writeCell(edits, stamp, 'title', 'Half', 'Halves'));
    const bob = by('bob', (edits, stamp) => writeCell(edits, stamp, 'title', 'One half', 'Halves'));
    const [question] = toDecide(joinEdits(ann, bob));
    expect(question?.cell).toBe('title');
    expect(question?.sides.map(({ value, entries }) => [value, entries[0]?.personId])).toEqual([
      ['One half', 'bob'],
      ['Half', 'ann'],
    ]);
  });

  it('M8 have nothing to decide when they wrote the same', () => {
    const [ann, bob] = ['ann', 'bob'].map((who) => by(who, (edits, stamp) => writeCell(edits, stamp, 'title', 'Half', 'Halves')));
    expect(toDecide(joinEdits(ann ?? begun, bob ?? begun))).toEqual([]);
  });

  it('M5 replace only what they saw: a text that came while somebody typed stays', () => {
    const bob = by('bob', (edits, stamp) => writeCell(edits, stamp, 'title', 'One half', 'Halves'));
    const arrived = joinEdits(begun, bob);
    const ann = by('ann', (edits, stamp) => writeCell(edits, stamp, 'title', 'Half', 'Halves'), arrived);
    expect(sidesOf(ann, 'title').map(({ value }) => value)).toEqual(['One half', 'Half']);
  });

  it('M6 have the place of a paragraph decided by a rule', () => {
    const [ann, bob] = ['a1', 'a2'].map((key, index) =>
      by(['ann', 'bob'][index] ?? '', (edits, stamp) => setCell(edits, stamp, 'block.b1.order', key)),
    );
    const both = joinEdits(ann ?? begun, bob ?? begun);
    expect(toDecide(both)).toEqual([]);
    expect(itemsInOrder(both, 'block')).toEqual([{ id: 'b1', order: 'a2' }]);
  });

  it('M7 keep a paragraph that one took out and the other rewrote', () => {
    const ann = by('ann', (edits, stamp) => removeItem(edits, stamp, 'block.b1'));
    const bob = by('bob', (edits, stamp) => writeCell(edits, stamp, 'block.b1.text', 'Fold it once.', 'Fold.'));
    expect(isRemoved(ann, 'block.b1')).toBe(true);
    expect(blocksOf(joinEdits(ann, bob))).toEqual([{ id: 'b1', text: 'Fold it once.' }]);
  });

  it('M7 keep a paragraph out that one took out and the other only moved', () => {
    const ann = by('ann', (edits, stamp) => removeItem(edits, stamp, 'block.b1'));
    const bob = by('bob', (edits, stamp) => setCell(edits, stamp, 'block.b1.order', 'a5'));
    expect(isRemoved(joinEdits(ann, bob), 'block.b1')).toBe(true);
  });

  it('M7 may bring back what was taken out, as it was', () => {
    const out = by('ann', (edits, stamp) => removeItem(edits, stamp, 'block.b1'));
    const back = by('bob', (edits, stamp) => restoreItem(edits, stamp, 'block.b1'), out);
    expect(blocksOf(joinEdits(out, back))).toEqual([{ id: 'b1', text: 'Fold.' }]);
  });
});

describe('a decision', () => {
  const apart = joinEdits(
    by('ann', (edits, stamp) => writeCell(edits, stamp, 'title', 'Half', 'Halves')),
    by('bob', (edits, stamp) => writeCell(edits, stamp, 'title', 'One half', 'Halves')),
  );
  const question = toDecide(apart)[0] ?? { cell: 'title', sides: [] };
  const decided = by('ann', (edits, stamp) => decide(edits, stamp, 'title', 'Half', question.sides), apart);
  const name = 'ann.3';

  it('M9 ends the question and keeps every side', () => {
    expect(toDecide(decided)).toEqual([]);
    expect(shown(decided, 'title')).toBe('Half');
    expect(decided.decisions[name]?.sides.map(({ value }) => value)).toEqual(['One half', 'Half']);
  });

  it('M9 is about what the person saw: a third text that came meanwhile is still to decide', () => {
    const cy = by('cy', (edits, stamp) => writeCell(edits, stamp, 'title', 'Equal parts', 'Halves'));
    expect(sidesOf(joinEdits(decided, cy), 'title').map(({ value }) => value)).toEqual(['Half', 'Equal parts']);
  });

  it('M9 is taken back also after others have it, and all come to the question again', () => {
    const elsewhere = joinEdits(apart, decided);
    const undone = by('bob', (edits, stamp) => undoDecision(edits, stamp, name), elsewhere);
    const met = joinEdits(decided, undone);
    expect(sidesOf(met, 'title').map(({ value }) => value)).toEqual(['One half', 'Half']);
    same(met, joinEdits(undone, decided));
    expect(met.decisions[name]?.undone).toBe(true);
  });

  it('M9 made twice at once, alike, leaves nothing to decide; made differently, the same question', () => {
    const alike = by('bob', (edits, stamp) => decide(edits, stamp, 'title', 'Half', question.sides), apart);
    const other = by('bob', (edits, stamp) => decide(edits, stamp, 'title', 'One half', question.sides), apart);
    expect(toDecide(joinEdits(decided, alike))).toEqual([]);
    expect(toDecide(joinEdits(decided, other))[0]?.sides.map(({ value }) => value)).toEqual(['One half', 'Half']);
  });

  it('M9 that was written over since keeps what was written when it is taken back', () => {
    const later = by('ann', (edits, stamp) => writeCell(edits, stamp, 'title', 'Half of it', 'Half'), decided);
    const undone = by('ann', (edits, stamp) => undoDecision(edits, stamp, name), later);
    expect(sidesOf(undone, 'title').map(({ value }) => value)).toEqual(['One half', 'Half', 'Half of it']);
  });

  it('M9 undone and then edited: what is replaced does not come back from a copy that has the question still', () => {
    const undone = by('bob', (edits, stamp) => undoDecision(edits, stamp, name), decided);
    const edited = by('ann', (edits, stamp) => writeCell(edits, stamp, 'title', 'A half', 'One half'), undone);
    expect(sidesOf(joinEdits(edited, undone), 'title').map(({ value }) => value)).toEqual(['Half', 'A half']);
  });
});

describe('M6 a lesson’s text, edited as one and merged by blocks', () => {
  const id = (prefix: string) => {
    let count = 0;
    return () => {
      count += 1;
      return `${prefix}${count}`;
    };
  };
  const lesson = writeBlocks(NO_EDITS, stampOf(NO_EDITS, 'ann'), [], 'One.\n\nTwo.\n\nThree.', id('a'));
  const text = (edits: Edits): string[] => blocksOf(edits).map((block) => block.text);
  const write = (who: string, markdown: string, from = lesson): Edits =>
    writeBlocks(from, stampOf(from, who), blocksOf(from), markdown, id(who));

  it('keeps both insertions at the same place, in one order everywhere', () => {
    const both = joinEdits(write('bob', 'One.\n\nB.\n\nTwo.\n\nThree.'), write('cy', 'One.\n\nC.\n\nTwo.\n\nThree.'));
    expect(text(both)).toEqual(['One.', 'B.', 'C.', 'Two.', 'Three.']);
    expect(text(write('ann', 'One.\n\nB.\n\nBetween.\n\nC.\n\nTwo.\n\nThree.', both))).toEqual([
      'One.',
      'B.',
      'Between.',
      'C.',
      'Two.',
      'Three.',
    ]);
  });

  it('keeps rewritten paragraphs of both, and an end that one took out', () => {
    const both = joinEdits(write('bob', 'One!\n\nTwo.\n\nThree.'), write('cy', 'One.\n\nTwo!'));
    expect(text(both)).toEqual(['One!', 'Two!']);
  });

  it('M8 asks when both rewrote the same paragraph', () => {
    const both = joinEdits(write('bob', 'One.\n\n2.\n\nThree.'), write('cy', 'One.\n\nII.\n\nThree.'));
    expect(toDecide(both).map(({ cell, sides }) => [cell, sides.map(({ value }) => value)])).toEqual([['block.a2.text', ['II.', '2.']]]);
  });

  it('keeps what came while the person typed', () => {
    const before = blocksOf(lesson);
    const arrived = joinEdits(lesson, write('bob', 'Zero.\n\nOne.\n\nTwo!\n\nThree.'));
    const saved = writeBlocks(arrived, stampOf(arrived, 'ann'), before, 'One.\n\nTwo.\n\nThree.\n\nFour.', id('n'));
    expect(text(saved)).toEqual(['Zero.', 'One.', 'Two!', 'Three.', 'Four.']);
  });
});
