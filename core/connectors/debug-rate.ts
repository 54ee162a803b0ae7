import type { Clock } from '../platform/clock.ts';

const secondUs = 1_000_000;

/** So many messages a second of debug mode: a device that says a lot must not push all else out of the audit log. */
export class DebugRate {
  private readonly wireClock: Clock;
  private readonly mostPerSecond: number;
  private secondFromUs = Number.NEGATIVE_INFINITY;
  private inSecond = 0;
  private omitted = 0;

  constructor(wireClock: Clock, mostPerSecond: number) {
    this.wireClock = wireClock;
    this.mostPerSecond = mostPerSecond;
  }

  /** How many were left out since the last one that was written; undefined when this one is left out too. */
  admit(): number | undefined {
    const nowUs = this.wireClock.monotonicUs();
    if (nowUs - this.secondFromUs >= secondUs) {
      this.secondFromUs = nowUs;
      this.inSecond = 0;
    }
    if (this.inSecond >= this.mostPerSecond) {
      this.omitted++;
      return undefined;
    }
    this.inSecond++;
    const { omitted } = this;
    this.omitted = 0;
    return omitted;
  }
}
