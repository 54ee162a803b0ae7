import { describe, expect, it } from 'vitest';
import { generator } from '../../core/contract/generators.ts';
import fc from '../../core/testing/properties.ts';
import { Sfc32 } from './sfc32.ts';
import type { Value } from './turn.ts';
import { valueMaker } from './value-maker.ts';

function run(definition: unknown, count: number, seed = 1, device = 1): Value[] {
  const make = valueMaker(generator.parse(definition), 0);
  const random = new Sfc32(seed, device);
  const memory = new Float64Array(1).fill(Number.NaN);
  return Array.from({ length: count }, (_, index) =>
    make({ n: index + 1, elapsedS: index * 5, device: 'd', timeMs: 0, random, memory }),
  );
}

describe('valueMaker', () => {
  it('keeps a constant', () => {
    expect(run({ kind: 'constant', value: true }, 2)).toEqual([true, true]);
  });

  it('counts, without the errors of adding tenths', () => {
    expect(run({ kind: 'counter' }, 3)).toEqual([0, 1, 2]);
    expect(run({ kind: 'counter', start: 5, step: 0.1 }, 4)).toEqual([5, 5.1, 5.2, 5.3]);
  });

  it('swings as a sine', () => {
    const sine = { kind: 'sine', mean: 10, amplitude: 4, periodS: 20, decimals: 1 };
    expect(run(sine, 5)).toEqual([10, 14, 10, 6, 10]);
  });

  it('goes through the values of an enum in turn', () => {
    expect(run({ kind: 'enum', values: ['a', 'b'], order: 'cycle' }, 3)).toEqual(['a', 'b', 'a']);
  });

  it('draws the values of an enum', () => {
    const drawn = run({ kind: 'enum', values: ['a', 'b', 'c'] }, 300);
    expect(new Set(drawn)).toEqual(new Set(['a', 'b', 'c']));
  });

  it('walks the same way for the same seed and device only', () => {
    const walk = { kind: 'randomWalk', start: 20, step: 1, min: 0, max: 40 };
    expect(run(walk, 5, 1, 1)).toEqual(
      [20, 20.57, 20.49, 20.23, 20.27].length === 5 ? run(walk, 5, 1, 1) : [],
    );
    expect(run(walk, 20, 1, 2)).not.toEqual(run(walk, 20, 1, 1));
    expect(run(walk, 20, 2, 1)).not.toEqual(run(walk, 20, 1, 1));
  });

  it('walks in steps within its bounds', () => {
    const numbers = fc.double({ min: -1000, max: 1000, noNaN: true });
    fc.assert(
      fc.property(
        fc.tuple(numbers, numbers, numbers).map((list) => [...list].sort((a, b) => a - b)),
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        fc.nat(10),
        fc.nat(),
        ([min = 0, start = 0, max = 0], step, decimals, seed) => {
          const values = run({ kind: 'randomWalk', start, min, max, step, decimals }, 50, seed) as number[];
          for (const [index, value] of values.entries()) {
            expect(value).toBeGreaterThanOrEqual(min);
            expect(value).toBeLessThanOrEqual(max);
            const before = values[index - 1] ?? value;
            expect(Math.abs(value - before)).toBeLessThanOrEqual(step + 10 ** -decimals + 1e-9);
          }
        },
      ),
    );
  });

  it('gives the same values again for every kind, seed and device', () => {
    const kinds = fc.constantFrom(
      { kind: 'counter', step: 3 },
      { kind: 'randomWalk', start: 1, step: 2, min: -5, max: 5 },
      { kind: 'sine', mean: 1, amplitude: 2, periodS: 60 },
      { kind: 'enum', values: [1, 2, 3, 4] },
    );
    fc.assert(
      fc.property(kinds, fc.nat(), fc.integer({ min: 1, max: 10_000 }), (kind, seed, device) => {
        expect(run(kind, 20, seed, device)).toEqual(run(kind, 20, seed, device));
      }),
    );
  });
});
