import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../core/platform/virtual-clock.ts';
import fc from '../../core/testing/properties.ts';
import { Schedule } from './schedule.ts';

describe('Schedule', () => {
  it('calls in the order of the times, each once, under a single timer', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 200 }), (delays) => {
        const clock = new VirtualClock(0);
        const schedule = new Schedule(clock, 'test');
        const called: number[] = [];
        for (const delay of delays) schedule.at(delay, () => called.push(delay));
        expect(clock.pendingTimers().length).toBeLessThanOrEqual(1);
        clock.advance(1010);
        expect(called).toEqual([...delays].sort((a, b) => a - b));
        expect(clock.pendingTimers()).toEqual([]);
      }),
    );
  });

  it('calls no earlier than asked, and at most a tick late', () => {
    const clock = new VirtualClock(0);
    const schedule = new Schedule(clock, 'test');
    const late: number[] = [];
    for (let dueMs = 0; dueMs < 200; dueMs += 1.5) schedule.at(dueMs, (nowMs) => late.push(nowMs - dueMs));
    for (let step = 0; step < 300; step++) clock.advance(1);
    expect(late.length).toBe(134);
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...late)).toBeLessThanOrEqual(5);
  });

  it('goes on from within a call, and forgets what is cancelled', () => {
    const clock = new VirtualClock(0);
    const schedule = new Schedule(clock, 'test');
    const called: number[] = [];
    const again = (nowMs: number): void => {
      called.push(nowMs);
      if (called.length < 3) schedule.at(nowMs + 10, again);
    };
    schedule.at(10, again);
    schedule.at(15, () => called.push(-1)).cancel();
    clock.advance(100);
    expect(called).toEqual([10, 20, 30]);
  });

  it('goes on after a call that threw', () => {
    const clock = new VirtualClock(0);
    const schedule = new Schedule(clock, 'test');
    let called = 0;
    schedule.at(10, () => {
      throw new Error('planted');
    });
    schedule.at(20, () => {
      called += 1;
    });
    expect(() => clock.advance(15)).toThrow('planted');
    clock.advance(50);
    expect(called).toBe(1);
  });

  it('calls nothing after it was stopped', () => {
    const clock = new VirtualClock(0);
    const schedule = new Schedule(clock, 'test');
    schedule.at(10, () => expect.unreachable());
    schedule.stop();
    schedule.at(20, () => expect.unreachable());
    expect(clock.pendingTimers()).toEqual([]);
    clock.advance(100);
  });
});
