import type { EndpointsView, HealthView } from '../core/contract/bench.ts';
import type { PortalSession } from '../core/contract/sessions.ts';
import type { NewUser } from '../core/contract/tenants.ts';
import type { Logger } from '../core/platform/logger.ts';
import type { PlatformOptions } from '../core/platform.ts';
import { portalFolder } from './portal-folder.ts';
import { machineSeams } from './seams.ts';
import { createBench } from './simulators/create-bench.ts';
import { swaggerUiFolder } from './swagger-ui.ts';

export interface HostOptions
  extends Pick<PlatformOptions, 'dataDir' | 'host' | 'ports' | 'masterKey' | 'settings'> {
  readonly logger: Logger;
}

/** What runs, for the program around it: the command or the desktop program. */
export interface RunningHost {
  readonly endpoints: EndpointsView;
  /** Text of a master key that was made at this start; it cannot be read again. */
  readonly newMasterKey: string | undefined;
  /** The first user, made together with a new master key; the password cannot be read again. */
  readonly newAdmin: NewUser | undefined;
  /** A link to the portal that works once; undefined without a portal or without HTTP. */
  createPortalLink(): string | undefined;
  health(): HealthView;
  /** A session at once, for a window of this program. */
  openSession(): PortalSession;
  /** Ends all connections, makes durable what is under way, and frees the ports. A second call joins the first. */
  stop(): Promise<void>;
}

/**
 * Starts everything that a user's program consists of, on the real machine: the one composition behind the
 * command and the desktop program.
 * @throws PlatformError with text for the user: a port or the data folder is in use, data are damaged, …
 */
export async function startHost({ logger, ...options }: HostOptions): Promise<RunningHost> {
  const portal = await portalFolder();
  const bench = createBench({
    seams: machineSeams(logger),
    ...options,
    swaggerUiFolder: swaggerUiFolder(),
    portalFolder: portal,
  });
  const { tenantId, newMasterKey, newAdmin } = await bench.start();
  const { platform } = bench;
  const endpoints = platform.endpoints();
  let stopped: Promise<void> | undefined;
  return {
    endpoints,
    newMasterKey,
    newAdmin,
    createPortalLink: () =>
      portal && endpoints.http
        ? `${endpoints.http}/?code=${platform.sessions.createCode(platform.masterGrant(tenantId))}`
        : undefined,
    health: () => platform.health(),
    openSession: () => platform.sessions.open(platform.masterGrant(tenantId)),
    stop: () => {
      stopped ??= bench.stop();
      return stopped;
    },
  };
}
