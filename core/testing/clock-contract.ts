import { describe, expect, it } from 'vitest';
import type { Clock } from '../platform/clock.ts';

/** What every clock must do, as far as it shows without waiting. */
export function describeClock(name: string, makeClock: () => Clock): void {
  describe(name, () => {
    it('tells the time in milliseconds, and never runs backwards', () => {
      const clock = makeClock();
      expect(Number.isFinite(clock.now())).toBe(true);
      const first = clock.monotonicUs();
      expect(clock.monotonicUs()).toBeGreaterThanOrEqual(first);
    });

    it('runs nothing at once, not even what is due now', () => {
      const clock = makeClock();
      let ran = false;
      const timers = [0, -5].map((delayMs) =>
        clock.after('now', delayMs, () => {
          ran = true;
        }),
      );
      expect(ran).toBe(false);
      for (const timer of timers) timer.cancel();
    });

    it('names the timers that wait, and forgets those that were cancelled', () => {
      const clock = makeClock();
      const once = clock.after('once', 1_000_000, () => {});
      const often = clock.every('often', 1_000_000, () => {});
      const far = clock.after('a year', 365 * 24 * 3600 * 1000, () => {});
      expect(clock.pendingTimers().sort()).toEqual(['a year', 'often', 'once']);
      once.cancel();
      once.cancel();
      far.cancel();
      expect(clock.pendingTimers()).toEqual(['often']);
      often.cancel();
      expect(clock.pendingTimers()).toEqual([]);
    });

    it.each([0, -1, Number.NaN])('refuses a period of %s ms', (periodMs) => {
      const clock = makeClock();
      expect(() => clock.every('sweep', periodMs, () => {})).toThrow(
        /timer sweep: the period must be above 0/,
      );
      expect(clock.pendingTimers()).toEqual([]);
    });
  });
}
