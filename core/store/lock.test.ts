import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryFiles } from '../platform/memory-files.ts';
import { nodeFiles } from '../platform/node/node-files.ts';
import { nodeProcesses } from '../platform/node/node-processes.ts';
import { nodeRandom } from '../platform/node/node-random.ts';
import type { Processes, ProcessIdentity } from '../platform/processes.ts';
import { FolderLock } from './lock.ts';

const dead = { pid: 99, startMark: 'x', token: 'aa' };

function processesWith(pid: number, running: readonly number[]): Processes {
  const current: ProcessIdentity = { pid, startMark: 'x' };
  return { current, isRunning: async (identity) => running.includes(identity.pid) };
}

describe('folder lock', () => {
  let files: MemoryFiles;

  beforeEach(async () => {
    files = new MemoryFiles();
    await files.makeFolder('/data');
  });

  const lockOf = (pid: number, running: readonly number[]): FolderLock =>
    new FolderLock(files, processesWith(pid, running), nodeRandom, '/data');
  const leave = (name: string, content: object): Promise<void> =>
    files.writeWhole(`/data/${name}`, [Buffer.from(JSON.stringify(content))]);

  it('is held by one at a time, and names the holder and the folder', async () => {
    const first = lockOf(1, [1, 2]);
    await first.acquire();
    await expect(lockOf(2, [1, 2]).acquire()).rejects.toMatchObject({
      code: 'store.locked',
      message: expect.stringMatching(/\/data is in use by process 1\b/),
    });
    await first.release();
    await lockOf(2, [1, 2]).acquire();
  });

  it('is taken over from a process that has ended, and leaves nothing beside it', async () => {
    await leave('fleetbench.lock', dead);
    await lockOf(1, [1]).acquire();
    expect(await files.list('/data')).toEqual(['fleetbench.lock']);
    await expect(lockOf(2, [1, 2]).acquire()).rejects.toThrow('process 1');
  });

  it('is taken over also when the one before died in the middle of taking it over', async () => {
    await leave('fleetbench.lock', dead);
    await leave('fleetbench.lock.takeover-aa', { pid: 98, startMark: 'x', token: 'bb' });
    await lockOf(1, [1]).acquire();
    expect(await files.list('/data')).toEqual(['fleetbench.lock']);
  });

  it('is not taken by two that find the same dead holder', async () => {
    for (let delays = 0; delays < 40; delays++) {
      files = new MemoryFiles();
      await files.makeFolder('/data');
      await leave('fleetbench.lock', dead);
      const pids = [1, 2, 3];
      const late = async (pid: number): Promise<void> => {
        // Starts each one some microtasks later than the other, so that their steps interleave in many ways.
        for (let count = 0; count < delays * (pid - 1); count++) await Promise.resolve();
        await lockOf(pid, pids).acquire();
      };
      const outcomes = await Promise.allSettled(pids.map(late));
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    }
  });

  it('says what to do with a lock file that nobody can read', async () => {
    await files.writeWhole('/data/fleetbench.lock', [Buffer.from('what?')]);
    await expect(lockOf(1, [1]).acquire()).rejects.toThrow(
      /fleetbench\.lock cannot be read.*delete that file/,
    );
  });

  it('does not remove the lock of another when it is released twice', async () => {
    const first = lockOf(1, [1, 2]);
    await first.acquire();
    await first.release();
    await lockOf(2, [1, 2]).acquire();
    await first.release();
    expect(await files.list('/data')).toEqual(['fleetbench.lock']);
  });
});

describe('folder lock between real processes', () => {
  const child = fileURLToPath(new URL('../testing/store-child.ts', import.meta.url));
  let folder: string;
  let children: ReturnType<typeof spawn>[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fleetbench-lock-'));
    children = [];
  });

  afterEach(async () => {
    for (const process of children) process.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  /** What a writing process says once it is started or refused. */
  async function startWriter(): Promise<string> {
    const writer = spawn(process.execPath, ['--import', 'tsx', child, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(writer);
    for await (const line of createInterface({ input: writer.stdout })) {
      if (line !== 'starting') return line.split(' ')[0] ?? '';
    }
    return 'ended';
  }

  it('lets one of several start on the lock of a dead one', { timeout: 60_000 }, async () => {
    const gone = { pid: process.pid, startMark: 'another start', token: 'ab' };
    await writeFile(join(folder, 'fleetbench.lock'), JSON.stringify(gone));
    const lines = await Promise.all([startWriter(), startWriter(), startWriter()]);
    expect(lines.sort()).toEqual(['locked', 'locked', 'started']);
    const lock = new FolderLock(nodeFiles, nodeProcesses, nodeRandom, folder);
    await expect(lock.acquire()).rejects.toMatchObject({ code: 'store.locked' });
    expect(await readdir(folder)).toEqual(['fleetbench.lock', 'store']);
  });
});

describe('node processes', () => {
  it('knows itself from a later process with the same number, and from a free number', async () => {
    const { current } = nodeProcesses;
    expect(await nodeProcesses.isRunning(current)).toBe(true);
    expect(await nodeProcesses.isRunning({ ...current, startMark: '' })).toBe(true);
    expect(await nodeProcesses.isRunning({ pid: 2 ** 22 + 1, startMark: '' })).toBe(false);
    expect(await nodeProcesses.isRunning({ pid: -1, startMark: '' })).toBe(false);
    if (process.platform === 'linux') {
      expect(await nodeProcesses.isRunning({ ...current, startMark: 'earlier' })).toBe(false);
    }
  });
});
