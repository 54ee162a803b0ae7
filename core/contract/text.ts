import { z } from 'zod';

/**
 * Text of at most `count` characters that every store can keep: without NUL, and without half a surrogate
 * pair, which is no character.
 */
export function text(count: number) {
  return z
    .string()
    .max(count, `must have at most ${count} characters`)
    .refine((given) => !/[\0\p{Surrogate}]/u.test(given), 'must not hold NUL or half a character');
}

/**
 * The text, cut to `count` characters with "…" as the last when it is longer. What was cut is a copy: a part of
 * a text would keep all of it in memory.
 */
export function shortenText(given: string, count: number): string {
  if (given.length <= count) return given;
  return structuredClone(`${given.slice(0, count - 1)}…`);
}
