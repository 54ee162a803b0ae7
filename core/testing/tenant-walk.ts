import type { Route } from '../api/route.ts';
import { bodiesOf, queriesOf } from './schema-samples.ts';

/** Calls the REST API; the answer as text, so that nothing in it is overlooked. */
export type WalkCall = (
  method: string,
  path: string,
  key: string,
  body?: unknown,
) => Promise<{ status: number; text: string }>;

/** A body that is sent as it is, with its type. */
export class RawText {
  readonly text: string;
  readonly contentType: string;

  constructor(text: string, contentType: string) {
    this.text = text;
    this.contentType = contentType;
  }
}

/** What a route takes beyond what its schema tells. */
export interface Fit {
  /** Requests that are in order, and name things of the owner's. */
  readonly bodies?: readonly unknown[];
  /** A query without which nothing is answered: `?before=…`. */
  readonly query?: string;
  /** It makes something of the name that the path gives, so a stranger gets one of his own. */
  readonly makes?: true;
  /** What the last parameter of the path may be, where no answer has it as a text of its own. */
  readonly names?: readonly string[];
}

/** By method and URL of the route: `PUT /api/v1/…/:id`. */
export type Fits = Readonly<Record<string, Fit>>;

const fitOf = (fits: Fits, { method, url }: Route): Fit => fits[`${method} ${url}`] ?? {};

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
export async function explore(routes: readonly Route[], call: WalkCall, key: string, fits: Fits = {}) {
  const reads = routes.filter(({ method, role }) => method === 'GET' && role !== 'public');
  const seen = new Map<string, string>();
  const texts = new Set<string>();
  const good = new Map<string, Set<string>>();
  const visit = async (route: Route, bare: string): Promise<boolean> => {
    const path = `${bare}${fitOf(fits, route).query ?? ''}`;
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
      const { names } = fitOf(fits, route);
      const paths = pathsOf(route.url, good, names ? new Set(names) : texts);
      for (let from = 0; from < paths.length; from += visitsAtATime) {
        const some = paths.slice(from, from + visitsAtATime);
        const answers = await Promise.all(some.map((path) => visit(route, path)));
        for (const path of some.filter((_path, index) => answers[index])) remember(route.url, path, good);
      }
      // Where there is nothing of its kind there is nothing below it either.
      const template = nameless(route.url);
      if (template.endsWith(':') && !good.has(template)) good.set(template, new Set());
    }
  }
  // What no read shows at a path of its own has names of its own.
  for (const route of routes.filter(({ method }) => method !== 'GET')) {
    const { names } = fitOf(fits, route);
    if (names) for (const path of pathsOf(route.url, good, new Set(names))) remember(route.url, path, good);
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

/** A search is a read, whatever its method. */
const isRead = ({ method, role }: Route): boolean => method === 'GET' || role.endsWith('_R');

/** Statuses of a request that was not looked at, for something in it is wrong. */
const notLookedAt = [400, 413, 415];

export interface StrangersWalk {
  readonly routes: readonly Route[];
  readonly call: WalkCall;
  readonly strangersKey: string;
  readonly good: ReadonlyMap<string, ReadonlySet<string>>;
  readonly secrets: readonly string[];
  /** Something of the owner's that fits the name of a field. */
  readonly owned: (name: string) => string;
  readonly fits?: Fits;
}

/**
 * Knocks at every route with a stranger's key.
 * @returns what went wrong in words, and the routes that looked at a request: that had nothing to say against its form.
 */
export async function walkAsStranger(walk: StrangersWalk) {
  const { routes, call, strangersKey, good, secrets, owned, fits = {} } = walk;
  const known = new Set(secrets);
  const walked = new Set<Route>();
  const problems: string[] = [];
  const leadsToOwner = (path: string): boolean =>
    path.split('/').some((part) => known.has(decodeURIComponent(part)));

  const knock = async (route: Route, path: string, body?: unknown): Promise<void> => {
    const request = body === undefined ? path : `${path} ${JSON.stringify(body)}`;
    const { status, text } = await call(route.method, path, strangersKey, body);
    const complain = (what: string): unknown =>
      problems.push(`${route.method} ${request}: ${status} ${what}`);
    if (!notLookedAt.includes(status)) walked.add(route);
    if (status >= 500 && status !== 501) complain(text);
    const told = leaks(text, request, secrets);
    if (told.length > 0) complain(`tells ${told.join(', ')}`);
    if (route.role === 'operator') {
      if (status !== 403) complain('is not refused');
    } else if (!isRead(route) && !fitOf(fits, route).makes && leadsToOwner(path)) {
      if (status !== 404 && !notLookedAt.includes(status)) complain('is not "there is no such thing"');
    }
  };
  const all = (requests: Iterable<Promise<void>>): Promise<unknown> => Promise.all(requests);

  const pathsFor = (route: Route): string[] => knocksOf(route, { good, texts: known });
  const visitToRead = async (route: Route): Promise<void> => {
    const { query = '', bodies: fitting = [] } = fitOf(fits, route);
    const bodies = [...fitting, ...bodiesOf(route, owned)];
    const [first, ...further] = pathsFor(route);
    if (first === undefined) return;
    await all(bodies.map((body) => knock(route, `${first}${query}`, body)));
    await all(queriesOf(route, owned).map((each) => knock(route, `${first}${each}`, bodies[0])));
    await all(further.map((path) => knock(route, `${path}${query}`, bodies[0])));
  };
  const visitToWrite = async (route: Route): Promise<void> => {
    const { bodies: fitting = [] } = fitOf(fits, route);
    const [least, whole] = bodiesOf(route, owned);
    const bodies = [...new Set([...fitting, least, whole])];
    // One after the other: each would see what the one before has done.
    for (const path of pathsFor(route)) for (const body of bodies) await knock(route, path, body);
  };

  const makes = (route: Route): boolean => !route.url.includes('/:') || fitOf(fits, route).makes === true;
  const [reads, writes] = [routes.filter(isRead), routes.filter((route) => !isRead(route))];
  for (const route of reads) await visitToRead(route);
  // Before the stranger has made things of the same names in a tenant of his own.
  for (const route of writes.filter((each) => !makes(each))) await visitToWrite(route);
  for (const route of writes.filter(makes)) await visitToWrite(route);
  return { problems, walked };
}

/** What an answer tells of the owner, other than what the request said itself, in one piece or in several. */
export function leaks(text: string, request: string, secrets: readonly string[]): string[] {
  const given = decodeURIComponent(request);
  const told = textsIn(text);
  return secrets.filter(
    (secret) =>
      !secret.split(':').every((piece) => given.includes(piece)) &&
      (told.has(secret) || (/alpha|^[0-9a-f]{24}$/i.test(secret) && text.includes(secret))),
  );
}
