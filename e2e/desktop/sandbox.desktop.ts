import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { electron, root, spawnInSandbox, test } from './desktop-program.ts';
import { ordinaryUser } from './ordinary-user.ts';
import { appState } from './page-calls.ts';

/** What the system says of a process; empty when it has ended. */
function told(pid: string, file: 'status' | 'cmdline'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

const field = (status: string, name: string): string =>
  new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(status)?.[1] ?? '';

/** Of each page that a program or what it has started shows, what the system says of its process. */
function pageProcesses(program: number): string[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const parents = new Map(all.map((pid) => [pid, field(told(pid, 'status'), 'PPid')]));
  const isOfProgram = (pid: string | undefined): boolean =>
    pid !== undefined && (pid === String(program) || isOfProgram(parents.get(pid)));
  return all
    .filter((pid) => told(pid, 'cmdline').includes('--type=renderer') && isOfProgram(pid))
    .map((pid) => told(pid, 'status'));
}

test('the process of a page is in the sandbox of the system', async ({ dataDir }) => {
  const user = ordinaryUser(electron, [join(root, 'dist/electron/main.js')]);
  test.skip(typeof user === 'string', `the sandbox is not tried: ${user}`);
  if (typeof user === 'string') return;
  const program = spawnInSandbox(dataDir, user);
  let output = '';
  program.stderr?.on('data', (text: Buffer) => {
    output += text.toString();
  });
  const ended = once(program, 'exit');
  try {
    await expect
      .poll(() => (program.exitCode === null ? appState(dataDir).catch(() => undefined) : output))
      .toBe('ready');
    const pages = pageProcesses(program.pid ?? 0);
    expect(pages).not.toHaveLength(0);
    for (const status of pages) {
      // 2: its system calls are filtered.
      expect(field(status, 'Seccomp')).toBe('2');
      expect(field(status, 'NoNewPrivs')).toBe('1');
      // It is the first process in a namespace of its own, and sees no other of the system.
      expect(field(status, 'NSpid')).toMatch(/\s1$/);
    }
  } finally {
    program.kill('SIGTERM');
    await ended;
  }
});
