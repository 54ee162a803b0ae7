import { z } from 'zod';
import type { Route } from '../api/route.ts';

/**
 * Bodies for a route, made of its schema and filled with what belongs to the owner: the least and the whole one, then
 * the least with each further field alone, for one that is refused hides what the others would find.
 */
export function bodiesOf(route: Route, owned: (name: string) => string): unknown[] {
  if (!route.body) return [undefined];
  const schema = schemaOf(route.body);
  return [
    sample(schema, '', owned, false),
    sample(schema, '', owned, true),
    ...variants(schema, '', owned).slice(1),
  ];
}

/** Queries for a route, each with one parameter that is filled with what belongs to the owner. */
export function queriesOf(route: Route, owned: (name: string) => string): string[] {
  const { properties = {} } = route.query ? schemaOf(route.query) : {};
  const query = (name: string): string => `?${name}=${encodeURIComponent(owned(name))}`;
  return Object.keys(properties).map(query);
}

const schemaOf = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;

interface JsonSchema {
  type?: string;
  enum?: unknown[];
  const?: unknown;
  examples?: unknown[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  minimum?: number;
  default?: unknown;
}

/** The least value of a schema, then the same with one further field each, at any depth. */
function variants(schema: JsonSchema, name: string, owned: (name: string) => string): unknown[] {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices?.[0]) return variants(choices[0], name, owned);
  const least = sample(schema, name, owned, false);
  if (schema.type !== 'object') return [least];
  const fields = Object.entries(schema.properties ?? {});
  const further = fields.flatMap(([field, inner]) =>
    variants(inner, field, owned).map((value) => ({ ...(least as object), [field]: value })),
  );
  return [least, ...further];
}

function sample(schema: JsonSchema, name: string, owned: (name: string) => string, whole: boolean): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices?.[0]) return sample(choices[0], name, owned, whole);
  switch (schema.type) {
    case 'string':
      return owned(name);
    case 'integer':
    case 'number':
      return schema.minimum !== undefined && schema.minimum > 0 ? schema.minimum : 1;
    case 'boolean':
      return true;
    case 'array':
      return schema.items ? [sample(schema.items, name, owned, whole)] : [];
    default: {
      const wanted = Object.entries(schema.properties ?? {}).filter(
        ([field]) => whole || schema.required?.includes(field),
      );
      return Object.fromEntries(wanted.map(([field, inner]) => [field, sample(inner, field, owned, whole)]));
    }
  }
}
