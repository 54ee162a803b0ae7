import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Route } from '../core/api/route.ts';
import { liveChannels } from '../core/contract/live.ts';
import {
  bodiesOf,
  explore,
  leaks,
  secretsOf,
  type WalkCall,
  walkAsStranger,
} from '../core/testing/tenant-walk.ts';
import { until } from '../core/testing/until.ts';
import { TestBench } from './simulators/test-bench.ts';

const device = 'urn:lo:nsid:alpha:secret-device';
/** Signing oneself out ends the walk. */
const signingOut = '/api/v0/logout';
const ownersKey = '0123456789abcdef0123456789abcdef';
const test = new TestBench();
let routes: readonly Route[] = [];
let strangersKey = '';
let world: Awaited<ReturnType<typeof explore>>;
let secrets: string[] = [];

const call: WalkCall = async (method, path, key, body) => {
  const { http } = test.bench.platform.endpoints();
  const response = await fetch(`${http}${path}`, {
    method,
    headers: { 'X-API-KEY': key, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
};

async function make(path: string, body: unknown, method = 'POST'): Promise<any> {
  const { status, text } = await call(method, path, ownersKey, body);
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** One of each thing that the owner can have. What later routes add beside it is walked all the same. */
async function furnish(): Promise<void> {
  await make('/api/v1/deviceMgt/groups', { pathNode: 'alphaGroup' });
  const definition = { clientId: device };
  await make('/api/v1/deviceMgt/devices', {
    ...{ id: device, name: 'alpha name', description: 'alpha text', tags: ['alphaTag'] },
    ...{ properties: { alphaProperty: 'alpha value' }, group: { path: '/alphaGroup' } },
    interfaces: [{ connector: 'mqtt', enabled: true, definition }],
  });
  await make(`/api/v1/deviceMgt/devices/${device}/commands`, {
    request: { connector: 'mqtt', value: { req: 'alpha command' } },
  });
  await make(`/api/v1/deviceMgt/devices/${device}/config`, {
    parameters: { alphaParameter: { type: 'STRING', value: 'alpha configuration' } },
  });
  await make('/api/v0/topics/fifo', { name: 'alphaFifo' });
  await make('/api/v1/event2action/actionPolicies', {
    ...{ name: 'alpha policy', enabled: true, triggers: { dataMessage: { version: 1 } } },
    actions: { fifoPublish: [{ fifoName: 'alphaFifo' }] },
  });
  await make('/api/v0/apiKeys', { label: 'alpha key', roles: ['DATA_R'] });
  await make('/api/v0/users', { login: 'alpha-user', email: 'alpha@example.org', profile: 'USER' });
  await make('/api/v0/data/streams/alphaStream', { value: { alphaField: 'alpha reading' } });
  await test.create({ name: 'alpha fleet' });
}

beforeAll(async () => {
  await test.bench.start();
  routes = test.bench.platform.routes;
  const { body } = await test.call('POST', '/bench/v1/tenants', { name: 'stranger' });
  strangersKey = body.masterKey;
  await furnish();
  const mine = await explore(routes, call, strangersKey);
  world = await explore(routes, call, ownersKey);
  secrets = secretsOf(world, mine.texts, /alpha/i);
}, 120_000);
afterAll(() => test.bench.stop());

function owned(name: string): string {
  if (/queryString|filterQuery/i.test(name)) return 'name=="alpha name"';
  if (/device|^id$|source/i.test(name)) return device;
  if (/fifo/i.test(name)) return 'alphaFifo';
  if (/path/i.test(name)) return '/alphaGroup';
  const ids = secrets.filter((secret) => /^[0-9a-f]{24}$/.test(secret));
  if (/parent|Id$/i.test(name)) return ids[0] ?? device;
  return 'alpha name';
}

describe('a key of another tenant', () => {
  it('has something to be kept from', () => {
    for (const known of [device, 'alphaFifo', '/alphaGroup', 'alpha key', 'alpha-user', 'alpha fleet']) {
      expect(secrets).toContain(known);
    }
    const found = [...world.seen.keys()];
    for (const start of [
      '/api/v1/deviceMgt/devices/urn',
      '/api/v0/apiKeys/',
      '/api/v0/users/',
      '/bench/v1/simulators/',
    ]) {
      expect(
        found.some((path) => path.startsWith(start) && path.length > start.length),
        start,
      ).toBe(true);
    }
  });

  it('searches with what would find the owner’s devices', async () => {
    const search = routes.find(({ url }) => url.endsWith('/explorer/search'));
    if (!search) throw new Error('there is no search');
    for (const field of ['query', 'filters']) {
      const found: string[] = [];
      for (const body of bodiesOf(search, owned)) {
        if (!Object.keys(body as object).includes(field)) continue;
        found.push((await call('POST', search.url, ownersKey, body)).text);
      }
      expect(
        found.some((text) => text.includes(device)),
        field,
      ).toBe(true);
    }
  });

  it('gets nothing of it from any route, and changes nothing', { timeout: 300_000 }, async () => {
    const tried = routes.filter(({ role, url }) => role !== 'public' && url !== signingOut);
    const { problems, walked } = await walkAsStranger({
      ...{ routes: tried, call, strangersKey, good: world.good, secrets, owned },
    });
    expect(problems).toEqual([]);
    const missed = tried.filter((route) => !walked.has(route));
    expect(missed.map(({ method, url }) => `${method} ${url}`)).toEqual([]);
    const after = await explore(routes, call, ownersKey);
    const steady = (text: string | undefined): string =>
      (text ?? 'gone').replace(/"(lastActivity|lastLogin|uptimeMs)":\d+/g, '');
    for (const [path, text] of world.seen) {
      if (/metrics|traces|auditlog|\/activity$/.test(path)) continue;
      expect(steady(after.seen.get(path)), path).toBe(steady(text));
    }
  });
});

describe('over MQTT and the live socket, another tenant', () => {
  const clients: MqttClient[] = [];
  afterAll(async () => {
    for (const client of clients) await client.endAsync(true);
  });
  const connect = async (username: string, password: string, clientId: string): Promise<MqttClient> => {
    const { mqtt: address = '' } = test.bench.platform.endpoints();
    const client = await mqtt.connectAsync(address, { username, password, clientId, reconnectPeriod: 0 });
    clients.push(client);
    client.on('error', () => {});
    return client;
  };

  it('gets no message and no event in any mode, and takes over no device', { timeout: 60_000 }, async () => {
    const { platform } = test.bench;
    const topics = ['fifo/alphaFifo', '#', '+/#', 'fifo/#', 'dev/#', 'dev/cmd', 'dev/cfg/upd', 'dev/rsc/upd'];
    topics.push('connector/v1/#', 'router/~event/v1/data/new/#', '$share/a/fifo/alphaFifo');
    const own = await connect('json+device', ownersKey, device);
    const got: string[] = [];
    for (const username of platform.mqtt.modes.keys()) {
      const client = await connect(username, strangersKey, device);
      client.on('message', (topic, payload) => got.push(`${username} ${topic} ${payload}`));
      for (const topic of topics) await client.subscribeAsync(topic, { qos: 1 }).catch(() => {});
    }
    const live = new WebSocket(`${platform.endpoints().http?.replace('http', 'ws')}/live`);
    const events: string[] = [];
    live.on('message', (data) => events.push(String(data)));
    await new Promise((resolve) => live.once('open', resolve));
    live.send(JSON.stringify({ key: strangersKey, channels: liveChannels }));
    await until(() => events.some((text) => text.includes('welcome')));

    await own.publishAsync('dev/data', JSON.stringify({ value: { alphaField: 'over MQTT' } }), { qos: 1 });
    await make('/api/v0/topics/fifo/alphaFifo', { alpha: 'published' });
    await make('/api/v1/deviceMgt/devices', { id: 'urn:lo:nsid:alpha:second' });
    await own.publishAsync('dev/data', 'alpha refused', { qos: 1 });
    // The owner's consumer gets them, so they went where they belong; what a stranger would get came before.
    const consumer = await connect('application', ownersKey, 'alpha-app');
    const bodies: string[] = [];
    consumer.on('message', (_topic, payload) => bodies.push(String(payload)));
    await consumer.subscribeAsync('fifo/alphaFifo', { qos: 1 });
    await until(() => bodies.some((body) => body.includes('published')));
    await until(() => events.some((text) => text.includes('metrics')));
    expect(got).toEqual([]);
    for (const text of events) expect(leaks(text, device, secrets), text).toEqual([]);
    for (const text of events) expect(text).not.toMatch(/over MQTT|alpha refused|urn:lo:nsid:alpha:second/);
    expect(own.connected).toBe(true);
    live.close();
  });
});
