import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readJson, root } from './lib/prepare.mjs';

const scripts = Object.keys(readJson(join(root, 'package.json')).scripts);

function commandsIn(text: string): string[] {
  const run = [...text.matchAll(/npm run (?:-s |--silent )?([\w:-]+)/g)].map((match) => match[1] ?? '');
  const short = [...text.matchAll(/npm (start|test)\b/g)].map((match) => match[1] ?? '');
  return [...run, ...short];
}

test.each(['CONTRIBUTING.md', 'README.md'])('every npm command named in %s exists', (name) => {
  const path = join(root, name);
  // The guide is part of the tooling; the read-me is checked once it is there.
  if (name === 'README.md' && !existsSync(path)) return;
  const commands = commandsIn(readFileSync(path, 'utf8'));
  expect(commands.length).toBeGreaterThan(0);
  expect(commands.filter((command) => !scripts.includes(command))).toEqual([]);
});
