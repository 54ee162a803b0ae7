import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Processes, ProcessIdentity } from '../processes.ts';

interface FoundProcess {
  /** One letter; Z has ended and waits for its parent to notice. */
  readonly state: string;
  readonly startMark: string;
}

/** The machine's processes. */
export const nodeProcesses: Processes = {
  get current(): ProcessIdentity {
    return { pid: process.pid, startMark: findProcess(process.pid)?.startMark ?? '' };
  },
  async isRunning({ pid, startMark }) {
    if (!Number.isInteger(pid) || pid <= 0 || !answersSignals(pid)) return false;
    const found = findProcess(pid);
    if (!found) return true;
    // One that has ended and whose parent has not noticed still answers signals.
    if (found.state === 'Z' || found.state === 'X') return false;
    return startMark === '' || found.startMark === startMark;
  },
};

function answersSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM means that it runs, under another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** State and start of a process; undefined where the system does not say. */
function findProcess(pid: number): FoundProcess | undefined {
  try {
    if (process.platform === 'linux') return readProc(pid);
    return process.platform === 'win32' ? undefined : askPs(pid);
  } catch {
    return undefined;
  }
}

function readProc(pid: number): FoundProcess {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The name in parentheses may hold anything, so fields are counted from its end: 3 is the state, 22 the start.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  return { state: fields[0] ?? '', startMark: `${boot}/${fields[19] ?? ''}` };
}

/** For macOS and the BSDs; the same environment each time, or the same start would read differently. */
function askPs(pid: number): FoundProcess {
  const env = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC0' };
  const text = execFileSync('ps', ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    env,
  });
  const [state = '', ...start] = text.trim().split(/\s+/);
  return { state: state.slice(0, 1), startMark: start.join(' ') };
}
