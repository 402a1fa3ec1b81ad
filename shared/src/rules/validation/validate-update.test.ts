import { describe, expect, it } from 'vitest';
import { documentTypes } from '../../documents/registry.ts';
import { personas } from '../access/personas.fixture.ts';
import { sampleDocument } from './sample-documents.fixture.ts';
import { validateDocUpdate } from './validate-update.ts';
import { validationTable } from './validation.fixture.ts';
import type { ValidationCase, Verdict } from './validation-case.fixture.ts';

function verdictOn({ newDoc, oldDoc, userCtx }: ValidationCase): Verdict {
  try {
    validateDocUpdate(newDoc, oldDoc, userCtx);
    return 'accepted';
  } catch (refusal) {
    if (typeof refusal === 'object' && refusal !== null && 'unauthorized' in refusal) return 'unauthorized';
    if (typeof refusal === 'object' && refusal !== null && 'forbidden' in refusal) return 'forbidden';
    throw refusal;
  }
}

describe('validate_doc_update', () => {
  for (const each of validationTable) {
    it(`${each.expected}: ${each.name}`, () => {
      expect(verdictOn(each)).toBe(each.expected);
    });
  }

  it('has a name of its own for every case of its table', () => {
    const names = validationTable.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('accepts every type of document from somebody', () => {
    const accepted = new Set(validationTable.filter(({ expected }) => expected === 'accepted').map(({ newDoc }) => newDoc['type']));
    expect(Object.keys(documentTypes).filter((type) => !accepted.has(type))).toEqual([]);
  });

  it('refuses _deleted that is not true or false, which one store takes for a deletion', () => {
    const newDoc = { ...sampleDocument('attempt', 'learner-ada', 'ada'), _deleted: 1 };
    expect(verdictOn({ name: '', newDoc, oldDoc: null, userCtx: personas.learner, expected: 'forbidden' })).toBe('forbidden');
  });

  it('refuses members with an underscore that CouchDB does not know', () => {
    const newDoc = { ...sampleDocument('profile', 'learner-ada', 'ada'), _hidden: 'x' };
    expect(verdictOn({ name: '', newDoc, oldDoc: null, userCtx: personas.learner, expected: 'forbidden' })).toBe('forbidden');
  });

  it('does not count the history of a document towards its size', () => {
    const ids = Array.from({ length: 10_000 }, (_, i) => i.toString(16).padStart(32, '0'));
    const newDoc = { ...sampleDocument('progress', 'learner-ada', 'ada'), _revisions: { start: ids.length, ids } };
    expect(verdictOn({ name: '', newDoc, oldDoc: null, userCtx: personas.learner, expected: 'accepted' })).toBe('accepted');
  });
});
