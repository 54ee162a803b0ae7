// Turns vitest's JSON report into the counts that the test launcher ends with.
import { existsSync, readFileSync } from 'node:fs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */
/** @typedef {{ status: string, assertionResults: { status: string }[] }} FileResult */

/**
 * A file that could not be loaded has no tests to count, and an error outside any test belongs to none:
 * both would read "0 failed", so each counts as a failure.
 * @param {string} path
 * @param {number} exitCode of vitest
 * @returns {Counts}
 */
export function countTests(path, exitCode) {
  if (!existsSync(path)) return { passed: 0, failed: 1, skipped: 0 };
  /** @type {{ testResults: FileResult[] }} */
  const report = JSON.parse(readFileSync(path, 'utf8'));
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of report.testResults) {
    const statuses = file.assertionResults.map((result) => result.status);
    counts.passed += statuses.filter((status) => status === 'passed').length;
    counts.failed += statuses.filter((status) => status === 'failed').length;
    counts.skipped += statuses.filter((status) => status !== 'passed' && status !== 'failed').length;
    if (file.status === 'failed' && !statuses.includes('failed')) counts.failed += 1;
  }
  if (exitCode !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}

/**
 * Counts of Playwright's JSON report. Without a report and without a failure nothing was run.
 * @param {string} path
 * @param {number} exitCode of Playwright
 * @returns {Counts}
 */
export function countSpecs(path, exitCode) {
  const failure = exitCode === 0 ? 0 : 1;
  if (!existsSync(path)) return { passed: 0, failed: failure, skipped: 1 - failure };
  /** @type {{ stats: { expected: number, unexpected: number, flaky: number, skipped: number } }} */
  const { stats } = JSON.parse(readFileSync(path, 'utf8'));
  const failed = stats.unexpected + stats.flaky;
  return { passed: stats.expected, failed: Math.max(failed, failure), skipped: stats.skipped };
}

/** @param {Counts} a @param {Counts} b @returns {Counts} */
export function addCounts(a, b) {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** @param {Counts} counts */
export function summaryLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
