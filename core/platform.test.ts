import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PlatformError } from './contract/errors.ts';
import { MemoryFiles } from './platform/memory-files.ts';
import { createPlatform } from './platform.ts';
import { RawMqttClient } from './testing/raw-mqtt-client.ts';
import { startTestPlatform, type TestPlatform } from './testing/test-platform.ts';
import { until } from './testing/until.ts';

describe('Platform', () => {
  let dataDir: string;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'fleetbench-platform-'));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  const policy = {
    triggers: { dataMessage: {} },
    actions: { fifoPublish: [{ fifoName: 'kept' }] },
  };

  it('finds everything again after a restart', async () => {
    const first = await startTestPlatform({ dataDir });
    await first.call('PUT', '/api/v1/event2action/actionPolicies/p', policy);
    await first.call('POST', '/api/v0/topics/fifo', { name: 'declared', messageTtl: 60 });
    const deviceKey = await first.key(['DEVICE_ACCESS']);
    const credentials = { clientId: 'dev', username: 'json+device', password: deviceKey };
    const { client } = await RawMqttClient.connect(first.mqttPort, credentials);
    await client.publishAndWait('dev/data', '{"v":{"n":1}}');
    await client.publishAndWait('dev/nowhere', '{}');
    await first.stop();

    const second = await startTestPlatform({ dataDir });
    const get = async (path: string) => (await second.call('GET', path)).body;
    expect(await get('/api/v0/data/streams/urn:lo:nsid:mqtt:dev')).toHaveLength(1);
    expect((await get('/api/v1/deviceMgt/devices/urn:lo:nsid:mqtt:dev')).interfaces[0].status).toBe(
      'OFFLINE',
    );
    expect((await get('/api/v0/auditlog/messages'))[0].description).toBe('Data message refused');
    expect(await get('/api/v0/topics/fifo/declared')).toMatchObject({ messageTtl: 60 });
    const app = await RawMqttClient.connect(second.mqttPort, {
      username: 'application',
      password: second.masterKey,
    });
    await app.client.subscribe('fifo/kept');
    const { payload, messageId } = await app.client.next('publish');
    expect(JSON.parse(payload.toString()).value).toEqual({ n: 1 });
    app.client.send({ cmd: 'puback', messageId: messageId ?? 0 });
    await app.client.roundTrip();
    const again = await RawMqttClient.connect(second.mqttPort, credentials);
    await again.client.publishAndWait('dev/data', '{"v":{"n":2}}');
    expect(JSON.parse((await app.client.next('publish')).payload.toString()).value).toEqual({ n: 2 });
    await second.stop();

    const third = await startTestPlatform({ dataDir });
    // The first was acknowledged and is gone; the second was not.
    const { body } = await third.call('GET', '/api/v1/event2action/fifos/kept?withStatus=true');
    expect(body.status.messages).toBe(1);
    expect((await third.call('GET', '/api/v0/data/streams/urn:lo:nsid:mqtt:dev')).body).toHaveLength(2);
    await third.stop();
  });

  it('leaves no timer behind', async () => {
    const bench = await startTestPlatform();
    expect(bench.clock.pendingTimers()).not.toEqual([]);
    await bench.stop();
    expect([...bench.clock.pendingTimers(), ...bench.wireClock.pendingTimers()]).toEqual([]);
  });

  it('empties everything but the keys on reset, and goes on', async () => {
    const bench = await startTestPlatform();
    await bench.call('PUT', '/api/v1/event2action/actionPolicies/p', policy);
    await bench.call('POST', '/api/v1/deviceMgt/groups', { pathNode: 'lab' });
    const password = await bench.key(['DEVICE_ACCESS']);
    const credentials = { clientId: 'dev', username: 'json+device', password };
    const { client } = await RawMqttClient.connect(bench.mqttPort, credentials);
    await client.publishAndWait('dev/data', '{"v":{}}');
    expect((await bench.call('POST', '/bench/v1/reset')).status).toBe(204);
    await client.closed();
    for (const path of [
      '/api/v1/deviceMgt/devices',
      '/api/v1/event2action/actionPolicies',
      '/api/v1/event2action/fifos',
      '/api/v0/auditlog/messages',
      '/api/v0/data/streams/urn:lo:nsid:mqtt:dev',
      '/bench/v1/traces',
    ]) {
      expect([path, (await bench.call('GET', path)).body]).toEqual([path, []]);
    }
    const groups = (await bench.call('GET', '/api/v1/deviceMgt/groups')).body;
    expect(groups.map(({ path }: any) => path)).toEqual(['/']);
    const { code } = await RawMqttClient.connect(bench.mqttPort, credentials);
    expect(code).toBe(0);
    await bench.stop();
  });

  it('leaves nothing open, and no key that nobody saw, when a port is taken', async () => {
    const other = await startTestPlatform();
    const ports = { http: 0, https: undefined, mqtt: other.mqttPort, mqtts: undefined };
    await expect(startTestPlatform({ dataDir, ports })).rejects.toThrow(/Port \d+ on 127.0.0.1 is in use/);
    expect((await readdir(dataDir)).filter((name) => name.includes('lock'))).toEqual([]);
    await other.stop();
    const free = await startTestPlatform({ dataDir, ports });
    await free.stop();
  });

  it('refuses a second platform on the same data', async () => {
    const first = await startTestPlatform({ dataDir });
    await expect(startTestPlatform({ dataDir })).rejects.toThrow(PlatformError);
    await first.stop();
  });

  it('refuses a setting that makes no sense', () => {
    const options = { settings: { fifoMaxBytes: 0 } } as Parameters<typeof createPlatform>[0];
    expect(() => createPlatform(options)).toThrow('Setting fifoMaxBytes must be a number above 0, got 0.');
  });

  it('tells its health and its endpoints without a key', async () => {
    const bench = await startTestPlatform();
    const { http } = bench.platform.endpoints();
    const health = await (await fetch(`${http}/bench/v1/health`)).json();
    expect(health).toMatchObject({
      status: 'ok',
      store: { state: 'open', failure: null },
      mqtt: { connections: 0 },
      settings: { resourceMaxFileBytes: 10 * 1024 * 1024, connectorPlainOnLoopback: false },
    });
    expect(await (await fetch(`${http}/bench/v1/endpoints`)).json()).toEqual(bench.platform.endpoints());
    await bench.stop();
  });

  it('knows after a kill that a device had been online', async () => {
    const files = new MemoryFiles();
    const processes = (pid: number) => ({
      current: { pid, startMark: '' },
      isRunning: async (other: { pid: number }) => other.pid === pid,
    });
    const first = await startTestPlatform({ dataDir: '/data', seams: { files, processes: processes(1) } });
    const credentials = { clientId: 'dev', username: 'json+device', password: first.masterKey };
    expect((await RawMqttClient.connect(first.mqttPort, credentials)).code).toBe(0);
    const killed = { files: files.afterKill(), processes: processes(2) };
    const second = await startTestPlatform({ dataDir: '/data', seams: killed });
    const { body } = await second.call('GET', '/api/v1/deviceMgt/devices/urn:lo:nsid:mqtt:dev');
    expect(body.interfaces[0]).toMatchObject({
      status: 'OFFLINE',
      activity: { mqttUsername: 'json+device' },
    });
    await Promise.all([first.stop(), second.stop()]);
  });

  it('gives the certificate that its TLS clients need', async () => {
    const bench = await startTestPlatform({
      ports: { http: 0, https: undefined, mqtt: undefined, mqtts: 0 },
    });
    const answer = await fetch(`${bench.platform.endpoints().http}/bench/v1/ca.pem`);
    expect(await answer.text()).toBe(bench.platform.caCertificatePem);
    await bench.stop();
    const plain = await startTestPlatform();
    expect((await plain.call('GET', '/bench/v1/ca.pem')).status).toBe(404);
    await plain.stop();
  });

  it('says so when the database is full, and a reset helps', async () => {
    const bench = await startTestPlatform({ settings: { databaseLimitBytes: 400_000 } });
    const stream = '/api/v0/data/streams/s';
    const send = async () => {
      const sent = await bench.call('POST', stream, { value: { text: 'x'.repeat(20_000) } });
      // A read is answered behind all writes; what still waits to be written would count as full only for now.
      await bench.call('GET', `${stream}?limit=1`);
      return sent;
    };
    let answer = await send();
    while (answer.status < 300) answer = await send();
    expect(answer.status).toBe(507);
    expect(answer.body.message).toContain('databaseLimitBytes');
    expect(bench.platform.health()).toMatchObject({ status: 'degraded', store: { state: 'full' } });
    await bench.platform.reset();
    expect(bench.platform.health()).toMatchObject({ status: 'ok', store: { state: 'open', failure: null } });
    expect((await send()).status).toBeLessThan(300);
    await bench.stop();
  });

  it('keeps data messages within their size, without waiting for a timer', async () => {
    const bench = await startTestPlatform({ settings: { dataMaxBytes: 100_000 } });
    for (let n = 0; n < 40; n++) {
      await bench.call('POST', '/api/v0/data/streams/s', { value: { n, text: 'x'.repeat(10_000) } });
    }
    const stored = async () => (await bench.call('GET', '/api/v0/data/streams/s?limit=1000')).body;
    await until(async () => JSON.stringify(await stored()).length < 120_000);
    expect((await stored())[0].value.n).toBe(39);
    await bench.platform.retention.sweep();
    expect(JSON.stringify(await stored()).length).toBeLessThanOrEqual(100_000);
    await bench.stop();
  });

  it('keeps in a FIFO what is deleted as data, over a restart too', async () => {
    const files = new MemoryFiles();
    const start = () =>
      startTestPlatform({ dataDir: '/data', seams: { files }, settings: { dataMaxMessages: 2 } });
    const texts = async (bench: TestPlatform) =>
      (await bench.call('GET', '/bench/v1/fifos/q/messages')).body.map(({ body }: any) => body);
    let bench = await start();
    await bench.call('POST', '/api/v1/event2action/actionPolicies', {
      name: 'all',
      triggers: { dataMessage: {} },
      actions: { fifoPublish: [{ fifoName: 'q' }] },
    });
    const list = Array.from({ length: 5 }, (_, n) => ({ streamId: 's', value: { n, text: 'Grüße' } }));
    await bench.call('POST', '/api/v0/data/bulk', list);
    const [newest] = (await bench.call('GET', '/api/v0/data/streams/s')).body;
    const before = await texts(bench);
    expect(before[4]).toBe(JSON.stringify({ type: 'dataMessage', ...newest }));
    await bench.platform.retention.sweep();
    expect((await bench.call('GET', '/api/v0/data/streams/s')).body).toHaveLength(2);
    expect(await texts(bench)).toEqual(before);
    const rows = 'SELECT body IS NULL AS points FROM fifo_entries ORDER BY seq';
    const points = await bench.platform.store.query<{ points: number }>({ sql: rows, parameters: [] });
    expect(points.map((row) => row.points)).toEqual([0, 0, 0, 1, 1]);
    await bench.stop();
    bench = await start();
    expect(await texts(bench)).toEqual(before);
    const bytes = before.reduce((sum: number, text: string) => sum + Buffer.byteLength(text), 0);
    expect((await bench.call('GET', '/api/v0/topics/fifo/q')).body).toMatchObject({
      messages: 5,
      messageBytes: bytes,
    });
    await bench.stop();
  });

  it('keeps data messages within their number and age', async () => {
    const settings = { dataMaxMessages: 10, dataMaxAgeMs: 60_000 };
    const bench = await startTestPlatform({ settings });
    const read = async () =>
      (await bench.call('GET', '/api/v0/data/streams/s')).body.map(({ value }: any) => value.n);
    const list = Array.from({ length: 15 }, (_, n) => ({ streamId: 's', value: { n } }));
    await bench.call('POST', '/api/v0/data/bulk', list);
    await bench.platform.retention.sweep();
    expect(await read()).toEqual([14, 13, 12, 11, 10, 9, 8, 7, 6, 5]);
    bench.clock.advance(59_000);
    await bench.call('POST', '/api/v0/data/streams/s', { value: { n: 99 } });
    bench.clock.advance(2000);
    await bench.platform.retention.sweep();
    expect(await read()).toEqual([99]);
    await bench.call('POST', '/api/v0/data/streams/other', { value: { n: 1 } });
    bench.clock.advance(61_000);
    await bench.platform.retention.sweep();
    // Names of streams go with their last message, so that made-up ones do not fill the memory.
    const pairs = { sql: 'SELECT id FROM series', parameters: [] };
    expect(await bench.platform.store.query(pairs)).toEqual([]);
    await bench.call('POST', '/api/v0/data/streams/s', { value: { n: 100 } });
    expect(await read()).toEqual([100]);
    await bench.stop();
  });
});
