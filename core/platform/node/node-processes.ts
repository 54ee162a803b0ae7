import { readFileSync } from 'node:fs';
import type { Processes, ProcessIdentity } from '../processes.ts';

/** The machine's processes. */
export const nodeProcesses: Processes = {
  get current(): ProcessIdentity {
    return { pid: process.pid, startMark: startMarkOf(process.pid) };
  },
  async isRunning({ pid, startMark }) {
    if (!Number.isInteger(pid) || pid <= 0 || !answersSignals(pid)) return false;
    const now = startMarkOf(pid);
    return startMark === '' || now === '' || now === startMark;
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

/** On Linux the boot and the tick in which the process started; elsewhere unknown. */
function startMarkOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in parentheses may hold anything, so fields are counted from its end; 22 is the start time.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return `${boot}/${fields[19] ?? ''}`;
  } catch {
    return '';
  }
}
