import { describe, expect, test } from 'vitest';
import fc from '../../../core/testing/properties.ts';
import { liveLimits, type StreamEntry } from '../../live/live-store.ts';
import { FreshCounter } from './fresh-count.ts';
import { type History, historyOf } from './history.ts';
import { type MessageRow, rowOfMessage } from './message-row.ts';
import { grownBy, RowJoiner } from './row-joiner.ts';

const idOf = (n: number): string => `6000000000ff${n.toString(16).padStart(12, '0')}`;
const entries = Array.from({ length: liveLimits.entries + 3000 }, (_, n): StreamEntry => {
  const time = new Date(n).toISOString();
  const message = { id: idOf(n), streamId: 's', timestamp: time, created: time };
  return { kind: 'message', key: message.id, message };
});
/** What the live store keeps when so many have come: the newest first, the oldest dropped. */
const liveAt = (came: number, keeps = liveLimits.entries): readonly StreamEntry[] =>
  entries.slice(Math.max(0, came - keeps), came).toReversed();

const nothingBefore = historyOf([], () => true);
const before = (upTo: number, more: Partial<History> = {}): History => ({
  ...nothingBefore,
  rows: [rowOfMessage({ ...(entries[0] as { message: object }).message } as never)],
  upTo,
  ...more,
});

/** Lets through every n-th message, and counts what it is asked. */
function countedMatcher(every = 1) {
  let asked = 0;
  const matches = ({ sequence = 0 }: MessageRow): boolean => {
    asked += 1;
    return sequence % every === 0;
  };
  return { matches, asked: () => asked };
}

/** The same from nothing: what a joiner that remembers must agree with. */
const anew = (...given: Parameters<RowJoiner['join']>) => new RowJoiner().join(...given);

test('of a list that grows, only what is new is looked at', () => {
  const { matches, asked } = countedMatcher();
  const joiner = new RowJoiner();
  joiner.join(liveAt(5000), nothingBefore, matches);
  expect(asked()).toBe(5000);
  for (let came = 5200; came <= 7000; came += 200) joiner.join(liveAt(came), nothingBefore, matches);
  expect(asked()).toBe(7000);
  expect(joiner.join(liveAt(7000), nothingBefore, matches).rows).toHaveLength(liveLimits.entries);
  expect(asked()).toBe(7000);
});

test('what came into a frozen list is looked at once, and once more when it is dropped', () => {
  const { matches, asked } = countedMatcher();
  const counter = new FreshCounter();
  const shown = liveAt(100);
  for (let came = 200; came <= 5100; came += 100) counter.count(liveAt(came), shown, matches);
  expect(counter.count(liveAt(5100), shown, matches)).toEqual({ count: 5000, atLeast: false });
  expect(asked()).toBe(5000);
  expect(counter.count(liveAt(5300), shown, matches)).toEqual({ count: 5000, atLeast: true });
  expect(asked()).toBe(5400);
});

test('a list that was frozen empty says so too when there are more than are kept', () => {
  const { matches } = countedMatcher();
  expect(new FreshCounter().count(liveAt(10), [], matches)).toEqual({ count: 10, atLeast: false });
  expect(new FreshCounter().count(liveAt(6000), [], matches)).toEqual({ count: 5000, atLeast: true });
});

describe('a list that has grown is the same list', () => {
  test('with entries dropped at its end', () => {
    expect(grownBy(liveAt(5000), liveAt(5200))).toBe(200);
    expect(grownBy([], liveAt(7))).toBe(7);
    expect(grownBy(liveAt(7), liveAt(7))).toBe(0);
  });
  test('but not when it was cleared, replaced or cut in between', () => {
    expect(grownBy(liveAt(7), [])).toBeUndefined();
    expect(grownBy(liveAt(7), liveAt(20, 5))).toBeUndefined();
    expect(grownBy(liveAt(7), liveAt(9).slice(0, -3))).toBe(2);
    expect(grownBy(liveAt(7).slice(0, 3), liveAt(9))).toBeUndefined();
  });
});

test('the past is shown as long as the message is there below which it begins', () => {
  const { matches } = countedMatcher();
  for (const history of [before(-1, { anchor: idOf(100) }), before(100)]) {
    const joiner = new RowJoiner();
    const whole = [5000, 5050, 5100, 5101, 5300].map((came) => {
      const { whole: remembered } = joiner.join(liveAt(came), history, matches);
      expect(remembered).toBe(anew(liveAt(came), history, matches).whole);
      return remembered;
    });
    expect(whole).toEqual([true, true, true, false, false]);
  }
});

const step = fc.record({
  grow: fc.integer({ min: 0, max: 40 }),
  to: fc.constantFrom('grown', 'grown', 'grown', 'cleared', 'older history', 'other filter'),
});

test('what is remembered makes no difference, over any growth, history and filter', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), fc.integer({ min: 5, max: 60 }), (steps, keeps) => {
      const joiner = new RowJoiner();
      let came = 0;
      let cleared = 0;
      let every = 1;
      let { matches } = countedMatcher(every);
      let history = nothingBefore;
      for (const { grow, to } of steps) {
        came += grow;
        if (to === 'cleared') cleared = came;
        if (to === 'older history') {
          const some = entries[Math.max(0, came - 7)] as StreamEntry;
          history = before(came - 20, { anchor: some.key, refused: new Set([idOf(came - 3)]) });
        }
        if (to === 'other filter') ({ matches } = countedMatcher(++every));
        const live = liveAt(came, Math.min(keeps, came - cleared));
        expect(joiner.join(live, history, matches)).toEqual(anew(live, history, matches));
      }
    }),
  );
});

test('what counts on agrees with what counts anew', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 15 }), (growth) => {
      const { matches } = countedMatcher(3);
      const counter = new FreshCounter();
      const shown = liveAt(50);
      let came = 50;
      for (const grow of growth) {
        came += grow;
        const live = liveAt(came);
        if (came === 50) continue;
        const { count } = new FreshCounter().count(live, shown, matches);
        expect(counter.count(live, shown, matches).count).toBe(count);
      }
    }),
    { numRuns: 20 },
  );
});
