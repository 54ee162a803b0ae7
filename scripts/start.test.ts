import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePorts } from '../core/testing/fleetbench-process.ts';
import { root } from './lib/prepare.mjs';

/** The launchers build what is stale first, which takes its time. */
const patienceMs = 180_000;
let folder: string;
let children: ChildProcess[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetbench-start-'));
  children = [];
});
afterEach(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  rmSync(folder, { recursive: true, force: true });
});

/** Something in the place of Electron that says what it was given. */
function fakeElectron(): string {
  const executable = join(folder, 'electron');
  writeFileSync(executable, '#!/bin/sh\necho "a window with $*"\n');
  chmodSync(executable, 0o755);
  return folder;
}

/** Runs a launcher until it says something that fits, or ends. @returns all that it said */
async function run(script: string, env: Record<string, string | undefined>, wanted: RegExp): Promise<string> {
  const { DISPLAY: _, WAYLAND_DISPLAY: __, ELECTRON_OVERRIDE_DIST_PATH: ___, ...rest } = process.env;
  // Root opens no window with the sandbox on.
  const sandbox = script === 'serve' ? [] : ['--no-sandbox'];
  const flags = [...freePorts, '--data-dir', join(folder, 'data'), ...sandbox];
  const child = spawn(process.execPath, [join(root, `scripts/${script}.mjs`), ...flags], {
    env: { ...rest, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let said = '';
  return new Promise((resolve) => {
    const hear = (text: Buffer): void => {
      said += text.toString();
      if (wanted.test(said)) resolve(said);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('close', () => resolve(said));
  });
}

const portalAddress = /http:\/\/127\.0\.0\.1:\d+\/\?code=/;

// Windows and macOS have a display of their own.
describe.skipIf(process.platform !== 'linux')('the launchers', () => {
  it('start: opens the window where there is an Electron and a display', {
    timeout: patienceMs,
  }, async () => {
    const env = { DISPLAY: ':99', ELECTRON_OVERRIDE_DIST_PATH: fakeElectron() };
    const said = await run('start', env, /a window with .*\n/);
    expect(said).toContain(`a window with ${root} ${freePorts.join(' ')}`);
    expect(said).not.toMatch(portalAddress);
  });

  it('start: serves without a display, and prints the address of the portal', {
    timeout: patienceMs,
  }, async () => {
    const said = await run('start', { ELECTRON_OVERRIDE_DIST_PATH: fakeElectron() }, portalAddress);
    expect(said).toMatch(portalAddress);
    expect(said).not.toContain('a window');
  });

  it('start: serves without an Electron, and says how to have one', { timeout: patienceMs }, async () => {
    const env = { DISPLAY: ':99', ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'nothing') };
    const said = await run('start', env, portalAddress);
    expect(said).toContain('starting without a window; `npm run desktop` fetches what a window needs');
    expect(said).toMatch(portalAddress);
  });

  it('serve: opens no window, whatever is there', { timeout: patienceMs }, async () => {
    const env = { DISPLAY: ':99', ELECTRON_OVERRIDE_DIST_PATH: fakeElectron() };
    const said = await run('serve', env, portalAddress);
    expect(said).toMatch(portalAddress);
    expect(said).not.toContain('a window');
  });

  it('desktop: says what a window needs, and what to do without', { timeout: patienceMs }, async () => {
    const said = await run('desktop', { ELECTRON_OVERRIDE_DIST_PATH: fakeElectron() }, /npm run serve/);
    expect(said).toContain('there is no display: neither DISPLAY nor WAYLAND_DISPLAY is set');
    expect(said).toContain('Without a window: npm run serve');
  });
});
