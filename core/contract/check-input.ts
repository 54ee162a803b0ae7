import type { z } from 'zod';
import { plainIssues } from './plain-issues.ts';

/**
 * Checks what a caller gave. A field that is null where its schema takes no null counts as not given: client
 * libraries send null for what they leave out. One that is needed is refused all the same, as missing; a null in a
 * list is a bad item.
 * @param texts what is said where the schema has no text of its own
 */
export function checkInput<S extends z.ZodType>(
  schema: S,
  given: unknown,
  texts: z.core.$ZodErrorMap = plainIssues,
): z.ZodSafeParseResult<z.output<S>> {
  let input = given;
  for (;;) {
    const checked = schema.safeParse(input, { error: texts });
    if (checked.success) return checked;
    const nulls = checked.error.issues.map(({ path }) => path).filter((path) => isNullField(input, path));
    if (nulls.length === 0) return checked;
    input = structuredClone(input);
    for (const path of nulls) {
      const parent = follow(input, path.slice(0, -1)) as Record<PropertyKey, unknown>;
      delete parent[path.at(-1) as PropertyKey];
    }
  }
}

function isNullField(input: unknown, path: readonly PropertyKey[]): boolean {
  const parent = follow(input, path.slice(0, -1));
  const name = path.at(-1);
  return isObject(parent) && !Array.isArray(parent) && name !== undefined && parent[name] === null;
}

const follow = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((within, name) => (isObject(within) ? within[name] : undefined), value);

const isObject = (value: unknown): value is Record<PropertyKey, unknown> =>
  typeof value === 'object' && value !== null;
