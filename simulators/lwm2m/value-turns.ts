import type { Lwm2mFleetTemplate } from '../../core/contract/simulators.ts';
import type { MemberParts } from '../fleet/fleet-member.ts';
import type { Scheduled } from '../fleet/schedule.ts';

export interface ValueTurnsParts extends Pick<MemberParts, 'schedule' | 'timing' | 'counts'> {
  readonly template: Pick<Lwm2mFleetTemplate, 'periodMs' | 'jitter' | 'count'>;
  /** Makes the next values. */
  next(): void;
}

/** Has a device measure anew in each period, with the jitter of its fleet; turns that were missed are counted. */
export class ValueTurns {
  private readonly parts: ValueTurnsParts;
  private due: Scheduled | undefined;

  constructor(parts: ValueTurnsParts) {
    this.parts = parts;
  }

  /** @param number of the device: each has its own part of the period, so that a fleet changes steadily */
  start(number: number): void {
    const { schedule, template } = this.parts;
    const { periodMs, count } = template;
    this.changeAt(schedule.nowMs() + periodMs + (periodMs * (number - 1)) / count);
  }

  stop(): void {
    this.due?.cancel();
  }

  /** @param baseMs when the values are due, before jitter */
  private changeAt(baseMs: number): void {
    const { schedule, template, timing, counts, next } = this.parts;
    const { periodMs, jitter } = template;
    const shiftMs = jitter === 0 ? 0 : (2 * timing.fraction() - 1) * jitter * periodMs;
    this.due = schedule.at(baseMs + shiftMs, (nowMs) => {
      next();
      const missed = Math.max(0, Math.floor((nowMs - baseMs) / periodMs - 1));
      counts.skipped += missed;
      this.changeAt(baseMs + (missed + 1) * periodMs);
    });
  }
}
