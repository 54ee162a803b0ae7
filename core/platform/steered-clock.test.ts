import { beforeEach, describe, expect, it } from 'vitest';
import { describeClock } from '../testing/clock-contract.ts';
import { RealClock } from './node/real-clock.ts';
import { SteeredClock } from './steered-clock.ts';
import { VirtualClock } from './virtual-clock.ts';

describeClock('a steered clock', () => new SteeredClock(new RealClock()));

const settle = async (): Promise<void> => {};
const startMs = Date.UTC(2030, 0, 1);

describe('a steered clock', () => {
  let base: VirtualClock;
  let clock: SteeredClock;
  let fired: string[];
  const note = (name: string) => () => void fired.push(`${name}@${clock.now() - startMs}`);
  beforeEach(() => {
    base = new VirtualClock(startMs);
    clock = new SteeredClock(base);
    fired = [];
  });

  it('is the clock below until it is set', () => {
    clock.after('late', 30, note('late'));
    clock.after('early', 10, note('early'));
    clock.every('tick', 14, note('tick'));
    base.advance(30);
    expect(fired).toEqual(['early@10', 'tick@14', 'tick@28', 'late@30']);
    expect({ mode: clock.mode, speed: clock.speed }).toEqual({ mode: 'real', speed: 1 });
    expect(base.pendingTimers()).toEqual(['tick']);
  });

  it('stands still, and goes on with upkeep', async () => {
    clock.after('deadline', 10, note('deadline'));
    clock.every('tick', 15, note('tick'));
    await clock.set('frozen', { toMs: startMs, speed: 0, settle });
    base.advance(30);
    expect(fired).toEqual(['tick@0', 'tick@0']);
    clock.after('at once', 0, note('at once'));
    base.advance(0);
    expect(fired.at(-1)).toBe('at once@0');
    expect(clock.now()).toBe(startMs);
  });

  it('tells of each moment of a jump before anything falls due there, and waits for those who hear it', async () => {
    const heard: string[] = [];
    clock.observe({
      reaching: async (atMs) => {
        await Promise.resolve();
        heard.push(`${atMs - startMs} after ${fired.join()}`);
      },
    });
    clock.after('one', 1000, note('one'));
    clock.after('two', 2000, note('two'));
    await clock.set('frozen', { toMs: startMs + 5000, speed: 0, settle });
    expect(heard).toEqual(['1000 after ', '2000 after one@1000']);
    expect(fired).toEqual(['one@1000', 'two@2000']);
  });

  it('holds a moment of another clock’s jump: what was due waits for the end, what begins counts from there', async () => {
    clock.after('before', 1000, note('before'));
    clock.hold(startMs + 3000);
    clock.after('begun', 1000, note('begun'));
    base.advance(60_000);
    expect([fired, clock.now() - startMs]).toEqual([[], 3000]);
    await clock.set('frozen', { toMs: startMs + 3000, speed: 0, settle });
    expect(fired).toEqual(['before@3000']);
    await clock.set('frozen', { toMs: startMs + 4000, speed: 0, settle });
    expect(fired).toEqual(['before@3000', 'begun@4000']);
  });

  it('fires on the way of a jump each timer at its moment, also those that one starts, and upkeep at its end', async () => {
    const settled: number[] = [];
    clock.after('second', 2000, note('second'));
    clock.after('first', 1000, () => {
      note('first')();
      clock.after('chained', 500, note('chained'));
    });
    clock.after('beyond', 9000, note('beyond'));
    clock.every('tick', 10, note('tick'));
    await clock.set('frozen', {
      toMs: startMs + 5000,
      speed: 0,
      settle: async () => void settled.push(clock.now() - startMs),
    });
    expect(fired).toEqual(['first@1000', 'chained@1500', 'second@2000', 'tick@5000']);
    expect(settled).toEqual([1000, 1500, 2000]);
    await clock.set('real', { toMs: undefined, speed: 1, settle });
    expect(clock.pendingTimers()).toEqual(['beyond', 'tick']);
  });

  it('lets what a timer begins end before the next one falls due', async () => {
    let ended = Promise.resolve();
    const attempt = (left: number): void => {
      note(`attempt ${left}`)();
      ended = Promise.resolve().then(() => {
        if (left > 0) clock.after('attempt', 60_000, () => attempt(left - 1));
      });
    };
    clock.after('attempt', 60_000, () => attempt(2));
    await clock.set('frozen', { toMs: startMs + 600_000, speed: 0, settle: () => ended });
    expect(fired).toEqual(['attempt 2@60000', 'attempt 1@120000', 'attempt 0@180000']);
  });

  it('ends a jump whose timers would never end', async () => {
    let count = 0;
    const again = (): void => {
      count++;
      clock.after('again', 1, again);
    };
    clock.after('again', 1, again);
    await clock.set('frozen', { toMs: startMs + 86_400_000, speed: 0, settle });
    expect(clock.now()).toBe(startMs + 86_400_000);
    expect(count).toBeLessThanOrEqual(1001);
  });

  it('goes faster and slower, and its timers with it', async () => {
    await clock.set('running', { toMs: startMs, speed: 60, settle });
    clock.after('a minute', 60_000, note('a minute'));
    base.advance(999);
    expect(fired).toEqual([]);
    base.advance(1);
    expect(fired).toEqual(['a minute@60000']);
    await clock.set('running', { toMs: clock.now(), speed: 0.5, settle });
    clock.after('a second', 1000, note('a second'));
    base.advance(1999);
    expect(fired).toHaveLength(1);
    base.advance(1);
    expect(fired.at(-1)).toBe('a second@61000');
  });

  it('goes back without firing anything, and keeps what waits for a moment', async () => {
    await clock.set('running', { toMs: startMs + 10_000, speed: 1, settle });
    clock.after('deadline', 1000, note('deadline'));
    clock.every('tick', 1000, note('tick'));
    await clock.set('real', { toMs: undefined, speed: 1, settle });
    expect(clock.now()).toBe(startMs);
    expect(fired).toEqual(['tick@0']);
    base.advance(999);
    expect(fired).toHaveLength(1);
    base.advance(1);
    expect(fired).toEqual(['tick@0', 'tick@1000']);
    base.advance(10_000);
    expect(fired).toContain('deadline@11000');
  });

  it('tells of a jump before it, and of a change after it', async () => {
    clock.after('deadline', 10, note('deadline'));
    clock.observe({
      moving: (fromMs, toMs) => void fired.push(`from ${fromMs - startMs} to ${toMs - startMs}`),
      changed: () => void fired.push(`changed to ${clock.mode}`),
    });
    await clock.set('frozen', { toMs: startMs + 10, speed: 0, settle });
    expect(fired).toEqual(['from 0 to 10', 'deadline@10', 'changed to frozen']);
  });

  it('measures work by the clock below', async () => {
    await clock.set('frozen', { toMs: startMs, speed: 0, settle });
    const from = clock.monotonicUs();
    base.advance(7);
    expect(clock.monotonicUs() - from).toBe(7000);
  });
});
