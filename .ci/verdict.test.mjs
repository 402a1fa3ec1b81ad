import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countReport, verdict } from './verdict.mjs';

test('a flaky test counts as failed', () => {
  assert.deepEqual(countReport({ stats: { expected: 5, unexpected: 1, flaky: 2 }, errors: [] }), { passed: 5, failed: 3 });
});

test('a file of tests that does not load counts as failed', () => {
  const report = { numPassedTests: 3, numFailedTests: 0, testResults: [{ status: 'failed', assertionResults: [] }] };
  assert.deepEqual(countReport(report), { passed: 3, failed: 1 });
});

test('a failing step outside the tests is never “0 failed”', () => {
  assert.equal(verdict([{ passed: 7, failed: 0 }], 1).failed, 1);
  assert.equal(verdict([], 0).failed, 1);
  assert.equal(verdict([{ passed: 7, failed: 0 }], 0).failed, 0);
});
