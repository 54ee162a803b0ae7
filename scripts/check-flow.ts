// No promise is dropped and no switch leaves out a value; see lib/promises.ts and lib/switches.ts. Planted lines
// in scripts/fixtures/flow must be found, and innocent ones must not.
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { inspect } from './lib/flow.ts';
import { root } from './lib/prepare.mjs';
import { droppedPromises, ignoredPromises } from './lib/promises.ts';
import { openSwitches } from './lib/switches.ts';

const inspections = [droppedPromises, ignoredPromises, openSwitches];
const fixtures = ['promises.ts', 'switches.ts'].map((name) => join(root, 'scripts/fixtures/flow', name));
const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
const program = ts.createProgram([...fileNames, ...fixtures], options);

function checkTree(): string[] {
  const problems = inspect(program, fileNames, inspections).map(
    ({ file, line, what }) => `${relative(root, file)}:${line}: ${what}`,
  );
  if (fileNames.length === 0) problems.push('no source files were seen');
  if (problems.length === 0) console.log(`${fileNames.length} files drop no promise and no case.`);
  return problems;
}

function checkCanary(): string[] {
  const at = ({ file, line }: { file: string; line: number }): string => `${relative(root, file)}:${line}`;
  const found = new Set(inspect(program, fixtures, inspections).map(at));
  const planted = new Set(
    fixtures.flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((text, index) => (text.endsWith('// expect') ? [at({ file, line: index + 1 })] : [])),
    ),
  );
  const problems = [
    ...[...planted].filter((place) => !found.has(place)).map((place) => `planted line not found: ${place}`),
    ...[...found].filter((place) => !planted.has(place)).map((place) => `false alarm: ${place}`),
  ];
  if (planted.size === 0) problems.push('no planted lines were seen');
  if (problems.length === 0) console.log(`${planted.size} planted lines were found.`);
  return problems;
}

const problems = [...checkTree(), ...checkCanary()];
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
