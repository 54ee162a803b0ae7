// `npm test`: every check in order, stopping at the first that fails. The last line is always
// `N passed, N failed`, so that a machine can read the outcome.
//   --json   standard output is one JSON object; everything else goes to standard error
//   others   are passed to vitest, for example a file name to filter by
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { installWhenNeeded, readJson, requireNode, root } from './lib/prepare.mjs';
import { addCounts, countSpecs, countTests, summaryLine } from './lib/summary.mjs';

const checks = [
  'lint',
  'typecheck',
  'check:boundaries',
  'check:seams',
  'check:flow',
  'check:size',
  'check:lock',
  'build',
];
/** Of the whole program; left out when the tests are filtered. */
const wholeProgram = ['test:e2e', 'test:desktop', 'package:check'];
const args = process.argv.slice(2);
const json = args.includes('--json');
const vitestArgs = args.filter((arg) => arg !== '--json');
const steps = [...checks, 'test:unit', ...(vitestArgs.length > 0 ? [] : wholeProgram)];
const cache = join(root, 'node_modules/.cache');
const unitResults = join(cache, 'vitest-results.json');
/** Where Playwright writes the counts of each step that it runs. */
const specResults = {
  'test:e2e': join(cache, 'e2e-results.json'),
  'test:desktop': join(cache, 'desktop-results.json'),
};

/** Steps that are many tests. Any other counts when it fails, as one failure. */
const counters = {
  'test:unit': (/** @type {number} */ exitCode) => countTests(unitResults, exitCode),
  'test:e2e': (/** @type {number} */ exitCode) => countSpecs(specResults['test:e2e'], exitCode),
  'test:desktop': (/** @type {number} */ exitCode) => countSpecs(specResults['test:desktop'], exitCode),
};

/** @param {string} line */
function say(line) {
  (json ? process.stderr : process.stdout).write(`${line}\n`);
}

/** @param {string} arg */
function quote(arg) {
  if (/^[\w./:=@-]+$/.test(arg)) return arg;
  return process.platform === 'win32' ? `"${arg}"` : `'${arg.replaceAll("'", "'\\''")}'`;
}

/**
 * Runs the npm script of that name, so that a step by hand and a step in this list are the same thing.
 * @param {string} step
 * @returns {Promise<number>} the exit code
 */
function run(step) {
  const scripts = readJson(join(root, 'package.json')).scripts;
  const extra = {
    build: ['--if-stale'],
    'test:unit': ['--reporter=default', '--reporter=json', `--outputFile.json=${unitResults}`, ...vitestArgs],
    'test:e2e': ['--reporter=list,json'],
    'test:desktop': ['--reporter=list,json'],
  };
  const more = extra[/** @type {keyof typeof extra} */ (step)] ?? [];
  const path = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter);
  return new Promise((resolve) => {
    const child = spawn([scripts[step], ...more.map(quote)].join(' '), {
      cwd: root,
      shell: true,
      stdio: ['ignore', json ? 2 : 1, 2],
      env: {
        ...process.env,
        PATH: path,
        PLAYWRIGHT_JSON_OUTPUT_FILE: specResults[/** @type {keyof typeof specResults} */ (step)],
      },
    });
    /** @param {NodeJS.Signals} signal */
    const passOn = (signal) => child.kill(signal);
    process.on('SIGINT', passOn).on('SIGTERM', passOn);
    child.on('close', (code, signal) => {
      process.off('SIGINT', passOn).off('SIGTERM', passOn);
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 1));
    });
  });
}

requireNode();
installWhenNeeded({ dev: true });
mkdirSync(cache, { recursive: true });
// An old file must never be counted as this run's.
for (const file of [unitResults, ...Object.values(specResults)]) rmSync(file, { force: true });

const report = [];
let exitCode = 0;
let counts = { passed: 0, failed: 0, skipped: 0 };
for (const step of steps) {
  say(`\n▶ ${step}`);
  const began = performance.now();
  exitCode = await run(step);
  const ms = Math.round(performance.now() - began);
  report.push({ step, ok: exitCode === 0, ms });
  say(`${exitCode === 0 ? '✔' : '✘'} ${step} (${(ms / 1000).toFixed(1)} s)`);
  const count = counters[/** @type {keyof typeof counters} */ (step)];
  counts = addCounts(counts, count?.(exitCode) ?? { passed: 0, failed: exitCode === 0 ? 0 : 1, skipped: 0 });
  if (counts.failed > 0 && exitCode === 0) exitCode = 1;
  if (exitCode !== 0) break;
}

const last = report.at(-1)?.step;
if (last !== steps.at(-1))
  say(`Stopped at "${last}"; a step that is not made of tests counts as one failure.`);
if (json) process.stdout.write(`${JSON.stringify({ ...counts, steps: report })}\n`);
say(summaryLine(counts));
process.exitCode = exitCode;
