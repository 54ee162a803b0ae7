import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { LiveEvent } from '../../contract/live.ts';
import { mqttBench } from '../../testing/mqtt-bench.ts';
import { RawMqttClient } from '../../testing/raw-mqtt-client.ts';
import { until } from '../../testing/until.ts';

const deviceId = 'urn:lo:nsid:sensor:temp001';
const path = `/api/v1/deviceMgt/devices/${deviceId}/config`;

describe('configuration of MQTT devices (manual 6.5.6)', () => {
  const bench = mqttBench();
  const connect = (clientId = deviceId) => bench.connect(clientId);
  const report = (client: RawMqttClient, body: unknown) =>
    client.publishAndWait('dev/cfg', typeof body === 'string' ? body : JSON.stringify(body));
  const request = async (parameters: object, more: object = {}) => {
    const answer = await bench.call('POST', path, { parameters, ...more });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return answer.body;
  };
  const parameters = async () => (await bench.call('GET', `${path}/parameters`)).body;
  const statusOf = async (key: string) => (await parameters())[key]?.syncStatus;
  const next = (
    client: RawMqttClient,
  ): Promise<{ cfg: Record<string, { t: string; v: unknown }>; cid: number }> =>
    bench.next(client, 'dev/cfg/upd');
  const { audit } = bench;

  it('keeps what a device reports: the example of the manual', async () => {
    const client = await connect();
    await report(client, {
      cfg: {
        log_level: { t: 'str', v: 'DEBUG' },
        secret_key: { t: 'bin', v: 'Nzg3ODY4Ng==' },
        conn_freq: { t: 'i32', v: 80000 },
      },
    });
    const timestamp = new Date(bench.clock.now()).toISOString();
    expect(await parameters()).toEqual({
      log_level: { reported: { type: 'STRING', value: 'DEBUG', timestamp }, syncStatus: 'NONE' },
      secret_key: { reported: { type: 'BINARY', value: 'Nzg3ODY4Ng==', timestamp }, syncStatus: 'NONE' },
      conn_freq: { reported: { type: 'INT32', value: 80000, timestamp }, syncStatus: 'NONE' },
    });
  });

  it('goes again, at once, over the connection that takes the place of the one it went over', async () => {
    const first = await connect();
    await first.subscribe('dev/cfg/upd');
    await request({ connPeriod: { type: 'INT32', value: 80000 } });
    const { cid } = await next(first);
    const second = await connect();
    await first.closed();
    expect(await statusOf('connPeriod')).toBe('PENDING');
    await second.subscribe('dev/cfg/upd');
    const again = await next(second);
    expect(again.cfg).toEqual({ connPeriod: { t: 'i32', v: 80000 } });
    expect(again.cid).not.toBe(cid);
    await report(second, again);
    expect(await statusOf('connPeriod')).toBe('OK');
  });

  it('exchanges an update and its answer, also the example with bin that is no Base64', async () => {
    const client = await connect();
    await client.subscribe('dev/cfg/upd');
    await request({
      logLevel: { type: 'STRING', value: 'DEBUG' },
      connPeriod: { type: 'INT32', value: 80000 },
    });
    const { cfg, cid } = await next(client);
    expect(cfg).toEqual({ logLevel: { t: 'str', v: 'DEBUG' }, connPeriod: { t: 'i32', v: 80000 } });
    expect(Number.isInteger(cid) && cid > 0 && cid < 2 ** 31).toBe(true);
    expect(await statusOf('logLevel')).toBe('SENT');
    await report(client, {
      cfg: { logLevel: { t: 'bin', v: 'DEBUG' }, connPeriod: { t: 'i32', v: 80000 } },
      cid,
    });
    // The device has another type than was asked for, so it has not the value.
    expect(await parameters()).toMatchObject({
      logLevel: { reported: { type: 'BINARY', value: 'DEBUG' }, syncStatus: 'FAILED' },
      connPeriod: { reported: { value: 80000 }, requested: { value: 80000 }, syncStatus: 'OK' },
    });
  });

  it.each([
    ['INT32', 'i32', -2_147_483_648],
    ['UINT32', 'u32', 4_294_967_295],
    ['STRING', 'str', 'Grüße "1"'],
    ['BINARY', 'bin', 'Nzg3ODY4Ng=='],
    ['FLOAT', 'f64', 3.2],
  ])('carries %s as %s both ways', async (type, t, value) => {
    const client = await connect();
    await client.subscribe('dev/cfg/upd');
    await request({ p: { type, value } });
    const { cfg, cid } = await next(client);
    expect(cfg).toEqual({ p: { t, v: value } });
    await report(client, { cfg, cid });
    expect(await parameters()).toMatchObject({ p: { reported: { type, value }, syncStatus: 'OK' } });
  });

  it('waits until the device has subscribed, which is a capability, and sends all in one', async () => {
    await request({ a: { type: 'INT32', value: 1 } });
    await request({ b: { type: 'FLOAT', value: 2.5 } });
    const client = await connect();
    await client.roundTrip();
    expect(await statusOf('a')).toBe('PENDING');
    await client.subscribe('dev/cfg/upd');
    expect((await next(client)).cfg).toEqual({ a: { t: 'i32', v: 1 }, b: { t: 'f64', v: 2.5 } });
    const { body } = await bench.call('GET', `/api/v1/deviceMgt/devices/${deviceId}?fields=interfaces`);
    expect(body.interfaces[0].capabilities.configuration).toEqual({ available: true, version: 1 });
  });

  it('compares what the device reports with what is asked for, and sends what differs', async () => {
    const client = await connect();
    await client.subscribe('dev/cfg/upd');
    await request({ a: { type: 'INT32', value: 1 }, b: { type: 'INT32', value: 2 } });
    const { cid, cfg } = await next(client);
    await report(client, { cfg, cid });
    await report(client, { cfg: { a: { t: 'i32', v: 1 }, b: { t: 'i32', v: 9 } } });
    expect((await next(client)).cfg).toEqual({ b: { t: 'i32', v: 2 } });
    expect(await statusOf('a')).toBe('OK');
    expect(await statusOf('b')).toBe('SENT');
  });

  it('sends nothing when the device has the value already', async () => {
    const client = await connect();
    await client.subscribe('dev/cfg/upd');
    await report(client, { cfg: { a: { t: 'i32', v: 1 } } });
    await request({ a: { type: 'INT32', value: 1 } });
    expect(await statusOf('a')).toBe('OK');
    await request({ b: { type: 'INT32', value: 2 } });
    expect((await next(client)).cfg).toEqual({ b: { t: 'i32', v: 2 } });
  });

  it('takes partial answers: the others go on waiting, and are sent again when they do not come', async () => {
    const client = await connect();
    await client.subscribe('dev/cfg/upd');
    await request({ a: { type: 'INT32', value: 1 }, b: { type: 'INT32', value: 2 } });
    const { cid } = await next(client);
    await report(client, { cfg: { a: { t: 'i32', v: 1 } }, cid });
    expect(await parameters()).toMatchObject({ a: { syncStatus: 'OK' }, b: { syncStatus: 'SENT' } });
    await report(client, { cfg: { b: { t: 'i32', v: 2 } }, cid: String(cid) });
    expect(await statusOf('b')).toBe('OK');
    await request({ a: { type: 'INT32', value: 5 }, b: { type: 'INT32', value: 6 } });
    const second = await next(client);
    await report(client, { cfg: { a: { t: 'i32', v: 5 } }, cid: second.cid });
    bench.clock.advance(60_000);
    expect((await next(client)).cfg).toEqual({ b: { t: 'i32', v: 6 } });
  });

  it('gives up on a device that is there and never answers', async () => {
    const client = await connect();
    await client.subscribe('dev/cfg/upd');
    await request({ a: { type: 'INT32', value: 1 } });
    for (let attempt = 1; attempt <= 3; attempt++) {
      await next(client);
      bench.clock.advance(60_000);
    }
    await until(async () => (await statusOf('a')) === 'FAILED');
    expect((await audit())[0]).toMatchObject({
      category: 'device_management',
      subcategory: 'configuration',
      description: 'Configuration was not answered',
      source: { deviceId, connector: 'mqtt' },
    });
  });

  it('sends again over the next connection what was not answered over this one', async () => {
    const first = await connect();
    await first.subscribe('dev/cfg/upd');
    await request({ a: { type: 'INT32', value: 1 } });
    const { cid } = await next(first);
    await first.drop();
    await until(async () => (await statusOf('a')) === 'PENDING');
    const second = await connect();
    // The answer to the first delivery may still come: the value tells.
    await report(second, { cfg: { a: { t: 'i32', v: 1 } }, cid });
    expect(await statusOf('a')).toBe('OK');
    await second.subscribe('dev/cfg/upd');
    await request({ b: { type: 'INT32', value: 2 } });
    expect((await next(second)).cfg).toEqual({ b: { t: 'i32', v: 2 } });
  });

  it('tells of answers to nothing and of repeated ones, and takes their values', async () => {
    const client = await connect();
    await client.subscribe('dev/cfg/upd');
    await report(client, { cfg: { a: { t: 'i32', v: 1 } }, cid: 907237823 });
    expect((await audit())[0]).toMatchObject({
      description: 'Answer to an unknown configuration request',
      content: { correlation: 907237823 },
    });
    expect((await parameters()).a.reported.value).toBe(1);
    await request({ b: { type: 'INT32', value: 2 } });
    const { cid, cfg } = await next(client);
    await report(client, { cfg, cid });
    await report(client, { cfg, cid });
    expect((await audit())[0]).toMatchObject({
      level: 'info',
      description: 'Answer that no configuration request waited for',
    });
  });

  it.each([
    ['no JSON', 'hello', /not JSON/],
    ['no cfg', '{"config":{}}', /cfg must be an object/],
    ['a list', '{"cfg":[]}', /cfg must be an object/],
    ['a cid that is none', '{"cfg":{},"cid":{}}', /cid must be the number/],
  ])('refuses a report with %s', async (_what, payload, reason) => {
    const client = await connect();
    await report(client, payload);
    const [message] = await audit();
    expect(message).toMatchObject({ level: 'error', description: 'Configuration refused' });
    expect(message.detailedDescription).toMatch(reason);
  });

  it.each([
    ['too large', { t: 'i32', v: 2 ** 31 }, /p: v must be a whole number from -2147483648/],
    ['negative', { t: 'u32', v: -1 }, /p: v must be a whole number from 0/],
    ['no number', { t: 'i32', v: '1' }, /p: v must be a whole number/],
    ['too long', { t: 'str', v: 'x'.repeat(2001) }, /p: v must have at most 2000 characters/],
    ['null', { t: 'f64', v: null }, /p: v must be a number/],
    ['of no type', { t: 'int', v: 1 }, /p: t must be one of i32, u32, str, bin, f64/],
    ['no object', 7, /p: must be an object/],
  ])('leaves out a parameter that is %s, and takes the others', async (_what, p, reason) => {
    const client = await connect();
    await report(client, { cfg: { p, good: { t: 'i32', v: 1 }, $x: { t: 'i32', v: 1 } } });
    const [message] = await audit();
    expect(message.description).toBe('Part of a configuration was refused');
    expect(message.detailedDescription).toMatch(reason);
    expect(message.detailedDescription).toMatch(/\$x: the key must not start with \$/);
    expect(Object.keys(await parameters())).toEqual(['good']);
  });

  it('takes as bin whatever clients send as one', async () => {
    const client = await connect();
    await report(client, { cfg: { a: { t: 'bin', v: true }, b: { t: 'bin', v: 11001 } }, cid: null });
    expect(await parameters()).toMatchObject({
      a: { reported: { value: true } },
      b: { reported: { value: 11001 } },
    });
  });

  it('holds 100 parameters of a device, and tells of those beyond', async () => {
    const client = await connect();
    const many = (from: number, count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`p${from + index}`, { t: 'i32', v: 1 }]),
      );
    await report(client, { cfg: many(0, 99) });
    await report(client, { cfg: many(98, 4) });
    expect(Object.keys(await parameters())).toHaveLength(100);
    expect((await audit())[0].detailedDescription).toMatch(/p100: a device has at most 100 parameters/);
    expect(
      await bench.call('POST', path, { parameters: { more: { type: 'INT32', value: 1 } } }),
    ).toMatchObject({
      status: 400,
      body: { details: expect.stringContaining('would have 101 parameters; the most is 100') },
    });
  });

  it('cancels: what waits is not sent, what was sent only by force, and its answer changes nothing', async () => {
    await request({ a: { type: 'INT32', value: 1 }, b: { type: 'INT32', value: 2 } });
    const cancel = (key: string, force = false) =>
      bench.call('PUT', `${path}/parameters/${key}/status?force=${force}`, 'CANCELED');
    expect(await cancel('a')).toEqual({ status: 200, body: { content: 'CANCELED' } });
    const client = await connect();
    await client.subscribe('dev/cfg/upd');
    const { cfg, cid } = await next(client);
    expect(cfg).toEqual({ b: { t: 'i32', v: 2 } });
    expect(await cancel('b')).toMatchObject({
      status: 409,
      body: {
        code: 'DM_DEVICE_CONFIG_PARAM_INVALID_STATUS',
        details: 'Its status is SENT; with force=true it can be canceled though it was sent.',
      },
    });
    expect((await cancel('b', true)).status).toBe(200);
    await report(client, { cfg, cid });
    expect((await parameters()).b).toMatchObject({ reported: { value: 2 }, syncStatus: 'CANCELED' });
    expect((await cancel('none')).status).toBe(404);
  });

  it('tells the FIFO of notifyTo, and the live socket, of each change', async () => {
    await bench.call('POST', '/api/v0/topics/fifo', { name: 'configUpdateFifo' });
    const socket = new WebSocket(`${bench.platform.endpoints().http?.replace('http', 'ws')}/live`);
    const live: Extract<LiveEvent, { channel: 'configuration' }>[] = [];
    const welcomed = new Promise((resolve) => {
      socket.on('message', (data) => {
        const text = JSON.parse(String(data));
        if (text.type === 'welcome') resolve(text);
        else live.push(...text.events);
      });
    });
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send(JSON.stringify({ key: bench.masterKey, channels: ['configuration'], deviceId }));
    await welcomed;
    const client = await connect();
    await client.subscribe('dev/cfg/upd');
    await request({ a: { type: 'INT32', value: 1 } }, { notifyTo: 'fifo/configUpdateFifo' });
    const { cfg, cid } = await next(client);
    await report(client, { cfg, cid });
    const application = await RawMqttClient.connect(bench.mqttPort, {
      clientId: 'app',
      username: 'application',
      password: bench.masterKey,
    });
    await application.client.subscribe('fifo/configUpdateFifo');
    for (const syncStatus of ['PENDING', 'SENT', 'OK']) {
      const packet = await application.client.next('publish');
      expect(JSON.parse(String(packet.payload))).toMatchObject({
        type: 'configurationStatus',
        deviceId,
        parameters: { a: { syncStatus, requested: { type: 'INT32', value: 1 } } },
      });
      application.client.send({ cmd: 'puback', messageId: packet.messageId ?? 0 });
    }
    bench.wireClock.advance(100);
    await until(() => live.length === 3);
    expect(live.map((event) => event.parameters.a?.syncStatus)).toEqual(['PENDING', 'SENT', 'OK']);
    socket.close();
  });

  it('says that the FIFO of notifyTo is not there', async () => {
    await request({ a: { type: 'INT32', value: 1 } }, { notifyTo: 'fifo/nobody' });
    expect((await audit())[0]).toMatchObject({
      description: 'Change of a configuration was not told',
      source: { deviceId },
    });
  });

  it('makes a device that is not there, which the client then is', async () => {
    const id = 'urn:lo:nsid:mqtt:plain';
    const url = `/api/v1/deviceMgt/devices/${id}/config`;
    expect((await bench.call('GET', url)).status).toBe(404);
    expect((await bench.call('POST', url, { parameters: { a: { type: 'INT32', value: 1 } } })).status).toBe(
      200,
    );
    expect((await bench.call('GET', `/api/v1/deviceMgt/devices/${id}`)).status).toBe(200);
    const client = await connect('plain');
    await client.subscribe('dev/cfg/upd');
    expect((await next(client)).cfg).toEqual({ a: { t: 'i32', v: 1 } });
  });

  it('follows a device that gets another id, and goes with one that is deleted', async () => {
    const client = await connect();
    await client.subscribe('dev/cfg/upd');
    await request({ a: { type: 'INT32', value: 1 } });
    const { cfg, cid } = await next(client);
    const id = 'urn:lo:nsid:sensor:renamed';
    expect((await bench.call('PATCH', `/api/v1/deviceMgt/devices/${deviceId}`, { id })).status).toBe(200);
    await report(client, { cfg, cid });
    const renamed = `/api/v1/deviceMgt/devices/${id}`;
    expect((await bench.call('GET', `${renamed}/config/parameters/a`)).body.syncStatus).toBe('OK');
    await bench.call('DELETE', renamed);
    await bench.call('POST', '/api/v1/deviceMgt/devices', { id });
    expect((await bench.call('GET', `${renamed}/config`)).body).toEqual({ parameters: {} });
  });
});
