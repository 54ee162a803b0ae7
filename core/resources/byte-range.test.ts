import { describe, expect, it } from 'vitest';
import fc from '../testing/properties.ts';
import { readRange } from './byte-range.ts';

describe('ranges of bytes (RFC 9110, 14.1.2)', () => {
  it.each([
    ['bytes=0-499', 10_000, { start: 0, end: 500 }],
    ['bytes=500-999', 10_000, { start: 500, end: 1000 }],
    ['bytes=-500', 10_000, { start: 9500, end: 10_000 }],
    ['bytes=9500-', 10_000, { start: 9500, end: 10_000 }],
    ['bytes=0-', 1, { start: 0, end: 1 }],
    ['bytes=5-1000000', 10, { start: 5, end: 10 }],
    ['bytes=-1000000', 10, { start: 0, end: 10 }],
    ['BYTES = 1 - 2', 10, { start: 1, end: 3 }],
    ['bytes=10-', 10, 'unsatisfiable'],
    ['bytes=10-20', 10, 'unsatisfiable'],
    ['bytes=-0', 10, 'unsatisfiable'],
    ['bytes=5-4', 10, 'whole'],
    ['bytes=0-1,3-4', 10, 'whole'],
    ['items=0-1', 10, 'whole'],
    ['bytes=a-b', 10, 'whole'],
    ['bytes=-', 10, 'whole'],
    ['', 10, 'whole'],
    [undefined, 10, 'whole'],
  ])('%s of %i bytes', (header, size, expected) => {
    expect(readRange(header, size)).toEqual(expected);
  });

  it('never lie outside, whatever is asked for', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), fc.nat(), fc.integer({ min: 1, max: 1e6 }), (text, a, b, size) => {
        for (const header of [text, `bytes=${text}`, `bytes=${a}-${b}`, `bytes=-${a}`, `bytes=${a}-`]) {
          const range = readRange(header, size);
          if (typeof range === 'string') continue;
          expect(range.start).toBeGreaterThanOrEqual(0);
          expect(range.start).toBeLessThan(range.end);
          expect(range.end).toBeLessThanOrEqual(size);
        }
      }),
    );
  });
});
