import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { Route } from '../core/api/route.ts';
import { checkInput } from '../core/contract/check-input.ts';
import { TestBench } from './simulators/test-bench.ts';

const bench = new TestBench();
beforeAll(() => bench.bench.start());
afterAll(() => bench.bench.stop());

interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  additionalProperties?: JsonSchema | boolean;
}

const wrong = [
  undefined,
  '',
  'x'.repeat(20_000),
  '\0',
  -1,
  1.5,
  1e15,
  true,
  [],
  [{}],
  ['', ''],
  {},
  { x: 1 },
];

/** Values with each field of a schema, at any depth, filled with what mostly does not fit. */
function* misfits(schema: JsonSchema): Generator<unknown> {
  yield* wrong;
  for (const choice of [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) yield* misfits(choice);
  for (const [name, inner] of Object.entries(schema.properties ?? {})) {
    for (const value of misfits(inner)) yield { [name]: value };
  }
  if (schema.items) for (const value of misfits(schema.items)) yield [value];
  const { additionalProperties: others } = schema;
  if (typeof others === 'object')
    for (const value of misfits(others)) yield { key: value, ['x'.repeat(300)]: value };
}

/** Words of the validator, which tell nobody what to do. */
const raw = /invalid|expected|unrecognized|too (big|small)|received|undefined|NaN/i;

it('no route answers a bad request in the words of the validator', { timeout: 120_000 }, () => {
  const parts = (route: Route): [string, z.ZodType][] =>
    (['params', 'query', 'body'] as const).flatMap((part) => (route[part] ? [[part, route[part]]] : []));
  const found = new Set<string>();
  let seen = 0;
  for (const route of bench.bench.platform.routes) {
    for (const [part, schema] of parts(route)) {
      const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
      for (const value of misfits(json)) {
        const checked = checkInput(schema, value);
        if (checked.success) continue;
        for (const { path, message } of checked.error.issues) {
          seen++;
          if (raw.test(message))
            found.add(`${route.method} ${route.url} ${part}.${path.join('.').slice(0, 60)}: ${message}`);
        }
      }
    }
  }
  expect(seen).toBeGreaterThan(10_000);
  expect([...found]).toEqual([]);
});
