import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { citations, citedIn, rulesOf } from './sync-rules.mjs';

test('each rule of docs/sync-spec.md is cited by the title of a test', () => {
  const uncited = [...citations(join(import.meta.dirname, '..'))].filter(([, files]) => files.length === 0).map(([rule]) => rule);
  assert.deepEqual(uncited, []);
});

test('a rule is cited at the head of a title or in brackets at its end, and nowhere else', () => {
  assert.deepEqual(
    [...citedIn("it('M5 M7 keeps both', f); it(`proves it (X1, D4)`, g); const room = 'seat B2 is free';")],
    ['M5', 'M7', 'X1', 'D4'],
  );
  assert.deepEqual(rulesOf('- **A1** One.\n  more\n- **A2** Two, as **A1**.\n'), ['A1', 'A2']);
});
