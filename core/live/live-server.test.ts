import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { LiveChannel, LiveEvent } from '../contract/live.ts';
import { RawMqttClient } from '../testing/raw-mqtt-client.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';

const allChannels: LiveChannel[] = [
  'messages',
  'refusals',
  'devices',
  'audit',
  'metrics',
  'fifos',
  'commands',
];

describe('the live socket', () => {
  let bench: TestPlatform;

  beforeAll(async () => {
    bench = await startTestPlatform();
  });
  afterAll(() => bench.stop());
  beforeEach(() => bench.platform.reset());

  const url = () => `${bench.platform.endpoints().http?.replace('http', 'ws')}/live`;

  class Viewer {
    readonly events: LiveEvent[] = [];
    skipped = 0;
    readonly socket: WebSocket;
    private wake: () => void = () => {};

    constructor(socket: WebSocket) {
      this.socket = socket;
      socket.on('message', (data) => {
        const batch = JSON.parse(String(data));
        if (batch.type !== 'batch') return;
        this.events.push(...batch.events);
        this.skipped += batch.skipped;
        this.wake();
      });
    }

    static async open(hello: object = {}): Promise<Viewer> {
      const socket = new WebSocket(url());
      await once(socket, 'open');
      socket.send(JSON.stringify({ key: bench.masterKey, channels: allChannels, ...hello }));
      const [welcome] = await once(socket, 'message');
      expect(JSON.parse(String(welcome))).toMatchObject({ type: 'welcome', tenantId: bench.tenantId });
      return new Viewer(socket);
    }

    /** The first event that fits, now or later; lets the wire's time go on. */
    async find(fits: (event: any) => boolean): Promise<any> {
      for (;;) {
        const found = this.events.find(fits);
        if (found) return found;
        const news = new Promise<void>((resolve) => {
          this.wake = resolve;
        });
        bench.wireClock.advance(100);
        await Promise.race([news, new Promise(setImmediate)]);
      }
    }
  }

  it('shows a message as it is stored, and the device that comes with it', async () => {
    const viewer = await Viewer.open();
    const credentials = { clientId: 'dev', username: 'json+device', password: bench.masterKey };
    const { client } = await RawMqttClient.connect(bench.mqttPort, credentials);
    await client.publishAndWait('dev/data', '{"v":{"n":1}}');
    const { id, body } = await viewer.find(({ channel }) => channel === 'messages');
    const [stored] = (await bench.call('GET', '/api/v0/data/streams/urn:lo:nsid:mqtt:dev')).body;
    expect([id, JSON.parse(body)]).toEqual([stored.id, stored]);
    const deviceId = 'urn:lo:nsid:mqtt:dev';
    const created = { channel: 'devices', kind: 'created', deviceId };
    expect(await viewer.find(({ kind }) => kind === 'created')).toMatchObject(created);
    const online = { kind: 'status', deviceId, connector: 'mqtt', nodeId: 'dev', status: 'ONLINE' };
    expect(await viewer.find(({ status }) => status === 'ONLINE')).toMatchObject(online);
    client.send({ cmd: 'disconnect' });
    await viewer.find(({ status }) => status === 'OFFLINE');
    viewer.socket.close();
  });

  it('shows what happens to a command, step by step', async () => {
    const viewer = await Viewer.open();
    const deviceId = 'urn:lo:nsid:mqtt:dev';
    const credentials = { clientId: 'dev', username: 'json+device', password: bench.masterKey };
    const { client } = await RawMqttClient.connect(bench.mqttPort, credentials);
    const request = { connector: 'mqtt', value: { req: 'go' } };
    const { body } = await bench.call('POST', `/api/v1/deviceMgt/devices/${deviceId}/commands`, { request });
    await client.subscribe('dev/cmd');
    const { payload, messageId } = await client.next('publish');
    client.send({ cmd: 'puback', messageId: messageId ?? 0 });
    await client.publishAndWait(
      'dev/cmd/res',
      JSON.stringify({ res: {}, cid: JSON.parse(`${payload}`).cid }),
    );
    await viewer.find(({ status }) => status === 'PROCESSED');
    const { body: command } = await bench.call('GET', `/api/v1/deviceMgt/commands/${body.id}`);
    const told = viewer.events.filter(({ channel }) => channel === 'commands');
    expect(told).toEqual(
      command.history.map((entry: object) => ({ channel: 'commands', id: body.id, deviceId, ...entry })),
    );
    viewer.socket.close();
  });

  it('ends with a reset, so that pages ask anew for what they show', async () => {
    const viewer = await Viewer.open();
    const closed = once(viewer.socket, 'close');
    await bench.platform.reset();
    expect((await closed).map(String)).toEqual(['1012', 'the platform was reset']);
  });

  it('shows refusals with their reason, the audit log, rates and FIFO depths', async () => {
    const viewer = await Viewer.open();
    const credentials = { clientId: 'dev', username: 'json+device', password: bench.masterKey };
    const { client } = await RawMqttClient.connect(bench.mqttPort, credentials);
    await client.publishAndWait('dev/data', 'no json');
    const refusal = await viewer.find(({ channel }) => channel === 'refusals');
    expect(refusal).toMatchObject({
      ...{ sender: 'dev', target: 'dev/data', simulated: false },
      deviceId: expect.stringContaining('dev'),
    });
    const { channel: _, ...kept } = refusal;
    expect((await bench.call('GET', '/bench/v1/refusals')).body).toEqual([kept]);
    expect(refusal.reason).toMatch(/not JSON/);
    expect((await bench.call('GET', `/bench/v1/traces/${refusal.traceId}`)).status).toBe(200);
    const audit = await viewer.find(({ channel }) => channel === 'audit');
    expect(audit.message.description).toBe('Data message refused');
    await bench.call('POST', '/api/v0/topics/fifo', { name: 'f' });
    await bench.call('POST', '/api/v0/topics/fifo/f', {});
    await viewer.find(({ channel, fifos }) => channel === 'fifos' && fifos[0]?.messages === 1);
    await bench.call('POST', '/api/v0/data/streams/s', { value: {} });
    await viewer.find(({ channel, point }) => channel === 'metrics' && point.stored.http === 1);
    const { body: points } = await bench.call('GET', '/bench/v1/metrics');
    expect(points.map(({ stored }: any) => stored.http ?? 0)).toContain(1);
    viewer.socket.close();
  });

  it('tells how many messages a viewer missed when there are more than anybody can read', async () => {
    const viewer = await Viewer.open({ channels: ['messages'] });
    const list = Array.from({ length: 500 }, (_, n) => ({ streamId: 's', value: { n } }));
    await bench.call('POST', '/api/v0/data/bulk', list);
    await viewer.find(({ channel }) => channel === 'messages');
    expect([viewer.events.length, viewer.skipped]).toEqual([200, 300]);
    viewer.socket.close();
  });

  it('limits a viewer to the channels and the device that it names', async () => {
    const viewer = await Viewer.open({ channels: ['messages'], deviceId: 'urn:lo:nsid:mqtt:b' });
    for (const clientId of ['a', 'b']) {
      const credentials = { clientId, username: 'json+device', password: bench.masterKey };
      const { client } = await RawMqttClient.connect(bench.mqttPort, credentials);
      await client.publishAndWait('dev/data', '{"v":{}}');
    }
    await viewer.find(() => true);
    expect(viewer.events.map((event: any) => JSON.parse(event.body).metadata.source)).toEqual([
      'urn:lo:nsid:mqtt:b',
    ]);
    viewer.socket.close();
  });

  it('shows nothing of another tenant', async () => {
    const { masterKey } = await bench.platform.accounts.createTenant('live other');
    const other = await Viewer.open({ channels: ['messages'] });
    await bench.call('POST', '/api/v0/data/streams/s', { value: { of: 'other' } }, masterKey);
    await bench.call('POST', '/api/v0/data/streams/s', { value: { of: 'own' } });
    const { body } = await other.find(() => true);
    expect([other.events.length, JSON.parse(body).value.of]).toEqual([1, 'own']);
    other.socket.close();
  });

  it.each([
    ['no JSON', 'hello', /first text must be a hello/],
    ['an unknown channel', { key: 'k', channels: ['everything'] }, /first text must be a hello/],
    ['an unknown key', { key: 'f'.repeat(32), channels: ['messages'] }, /not accepted \(unknown\)/],
    ['no key', { key: '', channels: ['messages'] }, /not accepted \(malformed\)/],
  ])('refuses %s', async (_name, hello, reason) => {
    const socket = new WebSocket(url());
    await once(socket, 'open');
    socket.send(typeof hello === 'string' ? hello : JSON.stringify(hello));
    const [code, text] = await once(socket, 'close');
    expect(code).toBe(4401);
    expect(String(text)).toMatch(reason);
  });

  it('leaves out a channel that the roles of the key do not cover, and says so', async () => {
    const key = await bench.key(['DATA_R']);
    const socket = new WebSocket(url());
    await once(socket, 'open');
    socket.send(JSON.stringify({ key, channels: ['messages', 'audit'] }));
    const [welcome] = await once(socket, 'message');
    expect(JSON.parse(String(welcome))).toMatchObject({ type: 'welcome', channels: ['messages'] });
    socket.close();
  });

  it('refuses a key that may see nothing of what it asks for', async () => {
    const key = await bench.key(['DATA_R']);
    const socket = new WebSocket(url());
    await once(socket, 'open');
    socket.send(JSON.stringify({ key, channels: ['devices', 'audit'] }));
    const [code, reason] = await once(socket, 'close');
    const text = 'the API key has no role for what was asked: DEVICE_R, LOGS_R';
    expect([code, String(reason)]).toEqual([4401, text]);
  });

  it('refuses a page of another origin', async () => {
    const socket = new WebSocket(url(), { origin: 'http://evil.example' });
    const [error] = await once(socket, 'error');
    expect(error.message).toBe('Unexpected server response: 403');
  });

  it('ends when no hello comes, and when the key is deleted', async () => {
    const silent = new WebSocket(url());
    await once(silent, 'open');
    // The server has taken the socket when a later one has been welcomed.
    const { body: key } = await bench.call('POST', '/api/v0/apiKeys', { label: 'x', roles: ['DATA_R'] });
    const viewer = await Viewer.open({ key: key.value, channels: ['messages'] });
    bench.wireClock.advance(11_000);
    expect((await once(silent, 'close'))[0]).toBe(4401);
    await bench.call('DELETE', `/api/v0/apiKeys/${key.id}`);
    expect((await once(viewer.socket, 'close'))[0]).toBe(4401);
  });

  describe('portal sessions', () => {
    const exchange = (code: string) => bench.call('POST', '/bench/v1/sessions', { code }, '');

    it('gives a session for a code, once', async () => {
      const code = bench.platform.sessions.createCode(bench.platform.masterGrant(bench.tenantId));
      const { status, body } = await exchange(code);
      expect([status, body.tenantId]).toEqual([200, bench.tenantId]);
      expect((await bench.call('GET', '/api/v1/deviceMgt/devices', undefined, body.key)).status).toBe(200);
      const viewer = await Viewer.open({ key: body.key });
      viewer.socket.close();
      expect((await exchange(code)).status).toBe(401);
      expect((await exchange('guess')).status).toBe(401);
    });

    it('allows no more than the key that made the code, and ends with it', async () => {
      const roles = ['SETTINGS_W', 'DATA_R'];
      const { body: key } = await bench.call('POST', '/api/v0/apiKeys', { label: 'x', roles });
      const { body: made } = await bench.call('POST', '/bench/v1/sessions/codes', undefined, key.value);
      const { body: session } = await exchange(made.code);
      const call = (path: string) => bench.call('GET', path, undefined, session.key);
      expect((await call('/bench/v1/metrics')).status).toBe(200);
      expect((await call('/api/v1/deviceMgt/devices')).status).toBe(403);
      await bench.call('DELETE', `/api/v0/apiKeys/${key.id}`);
      expect((await call('/bench/v1/metrics')).status).toBe(403);
    });
  });

  it('says so when there is no portal, and serves no file outside its folder', async () => {
    expect((await bench.call('GET', '/')).body.message).toBe('This build has no portal.');
    for (const path of ['/assets/..%2f..%2fpackage.json', '/assets/x%00.js']) {
      expect((await bench.call('GET', path)).status).toBe(400);
    }
  });
});
