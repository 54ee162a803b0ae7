// No promise is dropped; see lib/promises.ts. Planted lines in scripts/fixtures/promises must be found, and
// innocent ones must not.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './lib/prepare.mjs';
import { findDroppedPromises } from './lib/promises.ts';

const configFile = join(root, 'tsconfig.json');
const planted = join(root, 'scripts/fixtures/promises/planted.ts');
const config = ts.parseJsonConfigFileContent(
  ts.readConfigFile(configFile, ts.sys.readFile).config,
  ts.sys,
  root,
);
const program = ts.createProgram([...config.fileNames, planted], config.options);

function checkTree(): string[] {
  const problems = findDroppedPromises(program, config.fileNames).map(
    ({ file, line, text }) => `${file.slice(root.length + 1)}:${line}: nobody awaits ${text}`,
  );
  if (problems.length === 0) console.log(`${config.fileNames.length} files drop no promise.`);
  return problems;
}

function checkCanary(): string[] {
  const found = new Set(findDroppedPromises(program, [planted]).map((dropped) => dropped.line));
  const lines = readFileSync(planted, 'utf8').split('\n');
  const expected = lines.flatMap((line, index) => (line.endsWith('// expect') ? [index + 1] : []));
  const problems = [
    ...expected.filter((line) => !found.has(line)).map((line) => `planted line ${line} was not found`),
    ...[...found]
      .filter((line) => !expected.includes(line))
      .map((line) => `false alarm in planted line ${line}`),
  ];
  if (expected.length === 0) problems.push('no planted lines were seen');
  if (problems.length === 0) console.log(`${expected.length} planted lines were found.`);
  return problems;
}

const problems = [...checkTree(), ...checkCanary()];
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
