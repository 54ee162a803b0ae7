import { describe, expect, it } from 'vitest';
import fc from '../testing/properties.ts';
import { Deadlines } from './deadlines.ts';
import { VirtualClock } from './virtual-clock.ts';

interface Subject {
  readonly name: number;
}

function setUp() {
  const clock = new VirtualClock(0);
  const reached: { name: number; atMs: number }[] = [];
  const deadlines = new Deadlines<Subject>(clock, 'test', ({ name }) => {
    reached.push({ name, atMs: clock.now() });
  });
  return { clock, deadlines, reached };
}

describe('deadlines', () => {
  it('come in order of their time, and of their setting when it is the same', () => {
    const { clock, deadlines, reached } = setUp();
    for (const [name, atMs] of [
      [1, 30],
      [2, 10],
      [3, 20],
      [4, 10],
    ] as const) {
      deadlines.set({ name }, atMs);
    }
    clock.advance(100);
    expect(reached.map(({ name }) => name)).toEqual([2, 4, 3, 1]);
    expect(reached.map(({ atMs }) => atMs)).toEqual([10, 10, 20, 30]);
    expect(clock.pendingTimers()).toEqual([]);
  });

  it('takes a moment in the past at once, and one set while another is reached', () => {
    const { clock, reached } = setUp();
    clock.advance(50);
    const again = { name: 1 };
    const deadlines: Deadlines<Subject> = new Deadlines(clock, 'test', (subject) => {
      reached.push({ name: subject.name, atMs: clock.now() });
      if (reached.length < 3) deadlines.set(subject, clock.now() + 5);
    });
    deadlines.set(again, 20);
    clock.advance(100);
    expect(reached.map(({ atMs }) => atMs)).toEqual([50, 55, 60]);
  });

  it('keeps one timer, and none after clear()', () => {
    const { clock, deadlines, reached } = setUp();
    for (let name = 0; name < 50; name++) deadlines.set({ name }, 100 - name);
    expect(clock.pendingTimers()).toEqual(['test']);
    deadlines.clear();
    expect(clock.pendingTimers()).toEqual([]);
    clock.advance(1000);
    expect(reached).toEqual([]);
  });

  it('behaves as a plain map of moments, whatever is set, moved and dropped', () => {
    const step = fc.oneof(
      fc.record({ set: fc.nat(20), inMs: fc.nat(50) }),
      fc.record({ drop: fc.nat(20) }),
      fc.record({ advance: fc.nat(30) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const { clock, deadlines, reached } = setUp();
        const subjects = Array.from({ length: 21 }, (_, name) => ({ name }));
        const model = new Map<number, number>();
        const expected: string[] = [];
        for (const each of steps) {
          if ('set' in each) {
            const atMs = clock.now() + each.inMs;
            deadlines.set(subjects[each.set] as Subject, atMs);
            model.set(each.set, atMs);
          } else if ('drop' in each) {
            deadlines.set(subjects[each.drop] as Subject, undefined);
            model.delete(each.drop);
          } else {
            clock.advance(each.advance);
            for (const [name, atMs] of model) {
              if (atMs > clock.now()) continue;
              expected.push(`${atMs}:${name}`);
              model.delete(name);
            }
          }
        }
        expect(deadlines.size).toBe(model.size);
        expect(reached.map(({ name, atMs }) => `${atMs}:${name}`).sort()).toEqual(expected.sort());
      }),
    );
  });

  it('forgets what was dropped when there is much of it', () => {
    const { clock, deadlines, reached } = setUp();
    const kept = { name: -1 };
    deadlines.set(kept, 1_000_000);
    for (let name = 0; name < 20_000; name++) {
      const subject = { name };
      deadlines.set(subject, 500_000 + name);
      deadlines.set(subject, undefined);
    }
    expect((deadlines as unknown as { heap: unknown[] }).heap.length).toBeLessThan(2000);
    clock.advance(1_000_000);
    expect(reached).toEqual([{ name: -1, atMs: 1_000_000 }]);
  });
});
