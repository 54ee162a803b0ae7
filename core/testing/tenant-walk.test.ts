import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { defineRoute, type Route } from '../api/route.ts';
import { explore, type Fits, secretsOf, walkAsStranger } from './tenant-walk.ts';
import { startTestPlatform, type TestPlatform } from './test-platform.ts';

const device = 'urn:lo:nsid:alpha:planted';
const shared = { role: 'any-key', tag: 'Planted', summary: 'Leaks' } as const;
const url = '/bench/v1/planted';
const params = z.object({ id: z.string() });
const response = z.unknown();
const all = (): unknown => {
  const { id, description } = bench.platform.inventory.getDevice(bench.tenantId, device);
  return { id, description };
};
const forOne = (id: string | undefined): unknown => (id === device ? all() : {});

/** Each tells what the first tenant has to whoever asks in its way, and only then. */
const planted: Record<string, Route> = {
  list: defineRoute({ ...shared, method: 'GET', url, response, handler: all }),
  path: defineRoute({
    ...{ ...shared, method: 'GET', url: `${url}/devices/:id`, params, response },
    handler: (call) => forOne((call.params as { id: string }).id),
  }),
  query: defineRoute({
    ...{ ...shared, method: 'GET', url: `${url}/query`, response },
    query: z.object({ size: z.string().optional(), deviceId: z.string().optional() }),
    handler: ({ query }) => forOne(query.deviceId),
  }),
  body: defineRoute({
    ...{ ...shared, role: 'DEVICE_R', method: 'POST', url: `${url}/search`, response },
    // Filled in as a whole it is refused, as a search with a filter that is none.
    body: z.object({
      odd: z.literal('a').or(z.null()).nullish(),
      filters: z.object({ deviceId: z.string().optional(), wrong: z.string().max(1).optional() }).nullish(),
    }),
    handler: ({ body }) => forOne(body.filters?.deviceId),
  }),
  write: defineRoute({
    ...{ ...shared, role: 'DEVICE_W', method: 'PUT', url: `${url}/things/:id`, params },
    body: z.object({ size: z.number().max(0) }),
    handler: () => undefined,
  }),
  operator: defineRoute({ ...shared, method: 'GET', url: `${url}/operator`, response, handler: () => ({}) }),
};

let bench: TestPlatform;
beforeAll(async () => {
  bench = await startTestPlatform({ extraRoutes: [Object.values(planted)] });
});
afterAll(() => bench.stop());

it('finds whatever way the data of another tenant are given away', async () => {
  const made = { id: device, name: 'alpha planted', description: 'alpha secret text' };
  await bench.call('POST', '/api/v1/deviceMgt/devices', made);
  const { body } = await bench.call('POST', '/bench/v1/tenants', { name: 'stranger' });
  const call = async (method: string, path: string, key: string, given?: unknown) => {
    const { status, body: answer } = await bench.call(method, path, given, key);
    return { status, text: JSON.stringify(answer ?? '') };
  };
  const urls = ['/api/v1/deviceMgt/devices', '/api/v1/deviceMgt/devices/:deviceId'];
  const sound = bench.platform.routes.filter((route) => urls.includes(route.url));
  const mine = await explore(sound, call, body.masterKey);
  const world = await explore(sound, call, bench.masterKey);
  const secrets = secretsOf(world, mine.texts, /alpha/i);
  const walk = (route: Route, fits: Fits = {}) =>
    walkAsStranger({
      fits,
      ...{ routes: [route], call, strangersKey: body.masterKey, good: world.good, secrets },
      owned: (name) => (/device/i.test(name) ? device : 'alpha planted'),
    });
  for (const name of ['list', 'path', 'query', 'body']) {
    const { problems } = await walk(planted[name] as Route);
    expect(problems.join('\n'), name).toContain('tells');
    expect(problems.join('\n'), name).toContain('alpha secret text');
  }
  const write = planted.write as Route;
  expect((await walk(write)).walked.size, 'the requests made of its schema are bad ones').toBe(0);
  const fitted = await walk(write, { [`PUT ${write.url}`]: { bodies: [{ size: 0 }] } });
  expect(fitted.walked.size).toBe(1);
  expect(fitted.problems.join('\n')).toContain('is not "there is no such thing"');
  const open = { ...(planted.operator as Route), role: 'operator' } as Route;
  expect((await walk(open)).problems).toEqual([`GET ${url}/operator: 200 is not refused`]);
  expect((await walk(planted.operator as Route)).problems).toEqual([]);
});
