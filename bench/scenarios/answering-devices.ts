import { clientIdPrefix, type Fleetbench, masterKey } from '../peers/fleetbench.ts';
import type { Bench } from './bench.ts';

/** Connects devices that answer every command. */
export function connectAnsweringDevices({ load }: Bench, server: Fleetbench, devices: number): Promise<void> {
  return load.call('openCommands', {
    target: { host: '127.0.0.1', port: server.mqttPort },
    login: server.deviceLogin,
    httpUrl: server.httpUrl,
    key: masterKey,
    clientIdPrefix,
    devices,
  });
}
