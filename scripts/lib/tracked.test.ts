import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { trackedButIgnored } from './tracked.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetbench-tracked-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function git(...args: string[]): void {
  const { status, stderr } = spawnSync('git', ['-C', folder, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

function write(path: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), '');
}

it('finds what is tracked although it is ignored, a link to packages first of all', () => {
  git('init', '--quiet');
  writeFileSync(join(folder, '.gitignore'), 'node_modules\ndist/\n');
  write('core/a.ts');
  git('add', '.');
  expect(trackedButIgnored(folder)).toEqual([]);

  write('dist/cli.js');
  symlinkSync('elsewhere', join(folder, 'node_modules'));
  git('add', '.');
  expect(trackedButIgnored(folder)).toEqual([]);

  git('add', '--force', 'node_modules', 'dist/cli.js');
  expect(trackedButIgnored(folder)).toEqual(['dist/cli.js', 'node_modules']);
});

it('finds packages also when nothing says that they are ignored', () => {
  git('init', '--quiet');
  write('tools/node_modules/one/index.js');
  git('add', '.');
  expect(trackedButIgnored(folder)).toEqual(['tools/node_modules/one/index.js']);
});

it('has nothing to say where there is no repository', () => {
  expect(trackedButIgnored(folder)).toBeUndefined();
});
