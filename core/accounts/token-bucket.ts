import type { Clock } from '../platform/clock.ts';

/**
 * A rate: `most` in `windowMs` on average, and as many at once after a window without use. Taking costs one look
 * at the clock and makes no object.
 */
export class TokenBucket {
  private readonly clock: Clock;
  private readonly most: number;
  private readonly windowMs: number;
  /** What is left, in parts of which one use takes `windowMs`: whole numbers, so that nothing is lost by rounding. */
  private level: number;
  private filledMs: number;

  constructor(clock: Clock, most: number, windowMs: number) {
    this.clock = clock;
    this.most = most;
    this.windowMs = windowMs;
    this.level = most * windowMs;
    this.filledMs = clock.now();
  }

  /** @returns false when there is none left, and then none is taken. */
  take(): boolean {
    this.fill();
    if (this.level < this.windowMs) return false;
    this.level -= this.windowMs;
    return true;
  }

  /** How long until the next can be taken, in milliseconds; 0 when it can be now. */
  get waitMs(): number {
    this.fill();
    return Math.max(0, Math.ceil((this.windowMs - this.level) / this.most));
  }

  /** True when it is as it was made, so that a new one would do as well. */
  get isFull(): boolean {
    this.fill();
    return this.level >= this.most * this.windowMs;
  }

  private fill(): void {
    const nowMs = this.clock.now();
    // A clock that is set back must not take away what was there.
    const elapsedMs = Math.max(0, nowMs - this.filledMs);
    this.filledMs = nowMs;
    this.level = Math.min(this.most * this.windowMs, this.level + elapsedMs * this.most);
  }
}
