import { describe, expect, it } from 'vitest';
import fc from '../testing/properties.ts';
import { FetchedBytes } from './fetched-bytes.ts';

const fetched = (size: number, ...parts: [number, number][]): number => {
  const all = new FetchedBytes(size, 0);
  for (const [start, end] of parts) all.add(start, end);
  return all.bytes;
};

describe('the bytes of a content that were fetched', () => {
  it.each<[string, number, number, ...[number, number][]]>([
    ['nothing', 1000, 0],
    ['the last byte alone', 1000, 0, [999, 1000]],
    ['the last hundred, from the beginning of a piece', 1000, 100, [900, 1000]],
    ['all', 1000, 1000, [0, 1000]],
    ['all of an odd size', 1234, 1234, [0, 1234]],
    ['all of a small one', 3, 3, [0, 3]],
    ['the same twice', 1000, 500, [0, 500], [0, 500]],
    ['parts that meet within a piece', 1000, 1000, [0, 505], [505, 1000]],
    ['parts that overlap', 1000, 700, [0, 500], [300, 700]],
    ['parts from the end', 1000, 1000, [500, 1000], [0, 500]],
    ['an empty content', 0, 0, [0, 0]],
  ])('%s', (_, size, bytes, ...parts) => {
    expect(fetched(size, ...parts)).toBe(bytes);
  });

  it('go on from what counted before', () => {
    const all = new FetchedBytes(1000, 450);
    all.add(460, 1000);
    // The piece that has a gap counts as far as that.
    expect(all.bytes).toBe(450 + 540);
  });

  it('are never more than there were, nor fewer than the pieces they fill', () => {
    const part = fc
      .tuple(fc.nat(3000), fc.nat(3000))
      .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.array(part, { maxLength: 8 }), (size, parts) => {
        const all = new FetchedBytes(size, 0);
        const real = new Set<number>();
        for (const [start, end] of parts) {
          all.add(Math.min(start, size), Math.min(end, size));
          for (let at = start; at < Math.min(end, size); at++) real.add(at);
        }
        expect(all.bytes).toBeLessThanOrEqual(real.size);
        const piece = Math.ceil(size / 100);
        const whole = [...Array(Math.ceil(size / piece)).keys()].filter((index) =>
          parts.some(([start, end]) => start <= index * piece && end >= Math.min((index + 1) * piece, size)),
        );
        expect(all.bytes).toBeGreaterThanOrEqual(
          whole.reduce((sum, index) => sum + Math.min(piece, size - index * piece), 0),
        );
      }),
    );
  });
});
