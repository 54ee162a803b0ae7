import type { Route } from './api/route.ts';
import type { NewUser } from './contract/tenants.ts';
import type { Ports } from './listeners.ts';
import type { Clock } from './platform/clock.ts';
import type { Datagrams } from './platform/datagrams.ts';
import type { Files } from './platform/files.ts';
import type { Logger } from './platform/logger.ts';
import type { Processes } from './platform/processes.ts';
import type { RandomSource } from './platform/random.ts';
import type { Connection, Network } from './platform/sockets.ts';
import type { Workers } from './platform/workers.ts';
import type { PlatformSettings } from './settings.ts';
import type { StoreSettings } from './store/settings.ts';

/** The outside world, as the platform is given it. */
export interface Seams {
  /** The platform's time: expirations, retention, validity of keys. */
  readonly clock: Clock;
  /** Real time of the wire, for keep-alive and time-outs of the network. */
  readonly wireClock: Clock;
  readonly random: RandomSource;
  readonly files: Files;
  readonly network: Network;
  readonly datagrams: Datagrams;
  readonly workers: Workers;
  readonly processes: Processes;
  readonly logger: Logger;
}

export interface PlatformOptions {
  readonly seams: Seams;
  /** Where data and certificates are kept; undefined keeps nothing. */
  readonly dataDir: string | undefined;
  /** Address to listen on. */
  readonly host: string;
  readonly ports: Ports;
  /** Text of the master key, 32 hexadecimal characters. */
  readonly masterKey?: string | undefined;
  readonly settings?: Partial<PlatformSettings> | undefined;
  readonly storeSettings?: Partial<StoreSettings> | undefined;
  /** Folder with the files of Swagger UI; without it there are only the JSON descriptions. */
  readonly swaggerUiFolder?: string | undefined;
  /** Folder of the built portal; without it `/` answers that there is none. */
  readonly portalFolder?: string | undefined;
  /** Routes of the programs around the platform, served beside its own. */
  readonly extraRoutes?: readonly (readonly Route[])[] | undefined;
  /** Takes clients of the short message centre beside the platform; without it its port is not opened. */
  readonly smpp?: ((connection: Connection) => void) | undefined;
  /** Runs before a reset, while the platform still answers. */
  readonly beforeReset?: (() => Promise<void>) | undefined;
}

export interface PlatformStart {
  readonly tenantId: string;
  /** A master key made at this start; it cannot be read again. */
  readonly newMasterKey: string | undefined;
  /** The first user, made together with a new master key; the password cannot be read again. */
  readonly newAdmin: NewUser | undefined;
}
