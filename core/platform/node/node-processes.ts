import { readFileSync } from 'node:fs';
import type { Processes, ProcessIdentity } from '../processes.ts';

/** The machine's processes. */
export const nodeProcesses: Processes = {
  get current(): ProcessIdentity {
    return { pid: process.pid, startMark: readProcess(process.pid)?.startMark ?? '' };
  },
  async isRunning({ pid, startMark }) {
    if (!Number.isInteger(pid) || pid <= 0 || !answersSignals(pid)) return false;
    const found = readProcess(pid);
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

/** On Linux the state, and the boot and the tick in which the process started; elsewhere unknown. */
function readProcess(pid: number): { state: string; startMark: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in parentheses may hold anything, so fields are counted from its end: 3 is the state, 22 the start.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return { state: fields[0] ?? '', startMark: `${boot}/${fields[19] ?? ''}` };
  } catch {
    return undefined;
  }
}
