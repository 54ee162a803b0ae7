import type { Clock, Timer } from '../clock.ts';

/** The longest delay setTimeout takes; a longer one would fire at once. */
const longestDelayMs = 2 ** 31 - 1;

/** The machine's clock. */
export class RealClock implements Clock {
  private readonly pending = new Map<symbol, string>();

  now(): number {
    return Date.now();
  }

  monotonicUs(): number {
    return performance.now() * 1000;
  }

  after(name: string, delayMs: number, run: () => void): Timer {
    const key = this.register(name);
    let handle: NodeJS.Timeout;
    const arm = (restMs: number): void => {
      handle = setTimeout(
        () => {
          if (restMs > longestDelayMs) {
            arm(restMs - longestDelayMs);
            return;
          }
          this.pending.delete(key);
          run();
        },
        Math.min(restMs, longestDelayMs),
      );
    };
    arm(Math.max(0, delayMs));
    return this.timer(key, () => clearTimeout(handle));
  }

  every(name: string, periodMs: number, run: () => void): Timer {
    if (!(periodMs > 0))
      throw new RangeError(`timer ${name}: the period must be above 0 ms, got ${periodMs}`);
    const key = this.register(name);
    const handle = setInterval(run, Math.min(periodMs, longestDelayMs));
    return this.timer(key, () => clearInterval(handle));
  }

  pendingTimers(): string[] {
    return [...this.pending.values()];
  }

  private register(name: string): symbol {
    const key = Symbol(name);
    this.pending.set(key, name);
    return key;
  }

  private timer(key: symbol, stop: () => void): Timer {
    return {
      cancel: () => {
        stop();
        this.pending.delete(key);
      },
    };
  }
}
