import type { Schedule } from './schedule.ts';

/** Most devices of a fleet that wait for an answer to their CONNECT. */
const mostAtOnce = 100;

/**
 * Lets devices connect one after the other: not more in a second than the fleet may, and not more at once than a
 * server answers in time.
 */
export class ConnectGate {
  private readonly schedule: Schedule;
  private readonly intervalMs: number;
  private readonly waiting: (() => void)[] = [];
  private under = 0;
  private nextMs = 0;
  private woken = false;

  constructor(schedule: Schedule, connectsPerS: number) {
    this.schedule = schedule;
    this.intervalMs = 1000 / connectsPerS;
  }

  /** Calls `begin` when it is the device's turn; it must {@link leave} once, when it is known how it went. */
  enter(begin: () => void): void {
    this.waiting.push(begin);
    this.pump();
  }

  leave(): void {
    this.under -= 1;
    this.pump();
  }

  /** Nobody gets a turn any more. */
  close(): void {
    this.waiting.length = 0;
  }

  private pump(): void {
    while (this.waiting.length > 0 && this.under < mostAtOnce && !this.woken) {
      const nowMs = this.schedule.nowMs();
      if (nowMs < this.nextMs) {
        this.woken = true;
        this.schedule.at(this.nextMs, () => {
          this.woken = false;
          this.pump();
        });
        return;
      }
      // What could not be used of the rate is not made up for, but for the length of a timer's step.
      this.nextMs = Math.max(this.nextMs, nowMs - 10) + this.intervalMs;
      this.under += 1;
      this.waiting.shift()?.();
    }
  }
}
