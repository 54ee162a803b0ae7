import mqtt, { type IClientOptions } from 'mqtt';
import type { FleetRun } from '../fleet/fleet-run.ts';

/** The part of an MQTT client that a simulated device uses. */
export interface DeviceClient {
  on(event: 'connect' | 'close', run: () => void): unknown;
  on(event: 'error', run: (error: Error) => void): unknown;
  on(event: 'message', run: (topic: string, payload: Uint8Array) => void): unknown;
  /** Connects again after the end of a connection. */
  connect(): unknown;
  subscribe(topics: string[], options: { qos: 1 }): unknown;
  publish(topic: string, payload: string, options: { qos: 1 }, done: (error?: Error | null) => void): unknown;
  end(force: boolean, done: () => void): unknown;
  /** Closes the connection without waiting for anything. */
  abandon(): void;
}

/** A publication as it goes over the wire. */
export interface OnWire {
  readonly topic: string;
  readonly payload: string;
}

/**
 * The way from a simulated device to the platform. Devices and their responders speak as MQTT devices do (manual 6.5);
 * a wire carries that as it is, or in the words of another mode.
 */
export interface DeviceWire {
  /** Begins to connect. */
  open(clientId: string): DeviceClient;
  /** What goes out for a publication of a device; undefined: nothing does. */
  outgoing(clientId: string, publication: OnWire): OnWire | undefined;
  /** What came in, as an MQTT device would have got it. */
  incoming(clientId: string, topic: string, payload: Uint8Array): { topic: string; payload: Uint8Array };
}

/** What every client of a fleet has in common. */
export function clientOptions({ key, caCertificatePem }: FleetRun): IClientOptions {
  return {
    password: key,
    protocolVersion: 4,
    clean: true,
    // The fleet decides when a device connects again.
    reconnectPeriod: 0,
    connectTimeout: 10_000,
    keepalive: 60,
    timerVariant: 'native',
    // Its own log is put together even when nobody reads it.
    log: () => {},
    ...(caCertificatePem === undefined ? {} : { ca: caCertificatePem }),
  };
}

/** Each device is a client of the platform itself (manual 6.5). */
export class DirectWire implements DeviceWire {
  private readonly run: FleetRun;

  constructor(run: FleetRun) {
    this.run = run;
  }

  open(clientId: string): DeviceClient {
    const client = mqtt.connect(this.run.url, {
      ...clientOptions(this.run),
      clientId,
      username: 'json+device',
    });
    return Object.assign(client, { abandon: () => void client.stream?.destroy() });
  }

  outgoing(_clientId: string, publication: OnWire): OnWire {
    return publication;
  }

  incoming(_clientId: string, topic: string, payload: Uint8Array): { topic: string; payload: Uint8Array } {
    return { topic, payload };
  }
}
