import { TokenBucket } from '../../accounts/token-bucket.ts';
import type { Clock } from '../../platform/clock.ts';

export interface FailureGuardSettings {
  /** Failures of one client in {@link coapsFailureWindowMs} before it is no longer listened to. */
  readonly coapsMaxFailures: number;
  /** After this long without a failure a client may fail as often as before. */
  readonly coapsFailureWindowMs: number;
}

/** Clients whose failures are remembered; one more forgets the oldest. */
const mostClients = 10_000;

/** Counts the failures of each client, so that one that goes on trying costs little and does not fill the audit log. */
export class FailureGuard {
  private readonly clock: Clock;
  private readonly settings: FailureGuardSettings;
  private readonly buckets = new Map<string, TokenBucket>();

  constructor(clock: Clock, settings: FailureGuardSettings) {
    this.clock = clock;
    this.settings = settings;
  }

  /** False while the client has failed too often. */
  allows(client: string): boolean {
    return (this.buckets.get(client)?.waitMs ?? 0) === 0;
  }

  /** How long until the client may try again. */
  waitMs(client: string): number {
    return this.buckets.get(client)?.waitMs ?? 0;
  }

  /** Counts a failure. @returns true when it is the last one that is allowed for now */
  failed(client: string): boolean {
    const { coapsMaxFailures, coapsFailureWindowMs } = this.settings;
    const bucket =
      this.buckets.get(client) ?? new TokenBucket(this.clock, coapsMaxFailures, coapsFailureWindowMs);
    this.buckets.delete(client);
    this.buckets.set(client, bucket);
    if (this.buckets.size > mostClients) {
      for (const oldest of this.buckets.keys()) {
        this.buckets.delete(oldest);
        break;
      }
    }
    bucket.take();
    return bucket.waitMs > 0;
  }

  clear(): void {
    this.buckets.clear();
  }
}
