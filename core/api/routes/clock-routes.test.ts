import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { RawMqttClient } from '../../testing/raw-mqtt-client.ts';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';
import { until } from '../../testing/until.ts';

const username = 'json+device';
const deviceId = 'urn:lo:nsid:sensor:timed';
const clock = '/bench/v1/clock';

describe('the platform’s clock over the API', () => {
  let bench: TestPlatform;
  let password: string;

  beforeAll(async () => {
    bench = await startTestPlatform();
    password = await bench.key(['DEVICE_ACCESS']);
  });
  afterAll(() => bench.stop());
  beforeEach(() => bench.platform.reset());

  const connect = async (): Promise<RawMqttClient> => {
    const options = { clientId: deviceId, username, password };
    const { client, code } = await RawMqttClient.connect(bench.mqttPort, options);
    expect(code).toBe(0);
    return client;
  };
  const command = async (policy: object = {}): Promise<string> => {
    const body = { request: { connector: 'mqtt', value: { req: 'go' } }, policy };
    const made = await bench.call('POST', `/api/v1/deviceMgt/devices/${deviceId}/commands`, body);
    expect(made.status).toBe(201);
    return made.body.id;
  };
  const get = async (id: string) => (await bench.call('GET', `/api/v1/deviceMgt/commands/${id}`)).body;
  const advance = (duration: string) => bench.call('POST', `${clock}/advance`, { duration });
  const set = (body: object) => bench.call('PUT', clock, body);
  const nowMs = async () => Date.parse((await bench.call('GET', clock)).body.time);

  it('is real at first, and again after a reset', async () => {
    const real = { mode: 'real', speed: 1 };
    const { status, body } = await bench.call('GET', clock);
    expect({ status, body }).toMatchObject({ status: 200, body: { ...real, time: body.realTime } });
    await advance('P1D');
    await bench.platform.reset();
    expect((await bench.call('GET', clock)).body).toEqual(body);
  });

  it('expires a command that waited seven days, to the second', async () => {
    await bench.call('POST', '/api/v1/deviceMgt/devices', {
      id: deviceId,
      interfaces: [{ connector: 'mqtt', definition: { clientId: deviceId } }],
    });
    const id = await command({ expirationInSeconds: 604_800 });
    const from = await nowMs();
    await advance('P6DT23H59M59S');
    expect(await get(id)).toMatchObject({ status: 'PENDING' });
    const { body } = await advance('PT1S');
    expect(body).toMatchObject({ mode: 'running', time: new Date(from + 604_800_000).toISOString() });
    expect(await get(id)).toMatchObject({ status: 'EXPIRED', updated: body.time });
  });

  it('times the attempts of a command out one after the other within one jump', async () => {
    const client = await connect();
    await client.subscribe('dev/cmd');
    await set({ mode: 'frozen' });
    const from = await nowMs();
    const id = await command({ attempts: 3, ackTimeoutInSeconds: 60 });
    await client.next('publish');
    await advance('PT1H');
    const { status, errorCode, history } = await get(id);
    expect({ status, errorCode }).toEqual({ status: 'ERROR', errorCode: 'ACK_TIMEOUT' });
    const failed = history.filter((entry: any) => entry.errorCode !== undefined);
    expect(failed.map(({ timestamp }: any) => Date.parse(timestamp) - from)).toEqual([
      60_000, 120_000, 180_000,
    ]);
    await client.drop();
  });

  describe('the window of a campaign', () => {
    const all = '/api/v0/deviceMgt/campaigns';
    let fromMs: number;
    const day = (days: number): string => new Date(fromMs + days * 86_400_000).toISOString();
    const plan = async (from: number, to: number): Promise<string> => {
      const request = { connector: 'mqtt', value: { req: 'go', arg: {} } };
      const { status, body } = await bench.call('POST', all, {
        name: 'next week',
        planning: { startDate: day(from), endDate: day(to) },
        targets: { idList: [deviceId] },
        operations: [{ action: 'command', version: 1, definition: { request } }],
      });
      expect([status, body.details]).toEqual([201, undefined]);
      return body.id;
    };
    const stateOf = async (id: string): Promise<string> =>
      (await bench.call('GET', `${all}/${id}`)).body.campaignStatus;
    const targetOf = async (id: string) => (await bench.call('GET', `${all}/${id}/targets`)).body.data[0];

    beforeEach(async () => {
      const interfaces = [{ connector: 'mqtt', definition: { clientId: deviceId } }];
      await bench.call('POST', '/api/v1/deviceMgt/devices', { id: deviceId, interfaces });
      await set({ mode: 'frozen' });
      fromMs = await nowMs();
    });

    it('has opened, and closed, when a jump to that moment is answered', async () => {
      const id = await plan(7, 10);
      expect(await stateOf(id)).toBe('SCHEDULED');
      await advance('P7D');
      expect([await stateOf(id), (await targetOf(id)).status]).toEqual(['RUNNING', 'pending']);
      await advance('P3D');
      expect([await stateOf(id), (await targetOf(id)).status]).toEqual(['INCOMPLETE', 'canceled']);
    });

    it('opens and closes at its moments within one jump, as another that follows it', async () => {
      const ids = [await plan(1, 2), await plan(2, 3)];
      await advance('P30D');
      const found = await Promise.all(ids.map(async (id) => [await stateOf(id), await targetOf(id)]));
      const canceled = (from: number, to: number) => [
        'INCOMPLETE',
        expect.objectContaining({
          status: 'canceled',
          operations: [expect.objectContaining({ started: day(from), ended: day(to) })],
        }),
      ];
      expect(found).toEqual([canceled(1, 2), canceled(2, 3)]);
    });

    it('has its command out to a device that is there when the jump is answered', async () => {
      const client = await connect();
      await client.subscribe('dev/cmd');
      const id = await plan(1, 2);
      await advance('P1DT1S');
      expect(await targetOf(id)).toMatchObject({ status: 'inProgress', operations: [{ started: day(1) }] });
      const { cid } = JSON.parse(String((await client.next('publish')).payload));
      await client.publishAndWait('dev/cmd/res', JSON.stringify({ res: {}, cid }));
      await until(async () => (await stateOf(id)) === 'COMPLETE');
      await client.drop();
    });
  });

  it('keeps connections over a jump of a month: keep-alive is of the wire', async () => {
    const client = await connect();
    await client.subscribe('dev/cmd');
    await advance('P1M');
    await set({ mode: 'running', speed: 10_000 });
    bench.wireClock.advance(5000);
    const id = await command();
    const { payload } = await client.next('publish');
    const { cid } = JSON.parse(String(payload));
    await client.publishAndWait('dev/cmd/res', JSON.stringify({ res: {}, cid }));
    expect(await get(id)).toMatchObject({ status: 'PROCESSED' });
    await client.drop();
  });

  it('keeps who is signed in over a jump, while a key that ends by then has ended', async () => {
    const made = await bench.call('POST', '/api/v0/users', {
      ...{ login: `jumper${Date.now()}`, email: 'jumper@example.org', profile: 'ADMIN' },
    });
    const { login, password: secret } = made.body;
    const session = await bench.call('POST', '/api/v0/auth', { login, password: secret });
    const key = session.body.apiKey?.value ?? session.body.value;
    const to = (await nowMs()) + 86_400_000;
    const ending = await bench.call('POST', '/api/v0/apiKeys', { label: 'ends', roles: ['DEVICE_R'], to });
    const who = async (value: string) => (await bench.call('GET', '/api/v0/whoami', undefined, value)).status;
    expect([await who(key), await who(ending.body.value)]).toEqual([200, 200]);
    await advance('P30D');
    expect([await who(key), await who(ending.body.value)]).toEqual([200, 401]);
  });

  it('goes back to the real time, and leaves what is stored and what waits as it is', async () => {
    await advance('P7D');
    const then = await nowMs();
    await bench.call('POST', '/api/v1/deviceMgt/devices', {
      id: deviceId,
      interfaces: [{ connector: 'mqtt', definition: { clientId: deviceId } }],
    });
    const id = await command({ expirationInSeconds: 60 });
    const { body } = await set({ mode: 'real' });
    expect(body).toMatchObject({ mode: 'real', time: body.realTime });
    expect(await get(id)).toMatchObject({ status: 'PENDING', created: new Date(then).toISOString() });
    bench.clock.advance(3_600_000);
    expect(await get(id)).toMatchObject({ status: 'PENDING' });
    await set({ mode: 'frozen', time: new Date(then + 60_000).toISOString() });
    expect(await get(id)).toMatchObject({ status: 'EXPIRED' });
  });

  it('goes on while frozen with what is not about time', async () => {
    await set({ mode: 'frozen', time: '2031-05-05T05:05:05Z' });
    const client = await connect();
    await client.publishAndWait('dev/data', JSON.stringify({ value: { n: 1 } }));
    const { body } = await bench.call('GET', '/bench/v1/messages?before=2032-01-01T00:00:00Z&limit=1');
    expect(JSON.stringify(body)).toContain('2031-05-05T05:05:05');
    bench.clock.advance(1000);
    expect((await bench.call('GET', `/api/v1/deviceMgt/devices/${deviceId}`)).body).toMatchObject({
      interfaces: [{ status: 'ONLINE', lastContact: '2031-05-05T05:05:05.000Z' }],
    });
    expect((await bench.call('GET', clock)).body).toMatchObject({
      ...{ mode: 'frozen', speed: 0, time: '2031-05-05T05:05:05.000Z' },
    });
    await client.drop();
  });

  it('tells every viewer, of any tenant and role', async () => {
    const url = `${bench.platform.endpoints().http?.replace('http', 'ws')}/live`;
    const socket = new WebSocket(url);
    const texts: string[] = [];
    socket.on('message', (data) => texts.push(String(data)));
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send(JSON.stringify({ key: await bench.key(['BUS_R']), channels: ['clock', 'audit'] }));
    await until(() => texts.length === 1);
    expect(JSON.parse(texts[0] ?? '')).toMatchObject({ type: 'welcome', channels: ['clock'] });
    const { body } = await set({ mode: 'running', speed: 60 });
    bench.wireClock.advance(100);
    await until(() => texts.length === 2);
    expect(JSON.parse(texts[1] ?? '').events).toEqual([{ channel: 'clock', clock: body }]);
    socket.close();
  });

  it.each([
    [{ mode: 'slow' }, 'mode'],
    [{ mode: 'frozen', time: 'tomorrow' }, 'time'],
    [{ mode: 'frozen', time: '2200-01-01T00:00:00Z' }, '2106-01-01'],
    [{ mode: 'running', speed: 0 }, 'speed'],
    [{ mode: 'running', speed: 10_001 }, 'clockMaxSpeed'],
    [
      { mode: 'real', time: '2030-01-01T00:00:00Z' },
      'must not hold time: mode real takes mode and nothing else',
    ],
    [{ mode: 'frozen', speed: 2 }, 'must not hold speed: mode frozen takes mode, time and nothing else'],
    [{ mode: 'running', pace: 2, at: 1 }, 'must not hold pace, at: mode running takes mode, speed, time'],
  ])('refuses %j and says why', async (request, told) => {
    const { status, body } = await set(request);
    expect({ status, details: body.details }).toEqual({
      status: 400,
      details: expect.stringContaining(told),
    });
  });

  it('refuses a jump with more than its length', async () => {
    const before = (await bench.call('GET', clock)).body;
    const { status, body } = await bench.call('POST', `${clock}/advance`, { duration: 'PT1H', speed: 2 });
    expect([status, body.details]).toEqual([
      400,
      'body: must not hold speed: a jump takes duration and nothing else',
    ]);
    expect((await bench.call('GET', clock)).body).toEqual(before);
  });

  it.each(['', 'tomorrow', '-P1D', '7d', 'P200Y', 5])('refuses to advance by %j', async (duration) => {
    const { status, body } = await bench.call('POST', `${clock}/advance`, { duration });
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'GENERIC_INVALID_PARAMETER_ERROR' });
  });

  it('is set by who runs the instance only, and told to every key', async () => {
    const key = await bench.key(['DEVICE_W']);
    expect((await bench.call('GET', clock, undefined, key)).status).toBe(200);
    expect((await bench.call('PUT', clock, { mode: 'frozen' }, key)).status).toBe(403);
    expect((await bench.call('POST', `${clock}/advance`, { duration: 'P1D' }, key)).status).toBe(403);
  });
});
