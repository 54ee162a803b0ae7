import { describe, expect, it, vi } from 'vitest';
import { describeClock } from '../../testing/clock-contract.ts';
import { RealClock } from './real-clock.ts';

describeClock('the real clock', () => new RealClock());

describe('the real clock', () => {
  it('tells the time of the machine', () => {
    const before = Date.now();
    const now = new RealClock().now();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });

  it('runs a timer once, forgets it before it runs, and runs a repeated one until it is cancelled', async () => {
    const clock = new RealClock();
    const pending = await new Promise((resolve) => {
      clock.after('soon', 0, () => resolve(clock.pendingTimers()));
    });
    expect(pending).toEqual([]);
    let runs = 0;
    await new Promise<void>((resolve) => {
      const timer = clock.every('often', 1, () => {
        runs += 1;
        if (runs < 3) return;
        timer.cancel();
        resolve();
      });
    });
    expect(clock.pendingTimers()).toEqual([]);
  });

  it('waits for delays that setTimeout cannot take', () => {
    vi.useFakeTimers();
    try {
      const clock = new RealClock();
      const days = 24 * 3600 * 1000;
      let ran = false;
      clock.after('in 60 days', 60 * days, () => {
        ran = true;
      });
      vi.advanceTimersByTime(60 * days - 1);
      expect({ ran, pending: clock.pendingTimers() }).toEqual({ ran: false, pending: ['in 60 days'] });
      vi.advanceTimersByTime(1);
      expect({ ran, pending: clock.pendingTimers() }).toEqual({ ran: true, pending: [] });

      const cancelled = clock.after('never', 60 * days, () => expect.unreachable());
      vi.advanceTimersByTime(30 * days);
      cancelled.cancel();
      vi.advanceTimersByTime(60 * days);
    } finally {
      vi.useRealTimers();
    }
  });
});
