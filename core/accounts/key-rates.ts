import type { KeyRateLimit } from '../contract/api-keys.ts';
import { PlatformError } from '../contract/errors.ts';
import type { Clock } from '../platform/clock.ts';
import { TokenBucket } from './token-bucket.ts';
import type { KeyGrant } from './types.ts';

export interface KeyRateSettings {
  /** Most HTTP calls with one API key in a window. */
  readonly keyHttpMaxCalls: number;
  /** Most MQTT publications of devices with one API key in a window. */
  readonly keyMqttDeviceMaxMessages: number;
  /** Most MQTT publications of applications with one API key in a window. */
  readonly keyMqttBridgeMaxMessages: number;
  /** The window of these three, in seconds. */
  readonly keyRateWindowSeconds: number;
}

/** What is counted for itself (facts 13): calls over HTTP, and publications over MQTT by the kind of mode. */
export type RatedUse = 'http' | 'mqttDevice' | 'mqttBridge';

const settingOf = {
  http: 'keyHttpMaxCalls',
  mqttDevice: 'keyMqttDeviceMaxMessages',
  mqttBridge: 'keyMqttBridgeMaxMessages',
} as const satisfies Record<RatedUse, keyof KeyRateSettings>;

/** How often each API key may be used (facts 13: `rateLimit`), by the real time, as all that bounds the load. A portal session counts for itself. */
export class KeyRates {
  /** The rates as a key shows them. */
  readonly shown: KeyRateLimit;
  private readonly clock: Clock;
  private readonly settings: KeyRateSettings;
  private readonly buckets = {
    http: new Map<string, TokenBucket>(),
    mqttDevice: new Map<string, TokenBucket>(),
    mqttBridge: new Map<string, TokenBucket>(),
  } satisfies Record<RatedUse, unknown>;

  private sweepAbove = leastSweepAbove;

  constructor(clock: Clock, settings: KeyRateSettings) {
    this.clock = clock;
    this.settings = settings;
    const windowSize = settings.keyRateWindowSeconds;
    this.shown = {
      httpMaxCalls: settings.keyHttpMaxCalls,
      httpWindowSize: windowSize,
      mqttDeviceMaxMessages: settings.keyMqttDeviceMaxMessages,
      mqttDeviceWindowSize: windowSize,
      mqttBridgeMaxMessages: settings.keyMqttBridgeMaxMessages,
      mqttBridgeWindowSize: windowSize,
    };
  }

  /** Counts one use. @returns false when it is one too many, and is to be refused. */
  take(grant: KeyGrant, use: RatedUse): boolean {
    return this.bucketOf(grant, use).take();
  }

  /** Counts one call over HTTP. @throws PlatformError `access.rateLimit` when it is one too many. */
  requireCall(grant: KeyGrant): void {
    if (this.take(grant, 'http')) return;
    throw new PlatformError('access.rateLimit', 'Too many calls with this API key; try again later.', {
      details: `At most ${this.describe('http')}.`,
      retryAfterMs: this.bucketOf(grant, 'http').waitMs,
    });
  }

  /** The limit in words, with the names of its settings. */
  describe(use: RatedUse): string {
    const name = settingOf[use];
    return `${this.settings[name]} in ${this.settings.keyRateWindowSeconds} s with one API key (settings ${name} and keyRateWindowSeconds)`;
  }

  private bucketOf(grant: KeyGrant, use: RatedUse): TokenBucket {
    const buckets = this.buckets[use];
    const name = grant.portalSession ?? grant.keyId;
    let bucket = buckets.get(name);
    if (!bucket) {
      if (buckets.size >= this.sweepAbove) {
        dropUnused(buckets);
        this.sweepAbove = Math.max(leastSweepAbove, 2 * buckets.size);
      }
      const { [settingOf[use]]: most, keyRateWindowSeconds } = this.settings;
      bucket = new TokenBucket(this.clock, most, keyRateWindowSeconds * 1000);
      buckets.set(name, bucket);
    }
    return bucket;
  }
}

const leastSweepAbove = 1000;

/** Sessions come and go; a bucket that is full again says no more than a new one. */
function dropUnused(buckets: Map<string, TokenBucket>): void {
  for (const [name, bucket] of buckets) if (bucket.isFull) buckets.delete(name);
}
