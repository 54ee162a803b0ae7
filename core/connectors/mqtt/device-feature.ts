import type { DeviceInterface } from '../../inventory/types.ts';

/**
 * One kind of request that devices take over MQTT, with what they publish about it. Sessions know no more of commands,
 * configuration and resources than this.
 */
export interface DeviceFeature {
  /** What a device announces when it subscribes to {@link topic} (manual 6.5.4). */
  readonly capability: 'command' | 'configuration' | 'resource';
  /** Where the device gets requests. */
  readonly topic: string;
  /** What the device publishes, by topic. */
  readonly publications: Readonly<Record<string, FeaturePublication>>;
  /** The device takes requests now. */
  ready(via: DeviceInterface): void;
}

export interface FeaturePublication {
  /** For the audit log, when it is refused: `Answer to a command refused`. */
  readonly refusal: string;
  /**
   * Takes a publication.
   * @param done called when it is durable, so that it may be acknowledged; with an error when it was not stored
   * @returns what is wrong with the payload; then it was not taken and `done` is not called
   */
  take(via: DeviceInterface, payload: Uint8Array, done: (error?: Error) => void): string | undefined;
}

/** The session of a device, as far as requests to it need it. */
export interface DownlinkSession {
  /** The host by which the device has reached the platform. */
  readonly platformHost: string;
  takes(topic: string): boolean;
  /**
   * @param acknowledged called when the device acknowledges it
   * @returns false when it never will, having subscribed with QoS 0
   */
  send(topic: string, payload: string, acknowledged: () => void): boolean;
}

/** The session over an interface; undefined while its device is not connected. */
export type SessionOf = (via: DeviceInterface) => DownlinkSession | undefined;

/** A publication that is read to something, or to a text that says what is wrong with it. */
export function publication<T extends object>(
  refusal: string,
  read: (payload: Uint8Array) => T | string,
  use: (via: DeviceInterface, value: T, done: (error?: Error) => void) => void,
): FeaturePublication {
  return {
    refusal,
    take: (via, payload, done) => {
      const value = read(payload);
      if (typeof value === 'string') return value;
      use(via, value, done);
      return undefined;
    },
  };
}
