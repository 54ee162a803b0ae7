import type { Generator } from '../../core/contract/generators.ts';
import { rounded } from './rounding.ts';
import type { Turn, ValueMaker } from './turn.ts';

/** More decimals than any sensor has; they only hide the errors of adding. */
const counterDecimals = 10;

/**
 * The maker of a generator's values.
 * @param slot index into the device's memory that is this generator's own
 */
export function valueMaker(generator: Generator, slot: number): ValueMaker {
  switch (generator.kind) {
    case 'constant':
      return () => generator.value;
    case 'counter':
      return ({ n }) => rounded(generator.start + (n - 1) * generator.step, counterDecimals);
    case 'randomWalk':
      return (turn) => walk(generator, turn, slot);
    case 'sine':
      return ({ elapsedS }) => {
        // The rest of the division keeps the angle small, and the sine exact, after years.
        const angle = 2 * Math.PI * ((elapsedS % generator.periodS) / generator.periodS);
        return rounded(generator.mean + generator.amplitude * Math.sin(angle), generator.decimals);
      };
    case 'enum':
      return ({ n, random }) => {
        const { values, order } = generator;
        const index =
          order === 'cycle' ? (n - 1) % values.length : Math.floor(random.fraction() * values.length);
        return values[index] as (typeof values)[number];
      };
  }
}

function walk(
  { start, step, min, max, decimals }: Extract<Generator, { kind: 'randomWalk' }>,
  { random, memory }: Turn,
  slot: number,
): number {
  const before = memory[slot] ?? Number.NaN;
  const next = Number.isNaN(before) ? start : before + (2 * random.fraction() - 1) * step;
  const within = Math.min(max, Math.max(min, next));
  memory[slot] = within;
  // Rounding may lead out of the bounds, as for 0.5 without decimals.
  return Math.min(max, Math.max(min, rounded(within, decimals)));
}
