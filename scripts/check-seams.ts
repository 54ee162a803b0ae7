// Time and chance in core/, simulators/, host/ and electron/ come through core/platform; see lib/seams.ts. Planted lines in
// scripts/fixtures/seams must be found, and innocent ones must not.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceFiles } from './lib/files.ts';
import { root } from './lib/prepare.mjs';
import { findSeamBreaks } from './lib/seams.ts';

const exempt = /\.test\.tsx?$|^core\/testing\/|^core\/platform\/node\//;

function checkTree(): string[] {
  const files = sourceFiles(root).filter(
    (file) => /^(core|simulators|host|electron)\//.test(file) && !exempt.test(file),
  );
  const problems = files.flatMap((file) =>
    findSeamBreaks(file, readFileSync(join(root, file), 'utf8')).map(
      ({ line, what }) => `${file}:${line}: ${what} does not come through core/platform`,
    ),
  );
  if (files.length === 0) problems.push('no source files were seen');
  if (problems.length === 0) console.log(`${files.length} files take time and chance from the seams.`);
  return problems;
}

function checkCanary(): string[] {
  const problems: string[] = [];
  let planted = 0;
  for (const name of ['planted.ts', 'innocent.ts']) {
    const text = readFileSync(join(root, 'scripts/fixtures/seams', name), 'utf8');
    const found = new Set(findSeamBreaks(name, text).map((finding) => finding.line));
    for (const [index, line] of text.split('\n').entries()) {
      const expected = line.endsWith('// expect');
      if (expected) planted += 1;
      if (expected !== found.has(index + 1)) {
        problems.push(
          `${name}:${index + 1}: ${expected ? 'planted line not found' : 'false alarm'}: ${line}`,
        );
      }
    }
  }
  if (planted === 0) problems.push('no planted lines were seen');
  if (problems.length === 0) console.log(`${planted} planted lines were found.`);
  return problems;
}

const problems = [...checkTree(), ...checkCanary()];
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
