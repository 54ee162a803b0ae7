import { cpuShare, machineCpuMs, threadCpuMs } from '../lib/usage.ts';
import type { LoadResult, Pace } from '../load/load-run.ts';
import type { Contestant } from '../peers/contestant.ts';
import { clientIdPrefix, Fleetbench, fifoName } from '../peers/fleetbench.ts';
import { type Bench, sleep } from './bench.ts';

export const publishers = 50;
/** Messages that each publisher has on their way. */
export const publisherWindow = 10;

export interface LoadPlan {
  readonly pace: Pace;
  readonly subscriber?: boolean | undefined;
  /** Name of the CPU profiles, when some are wanted. */
  readonly label: string;
  /** Runs beside the measurement, which lasts at least as long. */
  readonly during?: (() => Promise<void>) | undefined;
}

export interface Measurement {
  readonly load: LoadResult;
  /** CPU time of the server per time that passed, all threads; 1 is a full core. */
  readonly serverCpu: number | undefined;
  /** The same of its main thread. */
  readonly mainThreadCpu: number | undefined;
  /** Longest time in which the main thread of the platform could take nothing new. */
  readonly longestStallMs: number | undefined;
  readonly rssMb: number | undefined;
  readonly peakRssMb: number | undefined;
}

const megabyte = 1e6;

/** Lets one server have load, first unmeasured, and then measured. */
export async function runLoad(bench: Bench, server: Contestant, plan: LoadPlan): Promise<Measurement> {
  const { load, options } = bench;
  const platform = server instanceof Fleetbench ? server.program : undefined;
  const profiled = options.profileDir === undefined ? undefined : platform;
  await load.call('start', {
    target: { host: '127.0.0.1', port: server.mqttPort },
    publishers,
    login: server.deviceLogin,
    clientIdPrefix,
    topic: 'dev/data',
    pace: plan.pace,
    subscriber:
      plan.subscriber && server instanceof Fleetbench
        ? { login: server.applicationLogin, topic: `fifo/${fifoName}` }
        : undefined,
  });
  await sleep(options.warmUpMs);
  await profiled?.call('startProfile');
  const threadId = platform?.pid;
  const threadCpu = (): number | undefined =>
    threadId === undefined ? undefined : threadCpuMs(threadId, threadId);
  const [before, threadBefore, machineBefore] = [await server.usage(), threadCpu(), machineCpuMs()];
  await platform?.call('resetStalls');
  const measured = load.call('measure', { durationMs: options.measureMs });
  await plan.during?.();
  await measured;
  const [after, threadAfter, machineAfter] = [await server.usage(), threadCpu(), machineCpuMs()];
  const longestStallMs = await platform?.call('longestStallMs');
  if (profiled && options.profileDir !== undefined) {
    const threads = await profiled.call('stopProfile', {
      folder: options.profileDir,
      label: plan.label,
    });
    bench.keepProfile({ profile: plan.label, threads: threads ?? [] });
  }
  const result = await load.call('drain');
  const end = await server.usage();
  const serverCpu = before && after && cpuShare(before, after);
  if (serverCpu !== undefined) {
    const all = (machineAfter - machineBefore) / result.window.durationMs;
    bench.noteOthers(Math.max(0, all - serverCpu - result.window.generatorCpu));
  }
  return {
    load: result,
    serverCpu,
    mainThreadCpu:
      before && after && threadBefore !== undefined && threadAfter !== undefined
        ? (threadAfter - threadBefore) / (after.atMs - before.atMs)
        : undefined,
    longestStallMs,
    rssMb: end && end.rssBytes / megabyte,
    peakRssMb: end && end.peakRssBytes / megabyte,
  };
}

/** Stores so many messages, as fast as it goes. */
export async function storeMessages(bench: Bench, server: Contestant, messages: number): Promise<void> {
  const { load } = bench;
  await load.call('start', {
    target: { host: '127.0.0.1', port: server.mqttPort },
    publishers,
    login: server.deviceLogin,
    clientIdPrefix,
    topic: 'dev/data',
    pace: { kind: 'closed', window: publisherWindow, messages },
  });
  const { acknowledged } = await load.call('drain');
  if (acknowledged !== messages)
    throw new Error(`${acknowledged} messages were stored instead of ${messages}`);
}
