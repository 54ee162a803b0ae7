import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';

const deviceId = 'urn:lo:nsid:sensor:commanded';
const ofDevice = `/api/v1/deviceMgt/devices/${deviceId}/commands`;
const mqtt = { connector: 'mqtt', value: { req: 'reboot', arg: { delay: 5 } } };

describe('commands over the API (facts 2)', () => {
  let bench: TestPlatform;

  beforeAll(async () => {
    bench = await startTestPlatform();
  });
  afterAll(() => bench.stop());
  beforeEach(async () => {
    await bench.platform.reset();
    await bench.call('POST', '/api/v1/deviceMgt/devices', {
      id: deviceId,
      interfaces: [{ connector: 'mqtt', definition: { clientId: 'commanded' } }],
    });
  });

  const post = (body: unknown, query = '') => bench.call('POST', `${ofDevice}${query}`, body);
  const made = async (policy?: object): Promise<{ id: string }> =>
    (await post({ request: mqtt, ...(policy && { policy }) })).body;
  const list = (query: string, headers: Record<string, string> = {}) =>
    fetch(`${bench.platform.endpoints().http}${ofDevice}?${query}`, {
      headers: { 'X-API-KEY': bench.masterKey, ...headers },
    });

  it('registers a command with its policy, and shows it', async () => {
    const policy = { expirationInSeconds: 120, ackTimeoutInSeconds: 60, ackMode: 'APPLICATIVE', attempts: 3 };
    const { status, body } = await post({ request: mqtt, policy });
    expect(status).toBe(201);
    const now = new Date(bench.clock.now()).toISOString();
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      targetDeviceId: deviceId,
      request: mqtt,
      status: 'PENDING',
      policy,
      history: [{ timestamp: now, status: 'PENDING' }],
      created: now,
      updated: now,
    });
    expect(await bench.call('GET', `/api/v1/deviceMgt/commands/${body.id}`)).toEqual({ status: 200, body });
    expect(await bench.call('GET', `/api/v1/deviceMgt/commands/${body.id}/status`)).toEqual({
      status: 200,
      body: { content: 'PENDING' },
    });
  });

  it.each([
    [{}, { expirationInSeconds: 604_800, ackTimeoutInSeconds: 60, ackMode: 'APPLICATIVE', attempts: 1 }],
    [{ ackMode: 'AUTO' }, { expirationInSeconds: 604_800, ackMode: 'NONE', attempts: 1 }],
    [
      { ackMode: 'DEVICE', attempts: null },
      { expirationInSeconds: 604_800, ackTimeoutInSeconds: 60, ackMode: 'APPLICATIVE', attempts: 1 },
    ],
  ])('fills in the policy %j', async (given, policy) => {
    expect((await post({ request: mqtt, policy: given })).body.policy).toEqual(policy);
  });

  it.each([
    [{ expirationInSeconds: 4 }, 'body.policy.expirationInSeconds: must be a whole number from 5 to 2592000'],
    [{ expirationInSeconds: 2_592_001 }, 'from 5 to 2592000'],
    [{ expirationInSeconds: 7.5 }, 'from 5 to 2592000'],
    [{ ackTimeoutInSeconds: 9 }, 'body.policy.ackTimeoutInSeconds: must be a whole number from 10'],
    [{ attempts: 0 }, 'body.policy.attempts: must be a whole number from 1 to 5'],
    [{ attempts: 6 }, 'from 1 to 5'],
    [{ ackMode: 'SOON' }, 'body.policy.ackMode: must be NONE (or AUTO), NETWORK, or APPLICATIVE (or DEVICE)'],
    [{ ackMode: 'NONE', ackTimeoutInSeconds: 60 }, 'must not be given with ackMode NONE'],
  ])('refuses the policy %j', async (policy, details) => {
    expect(await post({ request: mqtt, policy }, '?validate=false')).toMatchObject({
      status: 400,
      body: { code: 'GENERIC_INVALID_PARAMETER_ERROR', details: expect.stringContaining(details) },
    });
  });

  it.each([
    [{ connector: 'lwm2m', value: {} }, 400, 'use twin operations'],
    [{ connector: 'lora', value: { data: '00', port: 1 } }, 404, 'lora; offered: sms, mqtt'],
    [{ connector: 'mqtt' }, 400, 'body.request.value'],
    [{ connector: 'mqtt', value: 'reboot' }, 400, 'body.request.value: must be an object'],
    [{ connector: 'x-connector', value: ['on'] }, 400, 'body.request.value: must be an object, not a list'],
    [{ connector: 'mqtt', value: { req: 'x'.repeat(70_000) } }, 400, 'setting commandMaxValueBytes'],
  ])('refuses a request over %j', async (request, status, details) => {
    expect(await post({ request }, '?validate=false')).toMatchObject({
      status,
      body: { details: expect.stringContaining(details) },
    });
  });

  it('refuses a device without such an interface, and takes the command unchecked', async () => {
    const other = 'urn:lo:nsid:sensor:bare';
    await bench.call('POST', '/api/v1/deviceMgt/devices', { id: other });
    const url = `/api/v1/deviceMgt/devices/${other}/commands`;
    expect(await bench.call('POST', url, { request: mqtt })).toMatchObject({
      status: 400,
      body: { details: expect.stringContaining('the device has no mqtt interface') },
    });
    expect(await bench.call('POST', `${url}?validate=false`, { request: mqtt })).toMatchObject({
      status: 201,
    });
  });

  it('takes ten commands to wait, and no more', async () => {
    for (let number = 0; number < 10; number++) await made();
    expect(await post({ request: mqtt })).toMatchObject({
      status: 403,
      body: { code: 'DM_COMMAND_QUEUE_FULL', details: expect.stringContaining('commandMaxQueued') },
    });
  });

  it('lists commands in pages, newest first, with the headers of a list', async () => {
    const ids = [];
    for (let number = 0; number < 5; number++) {
      ids.push((await made()).id);
      bench.clock.advance(1000);
    }
    const idsOf = async (response: Response) =>
      ((await response.json()) as { id: string }[]).map(({ id }) => id);
    const page = await list('limit=2&offset=1', { 'X-Total-Count': 'true' });
    expect(Object.fromEntries(page.headers)).toMatchObject({
      'x-total-count': '5',
      'x-result-limit': '2',
      'x-result-count': '2',
    });
    expect(await idsOf(page)).toEqual([ids[3], ids[2]]);
    expect(await idsOf(await list('sort=id'))).toEqual(ids);
    expect(await idsOf(await list('sort=-id'))).toEqual([...ids].reverse());
    await bench.call('PUT', `/api/v1/deviceMgt/commands/${ids[2]}/status`, 'CANCELED');
    expect(await idsOf(await list('sort=status,created'))).toEqual([ids[2], ids[0], ids[1], ids[3], ids[4]]);
    const at = (seconds: number) => new Date(bench.clock.now() - 5000 + seconds * 1000).toISOString();
    expect(await idsOf(await list(`from=${at(1)}&to=${at(3)}`))).toEqual([ids[2], ids[1]]);
    expect((await list('sort=updated')).status).toBe(400);
    expect((await list('from=yesterday')).status).toBe(400);
    expect((await list('limit=1001')).status).toBe(400);
    expect((await list('', {})).headers.get('x-total-count')).toBeNull();
  });

  it('cancels, and says why it cannot', async () => {
    const { id } = await made();
    const status = `/api/v1/deviceMgt/commands/${id}/status`;
    expect(await bench.call('PUT', status, 'PROCESSED')).toMatchObject({ status: 400 });
    expect(await bench.call('PUT', status, 'CANCELED')).toEqual({
      status: 200,
      body: { content: 'CANCELED' },
    });
    expect(await bench.call('PUT', `${status}?force=true`, 'CANCELED')).toMatchObject({
      status: 409,
      body: { code: 'DM_COMMAND_INVALID_STATUS', details: 'Its status is CANCELED.' },
    });
  });

  it('deletes', async () => {
    const { id } = await made();
    const url = `/api/v1/deviceMgt/commands/${id}`;
    expect(await bench.call('DELETE', url)).toEqual({ status: 200, body: undefined });
    for (const [method, path, body] of [
      ['DELETE', url],
      ['GET', url],
      ['GET', `${url}/status`],
      ['PUT', `${url}/status`, 'CANCELED'],
    ] as const) {
      expect(await bench.call(method, path, body), method).toMatchObject({
        status: 404,
        body: { code: 'DM_COMMAND_NOT_FOUND' },
      });
    }
  });

  it('knows no command of a device that is not there, and none by a wrong id', async () => {
    const nobody = '/api/v1/deviceMgt/devices/urn:lo:nsid:a:b/commands';
    for (const [method, body] of [['GET'], ['POST', { request: mqtt }]] as const) {
      expect(await bench.call(method, nobody, body)).toMatchObject({
        status: 404,
        body: { code: 'DM_DEVICE_NOT_FOUND' },
      });
    }
    const { id } = await made();
    for (const wrong of ['x', '0'.repeat(24), `ffffffff${id.slice(8)}`]) {
      expect(await bench.call('GET', `/api/v1/deviceMgt/commands/${wrong}`)).toMatchObject({ status: 404 });
    }
  });

  it('needs DEVICE_R to read and DEVICE_W to write', async () => {
    const { id } = await made();
    const reader = await bench.key(['DEVICE_R']);
    expect((await bench.call('GET', ofDevice, undefined, reader)).status).toBe(200);
    expect((await bench.call('POST', ofDevice, { request: mqtt }, reader)).status).toBe(403);
    expect((await bench.call('DELETE', `/api/v1/deviceMgt/commands/${id}`, undefined, reader)).status).toBe(
      403,
    );
  });

  it('shows a command that has expired', async () => {
    const { id } = await made({ expirationInSeconds: 5 });
    bench.clock.advance(5000);
    const { body } = await bench.call('GET', `/api/v1/deviceMgt/commands/${id}`);
    expect(body).toMatchObject({ status: 'EXPIRED' });
  });
});
