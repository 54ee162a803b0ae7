import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bundles, copies, isFresh, sourceHash } from './stamp.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetbench-stamp-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

function built(): void {
  write('core/a.ts', 'a');
  for (const path of [...Object.keys(bundles), ...Object.keys(copies)]) write(path, '');
  write('dist/.stamp', JSON.stringify({ js: sourceHash(folder) }));
}

test('a build is fresh until a source changes, appears or moves', () => {
  built();
  expect(isFresh(folder, 'js')).toBe(true);
  for (const path of ['core/a.ts', 'core/b.ts', 'host/cli.ts', 'package-lock.json']) {
    built();
    write(path, 'changed');
    expect(isFresh(folder, 'js'), path).toBe(false);
  }
});

test('a changed test leaves the build fresh', () => {
  built();
  write('core/a.test.ts', 'new');
  expect(isFresh(folder, 'js')).toBe(true);
});

test('a missing bundle, a torn stamp and absent declarations are stale', () => {
  built();
  expect(isFresh(folder, 'types')).toBe(false);
  rmSync(join(folder, 'dist/cli.js'));
  expect(isFresh(folder, 'js')).toBe(false);
  built();
  write('dist/.stamp', '{"js":');
  expect(isFresh(folder, 'js')).toBe(false);
});
