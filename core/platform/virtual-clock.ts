import type { Clock, Timer } from './clock.ts';

interface PendingTimer {
  readonly name: string;
  readonly order: number;
  readonly periodMs: number | undefined;
  readonly run: () => void;
  dueMs: number;
}

/** A clock that stands still until it is told to move. Timers fire in order of their due time. */
export class VirtualClock implements Clock {
  private nowMs: number;
  private nextOrder = 0;
  private readonly pending = new Set<PendingTimer>();

  constructor(startMs = Date.UTC(2030, 0, 1)) {
    this.nowMs = startMs;
  }

  now(): number {
    return this.nowMs;
  }

  monotonicUs(): number {
    return this.nowMs * 1000;
  }

  after(name: string, delayMs: number, run: () => void): Timer {
    return this.add(name, delayMs, undefined, run);
  }

  every(name: string, periodMs: number, run: () => void): Timer {
    if (!(periodMs > 0))
      throw new RangeError(`timer ${name}: the period must be above 0 ms, got ${periodMs}`);
    return this.add(name, periodMs, periodMs, run);
  }

  pendingTimers(): string[] {
    return [...this.pending].map((timer) => timer.name);
  }

  /** Moves time forward, firing on the way every timer that falls due, each at its own time. */
  advance(deltaMs: number): void {
    if (!(deltaMs >= 0)) throw new RangeError(`time moves forward only, got ${deltaMs} ms`);
    const targetMs = this.nowMs + deltaMs;
    for (let next = this.nextDue(targetMs); next; next = this.nextDue(targetMs)) {
      this.nowMs = Math.max(this.nowMs, next.dueMs);
      if (next.periodMs === undefined) this.pending.delete(next);
      // One that is late is not made up for, as with the machine's timers.
      else next.dueMs = this.nowMs + next.periodMs;
      next.run();
    }
    this.nowMs = targetMs;
  }

  /** Lets time pass without firing anything, as in a process that was held up; {@link advance} fires it late. */
  holdUp(deltaMs: number): void {
    this.nowMs += deltaMs;
  }

  private add(name: string, delayMs: number, periodMs: number | undefined, run: () => void): Timer {
    const timer: PendingTimer = {
      name,
      order: this.nextOrder++,
      periodMs,
      run,
      dueMs: this.nowMs + Math.max(0, delayMs),
    };
    this.pending.add(timer);
    return { cancel: () => void this.pending.delete(timer) };
  }

  private nextDue(limitMs: number): PendingTimer | undefined {
    let found: PendingTimer | undefined;
    for (const timer of this.pending) {
      if (timer.dueMs > limitMs) continue;
      const earlier =
        !found || timer.dueMs < found.dueMs || (timer.dueMs === found.dueMs && timer.order < found.order);
      if (earlier) found = timer;
    }
    return found;
  }
}
