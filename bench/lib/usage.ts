import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** What a process has used since it began. */
export interface Usage {
  /** The process's own clock, to divide by. */
  readonly atMs: number;
  readonly cpuMs: number;
  readonly rssBytes: number;
  readonly peakRssBytes: number;
}

/** Of this process. */
export function readUsage(): Usage {
  const { user, system } = process.cpuUsage();
  return {
    atMs: performance.now(),
    cpuMs: (user + system) / 1000,
    rssBytes: process.memoryUsage.rss(),
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  };
}

/** The unit of CPU times in /proc; Linux has it at 100 a second for programs everywhere. */
const tickMs = 10;

/** Of another process, where the system shows it as files (Linux). */
export function readUsageOf(pid: number): Usage | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kibibytes = (name: string): number =>
      Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0);
    return {
      atMs: performance.now(),
      cpuMs: cpuMsIn(readFileSync(`/proc/${pid}/stat`, 'utf8')),
      rssBytes: kibibytes('VmRSS') * 1024,
      peakRssBytes: kibibytes('VmHWM') * 1024,
    };
  } catch {
    return undefined;
  }
}

/** CPU time of one thread (Linux); the main thread has the id of its process. */
export function threadCpuMs(pid: number, threadId: number): number | undefined {
  try {
    return cpuMsIn(readFileSync(`/proc/${pid}/task/${threadId}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

/** CPU time of all programs of the machine, on all cores. */
export function machineCpuMs(): number {
  let sum = 0;
  for (const { times } of cpus()) sum += times.user + times.nice + times.sys + times.irq;
  return sum;
}

/** CPU time per time that passed; 1 is a full core. */
export function cpuShare(before: Usage, after: Usage): number {
  return (after.cpuMs - before.cpuMs) / (after.atMs - before.atMs);
}

/** Fields 14 and 15 are user and system time; the name in field 2 may hold spaces and brackets. */
function cpuMsIn(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}
