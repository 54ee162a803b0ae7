import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import type { PlatformSettings } from '../core/settings.ts';
import {
  type Fleetbench,
  type FleetbenchOptions,
  PlatformError,
  startFleetbench,
  VirtualClock,
} from './index.ts';

const running: Fleetbench[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((bench) => bench.stop()));
});

async function start(options: FleetbenchOptions = {}): Promise<Fleetbench> {
  const bench = await startFleetbench(options);
  running.push(bench);
  return bench;
}

async function call(bench: Fleetbench, path: string, key = bench.masterKey ?? '', body?: unknown) {
  const answer = await fetch(`${bench.endpoints.http}${path}`, {
    headers: { 'X-API-KEY': key, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
}

function device(bench: Fleetbench, password: string, clientId = 'meter-1'): Promise<MqttClient> {
  const options = { username: 'json+device', password, clientId, reconnectPeriod: 0 };
  return connectAsync(bench.endpoints.mqtt ?? '', options);
}

async function routeToFifo(bench: Fleetbench, fifoName: string): Promise<void> {
  const policy = {
    name: 'all',
    triggers: { dataMessage: {} },
    actions: { fifoPublish: [{ fifoName }] },
  };
  expect((await call(bench, '/api/v1/event2action/actionPolicies', undefined, policy)).status).toBe(200);
}

describe('startFleetbench', () => {
  it('freezes and moves the time of the platform', async () => {
    const bench = await start();
    const frozen = await bench.clock.set({ mode: 'frozen', time: '2031-01-01T00:00:00.000Z' });
    expect(frozen).toMatchObject({ mode: 'frozen', speed: 0, time: '2031-01-01T00:00:00.000Z' });
    expect(await bench.clock.advance('P1DT1S')).toMatchObject({ time: '2031-01-02T00:00:01.000Z' });
    await expect(bench.clock.advance('a day')).rejects.toThrow(PlatformError);
    await bench.reset();
    expect(bench.clock.now()).toMatchObject({ mode: 'real', speed: 1 });
  });

  it('gives endpoints and keys that real clients can use', async () => {
    const bench = await start();
    expect(Object.keys(bench.endpoints).sort()).toEqual([
      'bs',
      'coaps',
      'http',
      'lora',
      'mqtt',
      'smpp',
      'ws',
    ]);
    expect(bench.caCertificatePem).toBeUndefined();
    const client = await device(bench, await bench.createKey(['DEVICE_ACCESS']));
    await client.publishAsync('dev/data', '{"s":"here","v":{"t":1}}', { qos: 1 });
    const reader = await bench.createKey(['DATA_R']);
    const { body } = await call(bench, '/api/v0/data/streams/here', reader);
    expect(body).toMatchObject([{ streamId: 'here', value: { t: 1 } }]);
    await client.endAsync();
  });

  it('gives keys that may do what they were made for and no more', async () => {
    const bench = await start();
    const reader = await bench.createKey(['DATA_R']);
    expect((await call(bench, '/api/v0/data/streams/x', reader)).status).toBe(200);
    expect((await call(bench, '/api/v1/deviceMgt/devices', reader)).status).toBe(403);
  });

  it('takes the master key it is given', async () => {
    const masterKey = 'a'.repeat(32);
    const bench = await start({ masterKey });
    expect(bench.masterKey).toBe(masterKey);
    expect((await call(bench, '/api/v0/whoami', masterKey)).status).toBe(200);
  });

  it('listens with TLS when asked, with a certificate that its authority signed', async () => {
    // The certificate holds now, although this platform lives in another year.
    const bench = await start({ tls: true, clock: new VirtualClock() });
    const client = await connectAsync(bench.endpoints.mqtts ?? '', {
      username: 'json+device',
      password: bench.masterKey ?? '',
      clientId: 'safe',
      ca: bench.caCertificatePem ?? '',
      reconnectPeriod: 0,
    });
    await client.publishAsync('dev/data', '{"v":{}}', { qos: 1 });
    await client.endAsync();
    expect(bench.endpoints.https).toMatch(/^https:/);
  });

  it('listens only where it is told to', async () => {
    const bench = await start({ ports: { http: undefined } });
    expect(Object.keys(bench.endpoints)).toEqual(['mqtt', 'coaps', 'bs', 'lora', 'smpp']);
  });

  it('refuses options that cannot be meant, with a text for people', async () => {
    await expect(startFleetbench({ host: '' })).rejects.toThrow(/host "" is no address/);
    await expect(startFleetbench({ ports: { mqtt: 99_999 } })).rejects.toThrow(PlatformError);
    await expect(startFleetbench({ masterKey: 'short' })).rejects.toThrow(PlatformError);
    await expect(startFleetbench({ settings: { mqttSendWindow: 0 } })).rejects.toThrow(/mqttSendWindow/);
    await expect(startFleetbench({ settings: { mqttSendWindow: 65_536 } })).rejects.toThrow('65535 at most');
    await expect(startFleetbench({ settings: { traceCapacity: 2e9 } })).rejects.toThrow('1000000 at most');
    const unknown = { nope: 1 } as Partial<PlatformSettings>;
    await expect(startFleetbench({ settings: unknown })).rejects.toThrow('No setting has the name "nope"');
    await expect(startFleetbench({ dataDir: '' })).rejects.toThrow('dataDir is empty');
  });
});

describe('instances beside each other', () => {
  it('share neither keys nor devices nor data', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    expect(one.endpoints.mqtt).not.toBe(two.endpoints.mqtt);
    expect(one.masterKey).not.toBe(two.masterKey);
    const client = await device(one, one.masterKey ?? '');
    await client.publishAsync('dev/data', '{"s":"mine","v":{}}', { qos: 1 });
    await client.endAsync();
    expect((await call(two, '/api/v0/whoami', one.masterKey)).status).toBe(403);
    expect((await call(two, '/api/v1/deviceMgt/devices')).body).toEqual([]);
    expect((await call(two, '/api/v0/data/streams/mine')).body).toEqual([]);
    expect((await call(one, '/api/v0/data/streams/mine')).body).toHaveLength(1);
  });

  it('go on when the other stops', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    await one.stop();
    expect((await call(two, '/api/v0/whoami')).status).toBe(200);
  });
});

describe('reset', () => {
  it('empties everything, and keeps keys and ports', async () => {
    const bench = await start();
    const before = { ...bench.endpoints };
    const key = await bench.createKey(['DEVICE_ACCESS']);
    await routeToFifo(bench, 'inbox');
    const client = await device(bench, key);
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
    await client.publishAsync('dev/data', '{"s":"old","v":{}}', { qos: 1 });
    await call(bench, '/api/v1/deviceMgt/groups', undefined, { pathNode: 'hall', parentId: 'root' });

    await bench.reset();
    await closed;

    expect(bench.endpoints).toEqual(before);
    for (const path of [
      '/api/v1/deviceMgt/devices',
      '/api/v0/data/streams/old',
      '/api/v1/event2action/fifos',
      '/api/v1/event2action/actionPolicies',
      '/bench/v1/traces',
    ]) {
      expect((await call(bench, path)).body, path).toEqual([]);
    }
    expect((await call(bench, '/api/v1/deviceMgt/groups')).body).toHaveLength(1);

    const again = await device(bench, key);
    await again.publishAsync('dev/data', '{"s":"new","v":{}}', { qos: 1 });
    await again.endAsync();
    expect((await call(bench, '/api/v0/data/streams/new')).body).toHaveLength(1);
  });
});

describe('stop', () => {
  it('frees the ports, and a second call joins the first', async () => {
    const bench = await start();
    const ports = [bench.endpoints.http, bench.endpoints.mqtt].map((url) => Number(new URL(url ?? '').port));
    await Promise.all([bench.stop(), bench.stop()]);
    await bench.stop();
    for (const port of ports) {
      const socket = connect(port, '127.0.0.1');
      const [error] = await once(socket, 'error');
      expect(error).toMatchObject({ code: 'ECONNREFUSED' });
    }
  });

  it('leaves no timer, even with clients connected', async () => {
    const clock = new VirtualClock();
    const wireClock = new VirtualClock();
    const bench = await start({ clock, wireClock });
    const client = await device(bench, bench.masterKey ?? '');
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
    expect(clock.pendingTimers().length).toBeGreaterThan(0);
    await bench.stop();
    await closed;
    expect(clock.pendingTimers()).toEqual([]);
    expect(wireClock.pendingTimers()).toEqual([]);
  });

  it('leaves nothing behind when a start fails', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fleetbench-library-'));
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await expect(startFleetbench({ dataDir: folder, ports: { mqtt: port } })).rejects.toMatchObject({
      code: 'platform.listen',
    });
    server.close();
    expect(await readdir(folder)).not.toContain('fleetbench.lock');
    const bench = await start({ dataDir: folder });
    expect(bench.masterKey).toMatch(/^[0-9a-f]{32}$/);
    await bench.stop();
    await rm(folder, { recursive: true });
  });
});

describe('a clock of the user', () => {
  it('expires a message in a FIFO when time is moved on', async () => {
    const clock = new VirtualClock();
    const bench = await start({ clock, settings: { fifoTtlMs: 60_000 } });
    await routeToFifo(bench, 'inbox');
    const client = await device(bench, bench.masterKey ?? '');
    await client.publishAsync('dev/data', '{"v":{}}', { qos: 1 });
    await client.endAsync();
    const waiting = async (): Promise<number> => {
      const { body } = await call(bench, '/api/v1/event2action/fifos/inbox?withStatus=true');
      return body.status.messages;
    };
    clock.advance(59_000);
    expect(await waiting()).toBe(1);
    clock.advance(2_000);
    expect(await waiting()).toBe(0);
  });
});
