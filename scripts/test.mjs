// `npm test`: every check in order, stopping at the first that fails. The last line is always
// `N passed, N failed`, so that a machine can read the outcome.
//   --json   standard output is one JSON object; everything else goes to standard error
//   others   are passed to vitest, for example a file name to filter by
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { installWhenNeeded, readJson, requireNode, root } from './lib/prepare.mjs';
import { countTests, summaryLine } from './lib/summary.mjs';

const steps = [
  'lint',
  'typecheck',
  'check:boundaries',
  'check:seams',
  'check:flow',
  'check:size',
  'check:lock',
  'build',
  'test:unit',
];
const args = process.argv.slice(2);
const json = args.includes('--json');
const vitestArgs = args.filter((arg) => arg !== '--json');
const resultsFile = join(root, 'node_modules/.cache/vitest-results.json');

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
    'test:unit': ['--reporter=default', '--reporter=json', `--outputFile.json=${resultsFile}`, ...vitestArgs],
  };
  const more = extra[/** @type {keyof typeof extra} */ (step)] ?? [];
  const path = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter);
  return new Promise((resolve) => {
    const child = spawn([scripts[step], ...more.map(quote)].join(' '), {
      cwd: root,
      shell: true,
      stdio: ['ignore', json ? 2 : 1, 2],
      env: { ...process.env, PATH: path },
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
mkdirSync(join(root, 'node_modules/.cache'), { recursive: true });
// An old file must never be counted as this run's.
rmSync(resultsFile, { force: true });

const report = [];
let exitCode = 0;
for (const step of steps) {
  say(`\n▶ ${step}`);
  const began = performance.now();
  exitCode = await run(step);
  const ms = Math.round(performance.now() - began);
  report.push({ step, ok: exitCode === 0, ms });
  say(`${exitCode === 0 ? '✔' : '✘'} ${step} (${(ms / 1000).toFixed(1)} s)`);
  if (exitCode !== 0) break;
}

const last = report.at(-1)?.step;
const counts =
  last === 'test:unit' ? countTests(resultsFile, exitCode) : { passed: 0, failed: 1, skipped: 0 };
if (counts.failed > 0 && exitCode === 0) exitCode = 1;
if (last !== 'test:unit') say(`Stopped at "${last}", before the tests; the step counts as one failure.`);
if (json) process.stdout.write(`${JSON.stringify({ ...counts, steps: report })}\n`);
say(summaryLine(counts));
process.exitCode = exitCode;
