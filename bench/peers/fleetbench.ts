import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { PlatformSettings } from '../../core/settings.ts';
import type { BenchFiles } from '../lib/bundle.ts';
import { Program } from '../lib/ipc.ts';
import type { Login } from '../lib/mqtt-packets.ts';
import { PlatformApi } from './api.ts';
import type { Contestant } from './contestant.ts';
import type { FleetbenchCalls } from './fleetbench-process.ts';

export interface FleetbenchOptions {
  readonly files: BenchFiles;
  /** Where a data folder of its own is made. */
  readonly tempDir: string;
  /** A data folder to use in place of a new one. */
  readonly dataDir?: string | undefined;
  /** Of the portal, when it is to be served. */
  readonly portalFolder?: string | undefined;
  readonly snapshotAfterBytes?: number | undefined;
  readonly tls?: boolean | undefined;
  /** Without it devices' messages are stored and go nowhere. */
  readonly routeToFifo: boolean;
  readonly profile?: boolean | undefined;
  /** Beside those that keep what is counted at the end. */
  readonly settings?: Partial<PlatformSettings> | undefined;
}

export const clientIdPrefix = 'urn:lo:nsid:bench:device';
export const fifoName = 'bench';
/** Only ever good for a folder that is deleted in the end. */
export const masterKey = '0123456789abcdef0123456789abcdef';

/** The platform with a new data folder, set up over its own API. */
export class Fleetbench implements Contestant {
  readonly name = 'fleetbench';
  readonly mqttPort: number;
  readonly coapsPort: number;
  readonly loraPort: number;
  readonly deviceLogin: Login;
  readonly applicationLogin: Login;
  readonly api: PlatformApi;
  readonly program: Program<FleetbenchCalls>;
  readonly dataDir: string;
  readonly httpUrl: string;

  private constructor(
    program: Program<FleetbenchCalls>,
    api: PlatformApi,
    dataDir: string,
    ports: { mqttPort: number; coapsPort: number; loraPort: number; httpUrl: string },
    logins: { device: Login; application: Login },
  ) {
    this.program = program;
    this.api = api;
    this.dataDir = dataDir;
    this.mqttPort = ports.mqttPort;
    this.coapsPort = ports.coapsPort;
    this.loraPort = ports.loraPort;
    this.httpUrl = ports.httpUrl;
    this.deviceLogin = logins.device;
    this.applicationLogin = logins.application;
  }

  static async start(options: FleetbenchOptions): Promise<Fleetbench> {
    const { files, tempDir, portalFolder, snapshotAfterBytes, tls, routeToFifo, profile, settings } = options;
    const dataDir = options.dataDir ?? mkdtempSync(join(tempDir, 'data-'));
    const program = new Program<FleetbenchCalls>('fleetbench', files.fleetbench);
    const start = { dataDir, masterKey, tls, portalFolder, snapshotAfterBytes, profile, settings };
    const { httpUrl, ...ports } = await program.call('start', start);
    const api = new PlatformApi(httpUrl, masterKey);
    const deviceKey = await api.createKey('bench devices', ['DEVICE_ACCESS']);
    const applicationKey = await api.createKey('bench application', ['BUS_R']);
    if (routeToFifo) await api.routeAllMqttTo(fifoName);
    return new Fleetbench(
      program,
      api,
      dataDir,
      { ...ports, httpUrl },
      {
        device: { username: 'json+device', password: deviceKey },
        application: { username: 'application', password: applicationKey },
      },
    );
  }

  usage() {
    return this.program.call('usage');
  }

  /** How many messages of so many devices are stored. */
  countStored(devices: number): Promise<number> {
    return this.api.countStored(Array.from({ length: devices }, (_, number) => `${clientIdPrefix}${number}`));
  }

  async stop(): Promise<void> {
    await this.program.kill();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
