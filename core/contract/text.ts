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
