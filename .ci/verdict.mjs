/** How many tests passed and failed by one runner's JSON report: Playwright's or Vitest's. A file of tests that could not be loaded is a failure. */
export function countReport(report) {
  if (report.stats !== undefined) {
    const { expected, unexpected, flaky } = report.stats;
    const broken = report.errors.length > 0 && unexpected === 0 ? 1 : 0;
    return { passed: expected, failed: unexpected + flaky + broken };
  }
  const unloaded = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
  return { passed: report.numPassedTests, failed: report.numFailedTests + unloaded };
}

/**
 * The sum, and one failure more when `npm test` failed in a step that has no tests (installing, formatting, types, the build) or
 * when no test ran at all.
 */
export function verdict(counts, outcome) {
  const passed = counts.reduce((sum, each) => sum + each.passed, 0);
  const failed = counts.reduce((sum, each) => sum + each.failed, 0);
  if (failed > 0) return { passed, failed, why: null };
  if (outcome !== 0) return { passed, failed: 1, why: `A step outside the tests failed (exit code ${outcome}); it counts as one failure.` };
  if (passed === 0) return { passed, failed: 1, why: 'No test ran; that counts as one failure.' };
  return { passed, failed, why: null };
}
