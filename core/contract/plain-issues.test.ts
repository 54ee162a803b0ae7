import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkInput } from './check-input.ts';

/** What is said of the first thing that is wrong. */
function said(schema: z.ZodType, given: unknown): string {
  const checked = checkInput(schema, given);
  if (checked.success) throw new Error('there is nothing wrong');
  return checked.error.issues[0]?.message ?? '';
}

describe('what is said of a value that does not fit', () => {
  const kinds = z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('a') }),
    z.object({ kind: z.literal('b') }),
  ]);
  it.each([
    [z.enum(['ONE', 'TWO']), 'THREE', 'must be one of ONE, TWO'],
    [z.enum(['ONE', 'TWO']), undefined, 'is needed; must be one of ONE, TWO'],
    [z.literal(false), true, 'must be false'],
    [z.literal([1, 'a']), 2, 'must be one of 1, a'],
    [z.union([z.string(), z.number()]), true, 'must be a text, or a number'],
    [z.union([z.string().max(2), z.number()]), 'abc', 'must have at most 2 characters'],
    [z.union([z.string(), z.array(z.string())]), [1], 'must be a text, not a list, or 0 must be a text'],
    [z.record(z.string(), z.unknown()), [1], 'must be an object, not a list'],
    [z.string(), ['a'], 'must be a text, not a list'],
    [z.union([z.string(), z.number()]), undefined, 'is needed'],
    [kinds, { kind: 'c' }, 'must be one of a, b'],
    [kinds, {}, 'must be one of a, b'],
    [kinds, 'a', 'must be an object'],
    [z.strictObject({}), { color: 'red' }, 'must not hold "color", which is not known here'],
    [z.strictObject({}), { a: 1, b: 2 }, 'must not hold "a", "b", which are not known here'],
    [z.string().min(1), '', 'must not be empty'],
    [z.string().min(3), 'a', 'must have at least 3 characters'],
    [z.string().max(3), 'abcd', 'must have at most 3 characters'],
    [z.array(z.int()).min(1), [], 'must not be empty'],
    [z.array(z.int()).max(1), [1, 2], 'must hold at most 1'],
    [z.number().min(1), 0, 'must be at least 1'],
    [z.number().max(1), 2, 'must be at most 1'],
    [z.number().positive(), 0, 'must be more than 0'],
    [z.number().lt(1), 1, 'must be less than 1'],
    [z.int(), 1.5, 'must be a whole number'],
    [z.number().multipleOf(5), 7, 'must be a multiple of 5'],
    [z.number(), Number.NaN, 'must be a number'],
    [z.iso.datetime({ offset: true }), 'today', 'must be a date and time such as 2030-01-01T10:00:00Z'],
    [z.string().regex(/^a+$/), 'b', 'must have the form /^a+$/'],
    [z.email(), 'b', 'must be an e-mail address'],
    [z.tuple([z.number(), z.number()]), 'b', 'must be a list'],
    [z.record(z.string().max(2), z.string()), { abc: 'd' }, 'the name must have at most 2 characters'],
    [z.never(), 1, 'must be left out'],
  ])('%#', (schema, given, text) => {
    expect(said(schema, given)).toBe(text);
  });
});
