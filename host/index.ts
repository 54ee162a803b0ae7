import type { EndpointsView } from '../core/contract/bench.ts';
import type { ClockRequest, ClockView } from '../core/contract/clock.ts';
import { PlatformError } from '../core/contract/errors.ts';
import type { Role } from '../core/contract/roles.ts';
import type { FleetTemplateInput } from '../core/contract/simulators.ts';
import type { NewUser } from '../core/contract/tenants.ts';
import type { Ports } from '../core/listeners.ts';
import type { Clock } from '../core/platform/clock.ts';
import { silentLogger } from '../core/platform/logger.ts';
import { createPinoLogger, type LogLevel } from '../core/platform/node/pino-logger.ts';
import { RealClock } from '../core/platform/node/real-clock.ts';
import type { PlatformSettings } from '../core/settings.ts';
import type { StoreSettings } from '../core/store/settings.ts';
import { checkAddresses } from './addresses.ts';
import { portalFolder } from './portal-folder.ts';
import { machineSeams } from './seams.ts';
import { createBench } from './simulators/create-bench.ts';
import { type SimulatedFleet, simulate } from './simulators/simulate.ts';
import { swaggerUiFolder } from './swagger-ui.ts';

export type { EndpointsView } from '../core/contract/bench.ts';
export type { ClockRequest, ClockView } from '../core/contract/clock.ts';
export type { Role } from '../core/contract/roles.ts';
export type { FleetTemplateInput } from '../core/contract/simulators.ts';
export type { NewUser } from '../core/contract/tenants.ts';
export type { Clock } from '../core/platform/clock.ts';
export { VirtualClock } from '../core/platform/virtual-clock.ts';
export type { PlatformSettings } from '../core/settings.ts';
export type { SimulatedFleet } from './simulators/simulate.ts';
export { PlatformError };

export interface FleetbenchOptions {
  /** Folder to keep data in. Without it nothing is kept, and each start begins empty. */
  dataDir?: string;
  /** Address to listen on; loopback by default. */
  host?: string;
  /** Ports to listen on: 0 takes a free one (the default for all), undefined does not listen. */
  ports?: Partial<Ports>;
  /** Listen with TLS too (mqtts, https, wss). Off by default: making a certificate takes a moment. */
  tls?: boolean;
  /** Text of the master API key, 32 hexadecimal characters; random by default. */
  masterKey?: string;
  /** Lines of the program's own log, to stderr; silent by default. */
  logLevel?: LogLevel;
  /** Limits and defaults of the platform, where they shall differ. */
  settings?: Partial<PlatformSettings>;
  /** Limits of the store, where they shall differ. */
  storeSettings?: Partial<StoreSettings>;
  /** The clock below the platform's time; with a {@link VirtualClock} nothing passes but what the test lets pass. */
  clock?: Clock;
  /** Time of the wire (keep-alive and connect time-outs); give a {@link VirtualClock} to control it. */
  wireClock?: Clock;
}

export interface Fleetbench {
  /** Addresses to put into clients, for example `endpoints.mqtt`. */
  readonly endpoints: EndpointsView;
  /** Text of the master API key, which may do everything. Undefined when the data folder had one already. */
  readonly masterKey: string | undefined;
  /** The first user, an administrator; undefined when a master key was given or the data folder had one already. */
  readonly admin: NewUser | undefined;
  /** Certificate of the authority that signed the TLS endpoints, PEM; undefined without TLS. */
  readonly caCertificatePem: string | undefined;
  /**
   * Makes an API key with these roles.
   * @returns its text, as a client uses it: password in MQTT, header `X-API-KEY` in HTTP.
   */
  createKey(roles: readonly Role[]): Promise<string>;
  /**
   * Makes a fleet of simulated MQTT devices and starts it; resolves when all are connected. They live in real
   * time, whatever clock the platform has.
   */
  simulate(template: FleetTemplateInput): Promise<SimulatedFleet>;
  /**
   * The platform's time, to freeze, move and speed up while it runs (docs/clock.md). Each resolves when what falls due
   * by it is done, with the time as it is then, and rejects with a PlatformError for what cannot be.
   */
  readonly clock: {
    now(): ClockView;
    set(request: ClockRequest): Promise<ClockView>;
    /** @param duration ISO 8601, for example `P7D` */
    advance(duration: string): Promise<ClockView>;
  };
  /**
   * Deletes everything but the API keys, disconnects all clients, and goes back to the real time; ports and keys stay
   * as they are.
   */
  reset(): Promise<void>;
  /** Ends all connections, makes durable what is under way, and frees the ports. A second call joins the first. */
  stop(): Promise<void>;
}

/**
 * Starts a platform of its own on free ports of this machine, in this process: for tests that want the real
 * thing behind real sockets.
 *
 * ```ts
 * import { startFleetbench } from 'fleetbench';
 *
 * const bench = await startFleetbench();
 * const key = await bench.createKey(['DEVICE_ACCESS']);
 * // connect any MQTT client to bench.endpoints.mqtt as json+device / key
 * await bench.reset(); // between tests
 * await bench.stop();
 * ```
 *
 * @throws PlatformError with a text for people: a port or the data folder is in use, data are damaged, …
 */
export async function startFleetbench(options: FleetbenchOptions = {}): Promise<Fleetbench> {
  const logger = options.logLevel === undefined ? silentLogger : createPinoLogger(options.logLevel);
  const { clock, wireClock } = options;
  const tlsPort = options.tls ? 0 : undefined;
  const host = options.host ?? '127.0.0.1';
  const ports = {
    http: 0,
    https: tlsPort,
    mqtt: 0,
    mqtts: tlsPort,
    coaps: 0,
    bs: 0,
    lora: 0,
    smpp: 0,
    ...options.ports,
  };
  checkAddresses(host, ports);
  if (options.dataDir === '') {
    throw new PlatformError(
      'platform.setting',
      'dataDir is empty. Name a folder, or leave it out to keep nothing.',
    );
  }
  const bench = createBench({
    seams: {
      ...machineSeams(logger),
      ...(clock ? { clock } : {}),
      ...(wireClock ? { wireClock } : {}),
    },
    dataDir: options.dataDir,
    host,
    ports,
    masterKey: options.masterKey,
    settings: options.settings,
    storeSettings: options.storeSettings,
    swaggerUiFolder: swaggerUiFolder(),
    portalFolder: await portalFolder(),
  });
  const { platform, simulators } = bench;
  const { tenantId, newMasterKey, newAdmin } = await bench.start();
  let stopped: Promise<void> | undefined;
  return {
    endpoints: platform.endpoints(),
    masterKey: options.masterKey ?? newMasterKey,
    admin: newAdmin,
    caCertificatePem: platform.caCertificatePem,
    createKey: async (roles) => {
      const request = { label: 'made by the library', roles: [...roles] };
      const { value } = await platform.accounts.apiKeys.create(platform.masterGrant(tenantId), request);
      return value ?? '';
    },
    simulate: (template) => simulate({ simulators, tenantId, clock: new RealClock() }, template),
    clock: {
      now: () => platform.clock.view(),
      set: (request) => platform.clock.set(request),
      advance: (duration) => platform.clock.advance(duration),
    },
    reset: () => platform.reset(),
    stop: () => {
      stopped ??= bench.stop();
      return stopped;
    },
  };
}
