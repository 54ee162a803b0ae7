import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findElectron, type Machine, noWindowReason } from './electron-runtime.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fleetbench-runtime-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, content = ''): string {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
  return join(root, path);
}

const linux: Machine = { env: { DISPLAY: ':0' }, platform: 'linux', isRoot: false };

describe('findElectron', () => {
  it('finds none before it was fetched', () => {
    write('node_modules/electron/package.json');
    expect(findElectron(root, linux)).toBeUndefined();
    write('node_modules/electron/path.txt', 'electron');
    expect(findElectron(root, linux)).toBeUndefined();
  });

  it('finds the fetched one', () => {
    write('node_modules/electron/path.txt', 'electron');
    const executable = write('node_modules/electron/dist/electron');
    expect(findElectron(root, linux)).toBe(executable);
  });

  it('takes the named one and no other', () => {
    write('node_modules/electron/path.txt', 'electron');
    write('node_modules/electron/dist/electron');
    const env = { ...linux.env, ELECTRON_OVERRIDE_DIST_PATH: join(root, 'mine') };
    expect(findElectron(root, { ...linux, env })).toBeUndefined();
    const executable = write('mine/electron.exe');
    expect(findElectron(root, { ...linux, env, platform: 'win32' })).toBe(executable);
  });
});

describe('noWindowReason', () => {
  it.each([
    [linux, [], undefined],
    [{ ...linux, env: { WAYLAND_DISPLAY: 'wayland-0' } }, [], undefined],
    [{ ...linux, env: {} }, [], /no display/],
    [{ ...linux, isRoot: true }, [], /root/],
    [{ ...linux, isRoot: true }, ['--no-sandbox'], undefined],
    [{ ...linux, env: {}, platform: 'darwin' as const }, [], undefined],
    [{ ...linux, env: {}, platform: 'win32' as const }, [], undefined],
  ])('%j %j', (machine, args, reason) => {
    const given = noWindowReason(machine, args);
    if (reason) expect(given).toMatch(reason);
    else expect(given).toBeUndefined();
  });
});
