import { z } from 'zod';
import { Answer } from './route.ts';

/** Entries of a page when the caller names no size, and the most one may ask for (facts 18). */
export const defaultPageSize = 20;
export const largestPageSize = 1000;

/** A whole number in a query string. */
export function queryInteger(range: { min: number; max: number; default: number }) {
  const allowed = `must be a whole number from ${range.min} to ${range.max}`;
  return z
    .string()
    .regex(/^-?\d{1,15}$/, allowed)
    .optional()
    .transform((text) => (text === undefined ? range.default : Number(text)))
    .refine((value) => value >= range.min && value <= range.max, allowed)
    .meta({
      type: 'integer',
      pattern: undefined,
      minimum: range.min,
      maximum: range.max,
      default: range.default,
    });
}

/** `true` or `false` in a query string. */
export const queryBoolean = z
  .enum(['true', 'false'], 'must be true or false')
  .transform((text) => text === 'true');

/** A moment in a query string, ISO 8601 with its zone; as milliseconds since the epoch. */
export const queryInstant = z.iso
  .datetime({ offset: true, message: 'must be an ISO 8601 date with its zone, as 2030-01-01T00:00:00Z' })
  .transform((text) => Date.parse(text))
  .meta({ type: 'string', format: 'date-time' });

/** A list in a query string: `a,b`, the name repeated, or a JSON array of texts. */
export const queryList = z
  .union([z.string(), z.array(z.string())])
  .transform((given) => (Array.isArray(given) ? given : [given]).flatMap(splitList));

function splitList(text: string): string[] {
  if (text.startsWith('[') && text.endsWith(']')) {
    try {
      const parsed: unknown = JSON.parse(text);
      if (Array.isArray(parsed) && parsed.every((item) => typeof item === 'string')) return parsed;
    } catch {
      // Not JSON: a list of texts that happens to stand in brackets.
    }
  }
  return text.split(',').filter((item) => item !== '');
}

/** Query parameters of every v1 list (facts 1). Spread into the query schema of a route. */
export const v1PageQuery = {
  limit: queryInteger({ min: 1, max: largestPageSize, default: defaultPageSize }).describe(
    'Most entries answered',
  ),
  offset: queryInteger({ min: 0, max: 1_000_000_000, default: 0 }).describe('Entries to skip'),
};

/** Query parameters of every v0 list (facts 1). Spread into the query schema of a route. */
export const v0PageQuery = {
  page: queryInteger({ min: 0, max: 1_000_000, default: 0 }).describe('Page, from 0'),
  size: queryInteger({ min: 1, max: largestPageSize, default: defaultPageSize }).describe('Entries a page'),
};

/**
 * Answer of a v1 list: the bare array, with the page told in headers (facts 1).
 * @param page.total entries in all; give it when `call.wantsTotal`.
 */
export function v1List<Item>(
  items: Item[],
  page: { limit: number; total?: number | undefined },
): Answer<Item[]> {
  return new Answer(items, {
    headers: {
      'X-Result-Limit': String(page.limit),
      'X-Result-Count': String(items.length),
      ...(page.total === undefined ? {} : { 'X-Total-Count': String(page.total) }),
    },
  });
}

/** Answer of a v1 list that has no pages: all there is. */
export function v1WholeList<Item>(items: Item[], wantsTotal: boolean): Answer<Item[]> {
  return v1List(items, { limit: items.length, total: wantsTotal ? items.length : undefined });
}

export interface V0Page<Item> {
  page: number;
  size: number;
  totalCount: number;
  data: Item[];
}

/** Answer of a v0 list: an object around the entries (facts 1). `all` is the whole list, in order. */
export function v0List<Item>(
  all: readonly Item[],
  { page, size }: { page: number; size: number },
): V0Page<Item> {
  return { page, size, totalCount: all.length, data: all.slice(page * size, (page + 1) * size) };
}

/** Schema of {@link v0List}. */
export function v0PageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ page: z.int(), size: z.int(), totalCount: z.int(), data: z.array(item) });
}
