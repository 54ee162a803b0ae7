import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addCounts, countSpecs, countTests, summaryLine } from './summary.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetbench-summary-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function report(...files: { status: string; tests: string[] }[]): string {
  const path = join(folder, 'results.json');
  const testResults = files.map(({ status, tests }) => ({
    status,
    assertionResults: tests.map((result) => ({ status: result })),
  }));
  writeFileSync(path, JSON.stringify({ testResults }));
  return path;
}

test('counts tests by outcome', () => {
  const path = report(
    { status: 'passed', tests: ['passed', 'passed', 'skipped', 'todo'] },
    { status: 'failed', tests: ['passed', 'failed'] },
  );
  expect(summaryLine(countTests(path, 1))).toBe('3 passed, 1 failed, 2 skipped');
});

test('leaves out the skipped when there are none', () => {
  expect(summaryLine(countTests(report({ status: 'passed', tests: ['passed'] }), 0))).toBe(
    '1 passed, 0 failed',
  );
});

test('counts a file that could not be loaded as one failure', () => {
  const path = report({ status: 'passed', tests: ['passed'] }, { status: 'failed', tests: [] });
  expect(countTests(path, 1)).toEqual({ passed: 1, failed: 1, skipped: 0 });
});

test('never reports success when the runner failed', () => {
  expect(countTests(report({ status: 'passed', tests: ['passed'] }), 1).failed).toBe(1);
  expect(countTests(join(folder, 'absent.json'), 1).failed).toBe(1);
});

test('counts specs, and a flaky one as a failure', () => {
  const path = join(folder, 'specs.json');
  writeFileSync(path, JSON.stringify({ stats: { expected: 5, unexpected: 1, flaky: 1, skipped: 2 } }));
  expect(countSpecs(path, 1)).toEqual({ passed: 5, failed: 2, skipped: 2 });
});

test('counts specs that did not run as skipped, or failed when something did', () => {
  expect(countSpecs(join(folder, 'none.json'), 0)).toEqual({ passed: 0, failed: 0, skipped: 1 });
  expect(countSpecs(join(folder, 'none.json'), 1)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  const path = join(folder, 'specs.json');
  writeFileSync(path, JSON.stringify({ stats: { expected: 5, unexpected: 0, flaky: 0, skipped: 0 } }));
  expect(countSpecs(path, 1).failed).toBe(1);
});

test('adds up', () => {
  const counts = { passed: 1, failed: 2, skipped: 3 };
  expect(addCounts(counts, counts)).toEqual({ passed: 2, failed: 4, skipped: 6 });
});
