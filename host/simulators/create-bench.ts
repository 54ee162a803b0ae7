import { Deadlines } from '../../core/platform/deadlines.ts';
import {
  createPlatform,
  type Platform,
  type PlatformOptions,
  type PlatformStart,
} from '../../core/platform.ts';
import { resolveSettings } from '../../core/settings.ts';
import { Smsc } from '../../simulators/sms/smsc/smsc.ts';
import { openFileLimit } from './open-file-limit.ts';
import { simulatorRoutes } from './simulator-routes.ts';
import { SimulatorService } from './simulator-service.ts';
import { smscAuditEntry } from './smsc-audit.ts';

/** A platform with its simulators. */
export interface Bench {
  readonly platform: Platform;
  readonly simulators: SimulatorService;
  start(): Promise<PlatformStart>;
  stop(): Promise<void>;
}

/**
 * Puts the platform and the simulators together: the simulators' routes are served with the platform's, and a
 * reset stops their fleets first.
 * @throws PlatformError `platform.setting` when a setting makes no sense.
 */
export function createBench(options: Omit<PlatformOptions, 'extraRoutes' | 'beforeReset' | 'smpp'>): Bench {
  const { seams, dataDir } = options;
  const { workers, files, random, logger, wireClock } = seams;
  let operatorTenant: string | undefined;
  const simulators: SimulatorService = new SimulatorService({
    ...{ workers, files, random, logger, dataDir },
    clock: wireClock,
    openFiles: openFileLimit(),
    smsc: () => smsc,
    platform: {
      endpoints: () => platform.endpoints(),
      time: () => platform.clock.view(),
      get caCertificatePem() {
        return platform.caCertificatePem;
      },
      openKey: (tenantId) => platform.sessions.open(platform.masterGrant(tenantId)).key,
    },
  });
  const platform: Platform = createPlatform({
    ...options,
    extraRoutes: [simulatorRoutes(simulators)],
    smpp: (connection) => smsc.accept(connection),
    beforeReset: async () => {
      await simulators.stopFleets();
      endCentre();
    },
  });
  const { time } = platform.clock;
  const smsc: Smsc = new Smsc({
    ...{ clock: time, wireClock, settings: resolveSettings(options.settings) },
    deadlines: (name, reached) => new Deadlines(time, name, reached),
    refused: (refusal) => {
      if (operatorTenant !== undefined) platform.audit.record(operatorTenant, smscAuditEntry(refusal));
    },
  });
  const endCentre = (): void => {
    // The platform's own client leaves first: to it a centre that goes is an error.
    platform.sms.stop();
    smsc.reset();
  };
  platform.clock.onMoment((atMs) => simulators.followMoment(atMs));
  platform.clock.onChange((view) => void simulators.followTime(view));
  return {
    platform,
    simulators,
    start: async () => {
      // The platform first: it is the one that can say what is wrong with a data folder.
      const started = await platform.start();
      operatorTenant = started.tenantId;
      try {
        await simulators.start();
      } catch (error) {
        await platform.stop();
        throw error;
      }
      return started;
    },
    stop: async () => {
      await simulators.stop();
      endCentre();
      await platform.stop();
    },
  };
}
