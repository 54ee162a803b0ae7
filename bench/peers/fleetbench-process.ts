// The platform as users get it, bundled, with limits raised so that nothing of a long run is thrown away, and
// with calls by which the benchmark looks inside.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createPinoLogger } from '../../core/platform/node/pino-logger.ts';
import { createPlatform, type Platform } from '../../core/platform.ts';
import type { PlatformSettings } from '../../core/settings.ts';
import { machineSeams } from '../../host/seams.ts';
import { serveCalls } from '../lib/ipc.ts';
import { readUsage } from '../lib/usage.ts';
import { Profiler } from '../profile/profiler.ts';

export interface FleetbenchStart {
  readonly dataDir: string;
  readonly masterKey: string;
  /** Listens with TLS too, so that a certificate is made. */
  readonly tls?: boolean | undefined;
  /** Serves the portal too. */
  readonly portalFolder?: string | undefined;
  /** Undefined: as users get it. */
  readonly snapshotAfterBytes?: number | undefined;
  /** Prepares for {@link FleetbenchCalls.startProfile}. */
  readonly profile?: boolean | undefined;
  /** Beside those that keep what is counted at the end. */
  readonly settings?: Partial<PlatformSettings> | undefined;
}

export interface StoreState {
  readonly backlogStatements: number;
  readonly snapshots: number;
  readonly groups: number;
  readonly transactions: number;
}

const stallResolutionMs = 1;
const stalls = monitorEventLoopDelay({ resolution: stallResolutionMs });
let platform: Platform | undefined;
let profiler: Profiler | undefined;

function started(): Platform {
  if (!platform) throw new Error('the platform is not started');
  return platform;
}

const calls = {
  start: async (
    options: FleetbenchStart,
  ): Promise<{ mqttPort: number; coapsPort: number; loraPort: number; httpUrl: string }> => {
    const { dataDir, masterKey, tls, portalFolder, snapshotAfterBytes, profile, settings } = options;
    const seams = machineSeams(createPinoLogger('error'));
    if (profile) profiler = new Profiler();
    const tlsPort = tls ? 0 : undefined;
    platform = createPlatform({
      seams: profiler ? { ...seams, workers: profiler.workers(seams.workers) } : seams,
      dataDir,
      portalFolder,
      host: '127.0.0.1',
      ports: { http: 0, https: tlsPort, mqtt: 0, mqtts: tlsPort, coaps: 0, lora: 0 },
      masterKey,
      settings: {
        fifoMaxBytes: 2 ** 40,
        dataMaxMessages: 1e9,
        dataMaxBytes: 2 ** 40,
        databaseLimitBytes: 2 ** 40,
        ...settings,
      },
      storeSettings: snapshotAfterBytes === undefined ? {} : { snapshotAfterBytes },
    });
    await platform.start();
    const { mqtt, coaps, lora, http } = platform.endpoints();
    stalls.enable();
    const portOf = (url = ''): number => Number(new URL(url).port);
    const ports = { mqttPort: portOf(mqtt), coapsPort: portOf(coaps), loraPort: portOf(lora) };
    return { ...ports, httpUrl: http ?? '' };
  },
  usage: () => readUsage(),
  storeState: (): StoreState => {
    const { backlog, snapshots, groups, transactions } = started().store.status();
    return { backlogStatements: backlog, snapshots, groups, transactions };
  },
  resetStalls: (): void => stalls.reset(),
  /** Longest time since {@link resetStalls} in which the main thread could take nothing new. */
  longestStallMs: (): number => Math.max(0, stalls.max / 1e6 - stallResolutionMs),
  snapshot: async (): Promise<{ durationMs: number }> => {
    const startMs = performance.now();
    await started().store.snapshot();
    return { durationMs: performance.now() - startMs };
  },
  query: async (statement: { sql: string; parameters: readonly unknown[] }) => {
    const startMs = performance.now();
    const rows = await started().store.query(statement);
    return { rows, durationMs: performance.now() - startMs };
  },
  startProfile: () => profiler?.start(),
  /** Writes one file for each thread. */
  stopProfile: ({ folder, label }: { folder: string; label: string }) => profiler?.stop(folder, label),
  stop: async (): Promise<void> => {
    await started().stop();
  },
};

export type FleetbenchCalls = typeof calls;

serveCalls(calls);
