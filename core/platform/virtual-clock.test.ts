import { describe, expect, it } from 'vitest';
import { describeClock } from '../testing/clock-contract.ts';
import { VirtualClock } from './virtual-clock.ts';

describeClock('the virtual clock', () => new VirtualClock());

describe('the virtual clock', () => {
  it('stands still until it is moved', () => {
    const clock = new VirtualClock(5000);
    expect([clock.now(), clock.monotonicUs()]).toEqual([5000, 5_000_000]);
    clock.advance(250);
    expect([clock.now(), clock.monotonicUs()]).toEqual([5250, 5_250_000]);
    expect(() => clock.advance(-1)).toThrow(RangeError);
    expect(() => clock.advance(Number.NaN)).toThrow(RangeError);
  });

  it('fires each timer at its own time, in order of time and then of making', () => {
    const clock = new VirtualClock(0);
    const fired: string[] = [];
    const note = (name: string) => () => void fired.push(`${name}@${clock.now()}`);
    clock.after('late', 30, note('late'));
    clock.after('early', 10, note('early'));
    clock.after('early too', 10, note('early too'));
    clock.every('tick', 15, note('tick'));
    clock.after('past', -5, note('past'));
    clock.advance(9);
    expect(fired).toEqual(['past@0']);
    clock.advance(21);
    // At 30 the tick comes second: it was made after the other.
    expect(fired.slice(1)).toEqual(['early@10', 'early too@10', 'tick@15', 'late@30', 'tick@30']);
    expect(clock.pendingTimers()).toEqual(['tick']);
  });

  it('fires in the same move what a timer starts, and not what it cancels', () => {
    const clock = new VirtualClock(0);
    const fired: string[] = [];
    const doomed = clock.after('doomed', 20, () => void fired.push('doomed'));
    clock.after('first', 10, () => {
      doomed.cancel();
      clock.after('second', 5, () => void fired.push(`second@${clock.now()}`));
    });
    clock.advance(20);
    expect(fired).toEqual(['second@15']);
    expect(clock.now()).toBe(20);
  });

  it('lets a repeated timer cancel itself', () => {
    const clock = new VirtualClock(0);
    let runs = 0;
    const timer = clock.every('thrice', 10, () => {
      runs += 1;
      if (runs === 3) timer.cancel();
    });
    clock.advance(1000);
    expect(runs).toBe(3);
  });
});
