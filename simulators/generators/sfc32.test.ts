import { describe, expect, it } from 'vitest';
import { Sfc32 } from './sfc32.ts';

const first = (random: Sfc32, count: number): string[] =>
  Array.from({ length: count }, () => random.uint32().toString(16).padStart(8, '0'));

describe('Sfc32', () => {
  it.each([
    // The program RNG_output of PractRand, as `RNG_output sfc32 32 0000000000000000`.
    [0, 0, '514676c3 08a809df 30349d2b fb52c520 38802be1'],
    // The C code of PractRand, seeded with the 64-bit number that has the first in its lower half.
    [1, 0, '77eef724 6f99472c 65c86823 6a161a47 78c8aace'],
    [1, 1, '14c41217 05ae8a33 d1f5dd4d 92c2ab56 a5e1da2f'],
    [0xdeadbeef, 0x12345678, '997a3692 8cb3246e 491c1dcd b9a3beb3 862e6b47'],
    // The same code, seeded with three words.
    [1 * 2 ** 32 + 2, 3, '736a3b41 b2e53014 3d56e4c7 eda6a65f 05843866'],
  ])('gives for %d, %d what the reference gives', (seed, part, expected) => {
    expect(first(new Sfc32(seed, part), 5).join(' ')).toBe(expected);
  });

  it('stays from 0 up to 1', () => {
    const random = new Sfc32(7);
    const drawn = Array.from({ length: 10_000 }, () => random.fraction());
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...drawn)).toBeLessThan(1);
    expect(drawn.reduce((sum, each) => sum + each, 0) / drawn.length).toBeCloseTo(0.5, 1);
  });

  it('copies its place in the sequence and leaves it as it is', () => {
    const random = new Sfc32(7, 3);
    random.uint32();
    const ahead = first(random.copy(), 3);
    expect(first(random, 3)).toEqual(ahead);
  });
});
