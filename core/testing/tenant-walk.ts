import { z } from 'zod';
import type { Route } from '../api/route.ts';

/** Calls the REST API; the answer as text, so that nothing in it is overlooked. */
export type WalkCall = (
  method: string,
  path: string,
  key: string,
  body?: unknown,
) => Promise<{ status: number; text: string }>;

/** A path of a route with what stands for its parameters. */
export interface Visit {
  readonly route: Route;
  readonly path: string;
}

const longEnough = 5;
const mostTries = 60;
const visitsAtATime = 32;

/** Every value of a JSON answer that is a text. */
export function textsIn(json: string): Set<string> {
  const found = new Set<string>();
  const look = (value: unknown): void => {
    if (typeof value === 'string') found.add(value);
    else if (Array.isArray(value)) value.forEach(look);
    else if (typeof value === 'object' && value !== null) {
      Object.values(value).forEach(look);
    }
  };
  try {
    look(JSON.parse(json));
  } catch {
    // Not JSON: a page or a certificate, which has no ids.
  }
  return found;
}

/**
 * What one tenant can see over every GET of the table: its texts, and the paths it answers to. Paths with
 * parameters are found by trying what was seen before, so a new resource needs no word here.
 */
export async function explore(routes: readonly Route[], call: WalkCall, key: string) {
  const reads = routes.filter(({ method, role }) => method === 'GET' && role !== 'public');
  const seen = new Map<string, string>();
  const texts = new Set<string>();
  const good = new Map<string, Set<string>>();
  const visit = async (path: string): Promise<boolean> => {
    if (seen.has(path)) return true;
    const { status, text } = await call('GET', path, key);
    // An empty list is what many a name gets that nobody has.
    if (status !== 200 || text === '[]' || text.includes('"data":[]')) return false;
    seen.set(path, text);
    for (const each of textsIn(text)) texts.add(each);
    return true;
  };
  for (const depth of [0, 1, 2, 3]) {
    for (const route of reads.filter(({ url }) => (url.match(/:/g) ?? []).length === depth)) {
      const paths = pathsOf(route.url, good, texts);
      for (let from = 0; from < paths.length; from += visitsAtATime) {
        const some = paths.slice(from, from + visitsAtATime);
        const answers = await Promise.all(some.map(visit));
        for (const path of some.filter((_path, index) => answers[index])) remember(route.url, path, good);
      }
      // Where there is nothing of its kind there is nothing below it either.
      const template = nameless(route.url);
      if (template.endsWith(':') && !good.has(template)) good.set(template, new Set());
    }
  }
  // A stranger knocks there all the same.
  for (const [template, values] of good) if (values.size === 0) good.delete(template);
  return { seen, texts, good };
}

/** Paths worth trying for a URL: known values for its first parameters, and everything seen for the rest. */
export function pathsOf(
  url: string,
  good: ReadonlyMap<string, ReadonlySet<string>>,
  texts: ReadonlySet<string>,
): string[] {
  let paths = [''];
  let template = '';
  for (const part of url.split('/').slice(1)) {
    template += `/${part}`;
    if (!part.startsWith(':')) {
      paths = paths.map((path) => `${path}/${part}`);
      continue;
    }
    const known = good.get(nameless(template));
    const values = known ? [...known] : [...texts].filter((text) => text.length <= 300).slice(-400);
    paths = paths.flatMap((path) => values.map((value) => `${path}/${encodeURIComponent(value)}`));
  }
  return paths;
}

const nameless = (template: string): string => template.replace(/:\w+/g, ':');

function remember(url: string, path: string, good: Map<string, Set<string>>): void {
  const parts = path.split('/');
  url.split('/').forEach((part, index, all) => {
    if (!part.startsWith(':')) return;
    const template = nameless(all.slice(0, index + 1).join('/'));
    const values = good.get(template) ?? new Set();
    values.add(decodeURIComponent(parts[index] ?? ''));
    good.set(template, values);
  });
}

/** The paths at which a stranger should knock: where the owner finds something, or what he has seen. */
export function knocksOf(
  route: Route,
  world: { good: ReadonlyMap<string, ReadonlySet<string>>; texts: ReadonlySet<string> },
): string[] {
  return pathsOf(route.url, world.good, world.texts).slice(0, mostTries);
}

/**
 * Texts that tell the owner: ids, all that its resources are found by, and what has its mark, unless a stranger
 * sees the same in a tenant of his own.
 */
export function secretsOf(
  owner: { good: ReadonlyMap<string, ReadonlySet<string>>; texts: ReadonlySet<string> },
  stranger: ReadonlySet<string>,
  mark: RegExp,
): string[] {
  const names = [...owner.good.values()].flatMap((values) => [...values]);
  const telling = [...owner.texts].filter((text) => mark.test(text) || /^[0-9a-f]{24}$/.test(text));
  return [...new Set([...names, ...telling])].filter(
    (text) => text.length >= longEnough && !stranger.has(text),
  );
}

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

/** The least and the whole one. */
const bodiesOfEach = 2;

/** A search is a read, whatever its method. */
const isRead = ({ method, role }: Route): boolean => method === 'GET' || role.endsWith('_R');

export interface StrangersWalk {
  readonly routes: readonly Route[];
  readonly call: WalkCall;
  readonly strangersKey: string;
  readonly good: ReadonlyMap<string, ReadonlySet<string>>;
  readonly secrets: readonly string[];
  /** Something of the owner's that fits the name of a field. */
  readonly owned: (name: string) => string;
}

/** Knocks at every route with a stranger's key. @returns what went wrong in words, and the routes that were tried. */
export async function walkAsStranger(walk: StrangersWalk) {
  const { routes, call, strangersKey, good, secrets, owned } = walk;
  const walked = new Set<Route>();
  const problems: string[] = [];
  const knock = async (route: Route, path: string, body: unknown): Promise<void> => {
    const request = `${path} ${JSON.stringify(body)}`;
    const { status, text } = await call(route.method, path, strangersKey, body);
    walked.add(route);
    if (route.role === 'operator' && status !== 403) problems.push(`${route.method} ${path}: ${status}`);
    if (status >= 500 && status !== 501) problems.push(`${route.method} ${request}: ${status} ${text}`);
    const told = leaks(text, request, secrets);
    if (told.length > 0) problems.push(`${route.method} ${request}: ${status} tells ${told.join(', ')}`);
  };
  // Reads first: later the stranger has things of these names in a tenant of his own.
  const inOrder = [...routes].sort((a, b) => Number(isRead(b)) - Number(isRead(a)));
  for (const route of inOrder) {
    const bodies = bodiesOf(route, owned);
    const paths = knocksOf(route, { good, texts: new Set(secrets) });
    for (const path of paths)
      for (const body of bodies.slice(0, bodiesOfEach)) await knock(route, path, body);
    const [path] = paths;
    if (path === undefined || !isRead(route)) continue;
    for (const body of bodies.slice(bodiesOfEach)) await knock(route, path, body);
    for (const query of queriesOf(route, owned)) await knock(route, `${path}${query}`, bodies[0]);
  }
  return { problems, walked };
}

/** What an answer tells of the owner, other than what the request said itself. */
export function leaks(text: string, request: string, secrets: readonly string[]): string[] {
  const given = decodeURIComponent(request);
  const told = textsIn(text);
  return secrets.filter(
    (secret) =>
      !given.includes(secret) &&
      (told.has(secret) || (/alpha|^[0-9a-f]{24}$/i.test(secret) && text.includes(secret))),
  );
}

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
