import { ERASED, erasureIdFor } from '@darasa/shared/documents';
import { personas, sampleAttempt, sampleDocument } from '@darasa/shared/fixtures';
import { personFrom, type UncheckedDocument } from '@darasa/shared/rules';
import { describe, expect, it } from 'vitest';
import { judgeWrites, type WriteLookups } from './writes.ts';

const ada = personFrom('ada', personas.learner.roles);
const attempt = sampleAttempt('ada');

function database(
  docs: readonly UncheckedDocument[],
  missing: Readonly<Record<string, readonly string[]>> = {},
): WriteLookups & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async current(ids) {
      asked.push(...ids);
      return new Map(docs.map((doc) => [String(doc['_id']), doc]));
    },
    async missing() {
      return new Map(Object.entries(missing).map(([id, revs]) => [id, new Set(revs)]));
    },
  };
}

describe('a write', () => {
  it('of what was erased for good is refused, with the reason that a device knows; a write beside it is not (E2)', async () => {
    const head = personFrom('head', personas.admin.roles);
    const store = database([{ _id: 'staff:erasure:zoe' }, { _id: erasureIdFor('employer-acme:application:t:1:a') }]);
    const ofZoe = personFrom('zoe', personas.learner.roles);
    const judged = await judgeWrites(
      ['zoe', 'ada'].map((key) => sampleDocument('profile', `learner-${key}`, key)),
      ofZoe,
      true,
      store,
    );
    expect(judged[0]).toEqual({ verdict: 'refused', error: 'forbidden', reason: ERASED });
    expect(judged[1]).toMatchObject({ verdict: 'refused', reason: expect.not.stringContaining(ERASED) });
    expect(await judgeWrites([sampleDocument('settings', 'school', 'head')], head, true, store)).toEqual([{ verdict: 'pass' }]);
  });

  it('whose revision is none is refused by itself, and not with the batch that it came in', async () => {
    const rev = `1-${'a'.repeat(32)}`;
    const history = { start: 1, ids: ['a'.repeat(32)] };
    const judged = async (doc: object, newEdits: boolean) =>
      (
        await judgeWrites(
          [
            { ...attempt, ...doc },
            { ...attempt, _rev: rev, _revisions: history },
          ],
          ada,
          newEdits,
          database([], { [attempt._id]: [rev] }),
        )
      ).map(({ verdict }) => verdict);
    for (const junk of ['x', 7, null, '0-a', `1-${'z'.repeat(32)}`, {}, '1-a b'])
      for (const newEdits of [true, false])
        expect(await judged({ _rev: junk }, newEdits), JSON.stringify(junk)).toEqual(['refused', 'pass']);
    expect(await judged({}, false)).toEqual(['refused', 'pass']);
    for (const junk of [7, null, {}, { start: 'x', ids: [] }, { start: 0, ids: ['a'] }, { start: 1, ids: [{}] }, { start: 2, ids: ['b'] }])
      expect(await judged({ _rev: rev, _revisions: junk }, false), JSON.stringify(junk)).toEqual(['refused', 'pass']);
  });

  it('that the person could never make is refused before the database is asked', async () => {
    const lookups = database([]);
    const [verdict] = await judgeWrites([sampleAttempt('ben')], ada, true, lookups);
    expect(verdict).toMatchObject({ verdict: 'refused', error: 'forbidden' });
    expect(lookups.asked).toEqual([]);
  });

  it('of nobody is refused as such', async () => {
    expect(await judgeWrites([attempt], null, true, database([]))).toMatchObject([{ verdict: 'refused', error: 'unauthorized' }]);
  });

  it('of what is written once passes the first time and not again', async () => {
    expect(await judgeWrites([attempt], ada, true, database([]))).toEqual([{ verdict: 'pass' }]);
    expect(await judgeWrites([attempt], ada, true, database([{ ...attempt, _rev: '1-a' }]))).toMatchObject([{ verdict: 'refused' }]);
  });

  it('of a revision that is there already is no edit', async () => {
    const sent = { ...attempt, _rev: '1-a' };
    expect(await judgeWrites([sent], ada, false, database([sent]))).toEqual([{ verdict: 'known' }]);
    expect(await judgeWrites([sent], ada, false, database([{ ...attempt, _rev: '1-b' }], { [attempt._id]: ['1-a'] }))).toMatchObject([
      { verdict: 'refused' },
    ]);
  });

  it('is judged in the order in which it came', async () => {
    const docs = [attempt, 'no document', sampleDocument('profile', 'learner-ben', 'ben'), sampleDocument('profile', 'learner-ada', 'ada')];
    expect((await judgeWrites(docs, ada, true, database([]))).map(({ verdict }) => verdict)).toEqual([
      'pass',
      'refused',
      'refused',
      'pass',
    ]);
  });
});
