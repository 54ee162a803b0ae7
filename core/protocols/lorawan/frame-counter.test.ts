import { expect, test } from 'vitest';
import fc from '../../testing/properties.ts';
import { fullFrameCounter, lastFrameCounter, maxFrameCounterGap } from './frame-counter.ts';

test.each([
  [undefined, 0, { fCnt: 0, repeated: false }],
  [undefined, 16_383, { fCnt: 16_383, repeated: false }],
  [undefined, 16_384, undefined],
  [7, 8, { fCnt: 8, repeated: false }],
  [7, 7, { fCnt: 7, repeated: true }],
  [7, 6, undefined],
  [65_535, 0, { fCnt: 65_536, repeated: false }],
  [65_535, 65_534, undefined],
  [0x1_0005, 4, undefined],
  [7, 7 + 16_383, { fCnt: 16_390, repeated: false }],
  [7, 7 + 16_384, undefined],
  [lastFrameCounter, 0xffff, { fCnt: lastFrameCounter, repeated: true }],
  [lastFrameCounter, 0, undefined],
])('after %s the wire says %i', (last, low, full) => {
  expect(fullFrameCounter(last, low)).toEqual(full);
});

test('a counter less than the gap ahead is found from its low 16 bits', () => {
  fc.assert(
    fc.property(fc.nat(lastFrameCounter), fc.nat(maxFrameCounterGap - 1), (last, ahead) => {
      const fCnt = last + ahead;
      fc.pre(fCnt <= lastFrameCounter);
      expect(fullFrameCounter(last, fCnt % 65_536)).toEqual({ fCnt, repeated: ahead === 0 });
    }),
  );
});
