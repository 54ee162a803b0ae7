import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { installReason, nodeIsNewEnough } from './prepare.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetbench-prepare-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, content: unknown): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), JSON.stringify(content));
}

const packages = {
  '': {},
  'node_modules/run': { version: '1.0.0' },
  'node_modules/build': { version: '2.0.0', dev: true },
  'node_modules/other-system': { version: '3.0.0', optional: true },
};

function install(...names: ('run' | 'build')[]): void {
  write('package-lock.json', { packages });
  const installed = names.map((name) => [`node_modules/${name}`, packages[`node_modules/${name}`]] as const);
  for (const [path, content] of installed) write(`${path}/package.json`, content);
  write('node_modules/.package-lock.json', { packages: Object.fromEntries(installed) });
}

test.each([
  ['20.19.0', true],
  ['20.20.2', true],
  ['22.0.0', true],
  ['20.18.9', false],
  ['18.20.0', false],
])('Node %s against >=20.19: %s', (version, enough) => {
  expect(nodeIsNewEnough(version, '>=20.19')).toBe(enough);
});

test('asks for an install when nothing is there', () => {
  write('package-lock.json', { packages });
  expect(installReason(folder, { dev: true })).toBe('dependencies are not installed');
});

test('is content without optional packages of other systems', () => {
  install('run', 'build');
  expect(installReason(folder, { dev: true })).toBeUndefined();
});

test('asks for development packages only when they are needed', () => {
  install('run');
  expect(installReason(folder, { dev: false })).toBeUndefined();
  expect(installReason(folder, { dev: true })).toContain('node_modules/build');
});

test('notices a changed lock and a deleted package', () => {
  install('run', 'build');
  write('package-lock.json', { packages: { ...packages, 'node_modules/run': { version: '1.0.1' } } });
  expect(installReason(folder, { dev: true })).toBe('package-lock.json changed (node_modules/run)');
  install('run', 'build');
  rmSync(join(folder, 'node_modules/build'), { recursive: true });
  expect(installReason(folder, { dev: true })).toBe('node_modules/build is gone');
});
