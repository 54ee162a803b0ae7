import { expect, test } from 'vitest';
import fc from '../../../core/testing/properties.ts';
import { byTimestamp, newestOf } from './message-order.ts';
import { numericFields } from './numeric-fields.ts';

const message = (n: number, time = '2030-01-01T00:00:00.000Z') => ({
  ...{ id: `70dbd880a1b2${n.toString(16).padStart(12, '0')}`, streamId: 's', timestamp: time, created: time },
  value: { n },
});
const burst = [9, 10, 11, 300].map((n) => message(n));

test('of messages that share a millisecond the last to arrive is the newest, in whatever order they are known', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(burst, { minLength: burst.length }), (shuffled) => {
      expect(shuffled.toSorted(byTimestamp)).toEqual(burst);
      expect(newestOf(shuffled)).toBe(burst.at(-1));
      expect(numericFields(shuffled)[0]?.values).toEqual([9, 10, 11, 300]);
    }),
  );
});

test('time goes before the order of arrival', () => {
  const late = message(1, '2030-01-01T00:00:01.000Z');
  expect(newestOf([late, ...burst])).toBe(late);
  expect([late, ...burst].sort(byTimestamp).at(-1)).toBe(late);
  expect(newestOf([])).toBeUndefined();
});
