import { runInNewContext } from 'node:vm';
import { validationTable } from '@darasa/shared/fixtures';
import { beforeAll, describe, expect, it } from 'vitest';
import { workspaceFolder } from '../workspace-folder.ts';
import { assembleDesign } from './assemble.ts';
import type { DesignSource } from './design-document.ts';

let source: DesignSource;
beforeAll(async () => {
  source = await assembleDesign(workspaceFolder());
});

const design = (name: string) => {
  const found = source.designDocuments.find(({ _id }) => _id === `_design/${name}`);
  if (found === undefined) throw new Error(`No design document ${name}`);
  return found;
};

describe('the bundle of the rules', () => {
  it('needs nothing that CouchDB’s JavaScript lacks, and decides every write of the table', () => {
    const rules = design('rules').lib?.['rules'] ?? '';
    // CouchDB 3.5's QuickJS has none of these; a new context has all of the language.
    const lacking = ['Uint8Array', 'Uint32Array', 'DataView', 'ArrayBuffer', 'BigInt', 'WeakRef', 'SharedArrayBuffer', 'Atomics', 'Intl'];
    const program = `
      ${lacking.map((name) => `delete globalThis.${name};`).join('')}
      const module = { exports: {} };
      (function (module, exports) { ${rules} })(module, module.exports);
      cases.map(({ newDoc, oldDoc, userCtx }) => {
        try { module.exports.validateDocUpdate(newDoc, oldDoc, userCtx); return 'accepted'; }
        catch (thrown) { return 'forbidden' in thrown ? 'forbidden' : 'unauthorized' in thrown ? 'unauthorized' : String(thrown); }
      });`;
    const verdicts: unknown = runInNewContext(program, { cases: validationTable });
    expect(verdicts).toEqual(validationTable.map(({ expected }) => expected));
  });

  it('says where its source is', () => {
    expect(design('rules').lib?.['rules']).toMatch(/^\/\*\n \* .*shared\/src\/rules/);
  });
});

/** The rows that a view makes of documents. */
function rowsOf(name: string, view: string, documents: readonly object[]): unknown {
  const map = design(name).views?.[view]?.map ?? '';
  return runInNewContext(
    `const rows = []; const emit = (key, value) => rows.push([key, value]); const map = (${map}); documents.forEach((doc) => map(doc)); rows`,
    { documents },
  );
}

describe('the views for admins', () => {
  const grade = {
    _id: 'learner-a:grade:x',
    type: 'grade',
    courseId: 'c',
    quizId: 'q',
    learnerId: 'a',
    createdAt: 't',
    agrees: true,
    needsReview: null,
  };

  it('give scores as a share of the points, and pass over grades without a result', () => {
    const result = { score: 3, maxScore: 4, questions: { q1: { points: 1, maxPoints: 2 } } };
    const documents = [
      { ...grade, result },
      { ...grade, result: null },
    ];
    expect(rowsOf('learners', 'scores_by_quiz', documents)).toEqual([[['c', 'q', 'a'], 0.75]]);
    expect(rowsOf('courses', 'points_by_question', documents)).toEqual([[['c', 'q', 'q1'], 0.5]]);
  });

  it('name the grades that a person should see', () => {
    const documents = [
      { ...grade, agrees: false, attemptId: '1' },
      { ...grade, needsReview: 'no-key', agrees: null, attemptId: '2' },
      grade,
    ];
    expect(rowsOf('learners', 'for_a_person_to_see', documents)).toEqual([
      [['grades-differ', 't'], '1'],
      [['no-key', 't'], '2'],
    ]);
  });

  it('are passed through any document of another type without an error', () => {
    const strangers = [{ _id: 'x' }, { _id: 'a:b:c', type: 'other' }];
    for (const { _id, views } of source.designDocuments) {
      for (const view of Object.keys(views ?? {})) {
        if (_id === '_design/documents') continue;
        expect(rowsOf(_id.slice('_design/'.length), view, strangers), `${_id} ${view}`).toEqual([]);
      }
    }
  });
});
