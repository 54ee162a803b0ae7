import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { channels } from './ipc-channels.ts';

type Listener = (event: object, ...given: unknown[]) => unknown;
const served = vi.hoisted(() => new Map<string, Listener>());
vi.mock('electron', () => ({
  ipcMain: {
    on: (channel: string, listener: Listener) => served.set(channel, listener),
    handle: (channel: string, listener: Listener) => served.set(channel, listener),
  },
}));
const { serveIpc } = await import('./ipc.ts');

const portal = 'http://127.0.0.1:8080';
const frame = { url: `${portal}/#/devices`, origin: portal, parent: null, detached: false };
const contents = { name: 'the window' };
let done: unknown[];
let warnings: string[];
let origin: string | undefined;

beforeEach(() => {
  done = [];
  warnings = [];
  origin = portal;
  serveIpc({
    portalOrigin: () => origin,
    isPortalWindow: (sender) => (sender as object) === contents,
    warn: (text) => warnings.push(text),
    handlers: {
      begin: () => {
        done.push('begin');
        return { session: { key: 'k', tenantId: 't' }, keepsData: true };
      },
      openDataFolder: async () => void done.push('open'),
    },
  });
});

async function call(channel: string, sender: object, ...given: unknown[]): Promise<unknown> {
  const event = { sender: contents, senderFrame: frame, returnValue: undefined, ...sender };
  const answer = await served.get(channel)?.(event, ...given);
  return channel === channels.begin ? event.returnValue : answer;
}

describe('the portal in our window', () => {
  it('is served', async () => {
    expect(await call(channels.begin, {})).toEqual({ session: { key: 'k', tenantId: 't' }, keepsData: true });
    await call(channels.openDataFolder, {});
    expect(done).toEqual(['begin', 'open']);
    expect(warnings).toEqual([]);
  });

  it.each([
    [channels.begin, [1]],
    [channels.openDataFolder, ['/etc']],
    [channels.openDataFolder, [undefined]],
  ])('is refused with other arguments: %s', async (channel, given) => {
    const answer = await call(channel, {}, ...given).catch((error: Error) => error.message);
    expect(answer).toBe(channel === channels.begin ? null : 'refused');
    expect(done).toEqual([]);
    expect(warnings).toEqual([`refused a call of ${channel}: wrong arguments`]);
  });
});

describe('any other sender', () => {
  const framed = (change: object) => ({ senderFrame: { ...frame, ...change } });
  it.each([
    ['another window', { sender: { name: 'another' } }],
    ['a frame that is gone', { senderFrame: null }],
    ['a detached frame', framed({ detached: true })],
    ['a frame in the portal', framed({ parent: frame })],
    ['a foreign page', framed({ url: 'https://evil.example/', origin: 'https://evil.example' })],
    ['a page without an origin at our address', framed({ origin: 'null' })],
    ['another page of the platform', framed({ url: `${portal}/api/v1/docs` })],
    ['the notice page', framed({ url: 'data:text/html,x', origin: 'null' })],
  ])('is refused everything: %s', async (_name, sender) => {
    expect(await call(channels.begin, sender)).toBeNull();
    await expect(call(channels.openDataFolder, sender)).rejects.toThrow('refused');
    expect(done).toEqual([]);
    expect(warnings).toHaveLength(2);
  });

  it('is everybody while the platform does not run', async () => {
    origin = undefined;
    expect(await call(channels.begin, {})).toBeNull();
  });
});

describe('the linter', () => {
  it('lets no other file take calls', () => {
    const root = fileURLToPath(new URL('..', import.meta.url));
    const folder = mkdtempSync(join(tmpdir(), 'fleetbench-lint-'));
    try {
      const { $schema: _address, ...rules } = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'));
      writeFileSync(join(folder, 'biome.json'), JSON.stringify(rules));
      mkdirSync(join(folder, 'electron'));
      for (const name of ['ipc.ts', 'planted.ts']) {
        const raw = "import { ipcMain } from 'electron';\n\nipcMain.on('x', () => {});\n";
        writeFileSync(join(folder, 'electron', name), raw);
      }
      const cli = join(root, 'node_modules/@biomejs/biome/bin/biome');
      const options = { cwd: folder, encoding: 'utf8' } as const;
      const { stdout, stderr } = spawnSync(
        process.execPath,
        [cli, 'lint', '--reporter=github', '.'],
        options,
      );
      const places = `${stdout}${stderr}`.match(/file=[^\n]+/g) ?? [];
      expect(places).toEqual([expect.stringContaining('Calls of a page are taken in electron/ipc.ts')]);
      expect(places[0]).toContain('planted.ts');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
