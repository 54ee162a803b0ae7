import type { Clock } from '../platform/clock.ts';

export interface LoginGuardSettings {
  /** Failed sign-ins in a row that lock a user out. */
  readonly loginMaxFailures: number;
  /** How long a user who is locked out stays so, in milliseconds. */
  readonly loginLockMs: number;
}

/**
 * Counts failed sign-ins and says who is locked out (manual 4.2). A name that no user has is locked as one that
 * a user has, so that a lock does not tell which names there are.
 */
export class LoginGuard {
  private readonly clock: Clock;
  private readonly settings: LoginGuardSettings;
  private readonly mostNames: number;
  private readonly failures = new Map<string, { count: number; lockedUntilMs: number }>();

  /** @param mostNames most names whose failures are remembered; one more forgets the oldest */
  constructor(clock: Clock, settings: LoginGuardSettings, mostNames = Number.POSITIVE_INFINITY) {
    this.clock = clock;
    this.settings = settings;
    this.mostNames = mostNames;
  }

  /** Takes up what was stored. */
  lock(name: string, lockedUntilMs: number): void {
    this.set(name, { count: 0, lockedUntilMs });
  }

  /** End of the lock in milliseconds since the epoch; undefined when there is none. */
  lockedUntilMs(name: string): number | undefined {
    const { lockedUntilMs = 0 } = this.failures.get(name) ?? {};
    return lockedUntilMs > this.clock.now() ? lockedUntilMs : undefined;
  }

  /** Counts a failure. @returns the end of the lock when this one locks. */
  fail(name: string): number | undefined {
    const count = (this.failures.get(name)?.count ?? 0) + 1;
    if (count < this.settings.loginMaxFailures) {
      this.set(name, { count, lockedUntilMs: 0 });
      return undefined;
    }
    const lockedUntilMs = this.clock.now() + this.settings.loginLockMs;
    this.set(name, { count: 0, lockedUntilMs });
    return lockedUntilMs;
  }

  forget(name: string): void {
    this.failures.delete(name);
  }

  private set(name: string, entry: { count: number; lockedUntilMs: number }): void {
    this.failures.delete(name);
    this.failures.set(name, entry);
    if (this.failures.size <= this.mostNames) return;
    for (const oldest of this.failures.keys()) {
      this.failures.delete(oldest);
      return;
    }
  }
}
