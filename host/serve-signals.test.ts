import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cliPath, FleetbenchProcess, freePorts } from '../core/testing/fleetbench-process.ts';

/** Runs before the program: sends it the signal so long after it began to listen for that signal. */
function signalAfter(signal: string, delayMs: number): string {
  const code = `
    process.on('newListener', (name) => {
      if (name === '${signal}') setTimeout(() => process.kill(process.pid, name), ${delayMs});
    });`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}

it('ends well whenever a signal comes, from its first line on, and leaves a folder that can be started', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fleetbench-signals-'));
  try {
    const serve = [cliPath, 'serve', '--json', '--data-dir', folder, ...freePorts];
    for (const signal of ['SIGTERM', 'SIGINT']) {
      for (const delayMs of [0, 50, 150, 300, 500, 800]) {
        const argv = ['--import', signalAfter(signal, delayMs), ...serve];
        await using program = new FleetbenchProcess(argv, {}, process.execPath);
        const { code, signal: endedBy, stderr } = await program.ended;
        expect([signal, delayMs, code, endedBy, stderr]).toEqual([signal, delayMs, 0, null, '']);
        expect(await readdir(folder)).not.toContain('fleetbench.lock');
      }
    }
    await using last = new FleetbenchProcess(serve, {}, process.execPath);
    expect((await last.ready()).dataDir).toBe(folder);
    expect((await last.signal('SIGTERM')).code).toBe(0);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 60_000);
