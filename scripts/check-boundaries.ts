// Checks the import rules of .dependency-cruiser.cjs. A tool that sees no files reports no violations either,
// so the check also demands that it saw every source file and found every planted violation.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ICruiseResult } from 'dependency-cruiser';
import { sourceFiles } from './lib/files.ts';
import { root } from './lib/prepare.mjs';

const folders = ['core', 'host', 'simulators', 'electron', 'renderer', 'bench', 'e2e', 'scripts'];
const fixtures = join(root, 'scripts/fixtures/boundaries');
const smallestTree = 20;

interface Violation {
  file: string;
  rule: string;
  text: string;
}

function cruise(base: string): { seen: Set<string>; violations: Violation[] } {
  const targets = folders.filter((folder) => existsSync(join(base, folder)));
  const cli = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const config = join(root, '.dependency-cruiser.cjs');
  const run = spawnSync(process.execPath, [cli, '--config', config, '--output-type', 'json', ...targets], {
    cwd: base,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  // With violations the tool leaves with a code of its own, but always writes the whole report.
  if (!run.stdout.startsWith('{')) throw new Error(`dependency-cruiser did not run:\n${run.stderr}`);
  const { modules, summary }: ICruiseResult = JSON.parse(run.stdout);
  return {
    seen: new Set(modules.map((module) => module.source)),
    violations: summary.violations.map(({ from, to, rule }) => ({
      file: from,
      rule: rule.name,
      text: `${rule.name}: ${from} → ${to}`,
    })),
  };
}

function checkTree(): string[] {
  const { seen, violations } = cruise(root);
  const files = sourceFiles(root).filter((file) => folders.some((folder) => file.startsWith(`${folder}/`)));
  const missed = files.filter((file) => !seen.has(file));
  const problems = violations.map((violation) => violation.text);
  if (missed.length > 0) problems.push(`files the tool did not see: ${missed.join(', ')}`);
  if (files.length < smallestTree)
    problems.push(`only ${files.length} source files: is this the whole tree?`);
  if (problems.length === 0) console.log(`${files.length} files keep the import rules.`);
  return problems;
}

function expectedRules(file: string): string[] {
  const match = /^\/\/ expect: (.+)$/m.exec(readFileSync(join(fixtures, file), 'utf8'));
  return match?.[1]?.split(/,\s*/) ?? [];
}

/** Every planted violation is reported under its own rule, nothing else is, and no rule goes untried. */
function checkCanary(): string[] {
  const require = createRequire(import.meta.url);
  const { forbidden }: { forbidden: { name: string }[] } = require(join(root, '.dependency-cruiser.cjs'));
  const found = new Set(cruise(fixtures).violations.map(({ file, rule }) => `${rule}: ${file}`));
  const planted = new Set(
    sourceFiles(fixtures).flatMap((file) => expectedRules(file).map((rule) => `${rule}: ${file}`)),
  );
  const tried = new Set([...planted].map((line) => line.split(':')[0]));
  const problems = [
    ...[...planted].filter((line) => !found.has(line)).map((line) => `planted violation not found: ${line}`),
    ...[...found].filter((line) => !planted.has(line)).map((line) => `false alarm in the fixtures: ${line}`),
    ...forbidden.filter(({ name }) => !tried.has(name)).map(({ name }) => `rule without a fixture: ${name}`),
  ];
  if (problems.length === 0) console.log(`${planted.size} planted violations were found.`);
  return problems;
}

const problems = [...checkTree(), ...checkCanary()];
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
