import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';

const deviceId = 'urn:lo:nsid:sensor:temp001';
const url = `/api/v1/deviceMgt/devices/${deviceId}/config`;

describe('configuration over the API (manual 8.2)', () => {
  let bench: TestPlatform;

  beforeAll(async () => {
    bench = await startTestPlatform();
  });
  afterAll(() => bench.stop());
  beforeEach(() => bench.platform.reset());

  const post = (parameters: object, more: object = {}) => bench.call('POST', url, { parameters, ...more });

  it('takes the example of the manual, and shows it in all three ways', async () => {
    const asked = {
      MyParamINT32: { type: 'INT32', value: -333 },
      MyParamSTRING: { type: 'STRING', value: 'My sentense' },
    };
    expect((await post(asked, { notifyTo: 'fifo/configUpdateFifo' })).status).toBe(200);
    const timestamp = new Date(bench.clock.now()).toISOString();
    const parameters = {
      MyParamINT32: { requested: { ...asked.MyParamINT32, timestamp }, syncStatus: 'PENDING' },
      MyParamSTRING: { requested: { ...asked.MyParamSTRING, timestamp }, syncStatus: 'PENDING' },
    };
    expect(await bench.call('GET', url)).toEqual({
      status: 200,
      body: { parameters, notifyTo: 'fifo/configUpdateFifo' },
    });
    expect(await bench.call('GET', `${url}/parameters`)).toEqual({ status: 200, body: parameters });
    expect(await bench.call('GET', `${url}/parameters/MyParamINT32`)).toEqual({
      status: 200,
      body: parameters.MyParamINT32,
    });
  });

  it('is shown with the device, alone and in lists that ask for it (manual 5.2.1.2)', async () => {
    const devices = '/api/v1/deviceMgt/devices';
    await bench.call('POST', devices, { id: `${deviceId}-other` });
    const { body: config } = await post({ a: { type: 'INT32', value: 1 } });
    expect((await bench.call('GET', `${devices}/${deviceId}`)).body.config).toEqual(config);
    expect((await bench.call('GET', `${devices}?fields=config`)).body).toEqual([
      { id: deviceId, config },
      { id: `${deviceId}-other` },
    ]);
    expect((await bench.call('GET', devices)).body[0]).not.toHaveProperty('config');
    expect((await bench.call('PATCH', `${devices}/${deviceId}`, { name: 'n' })).body.config).toEqual(config);
  });

  it('adds to what is there, and replaces what is asked for anew', async () => {
    await post({ a: { type: 'INT32', value: 1 } }, { notifyTo: 'fifo/f' });
    bench.clock.advance(1000);
    await post({ a: { type: 'FLOAT', value: 1.5 }, 'b/c.d': { type: 'BINARY', value: 'Nzg3ODY4Ng==' } });
    const { body } = await bench.call('GET', url);
    expect(body).toMatchObject({
      parameters: { a: { requested: { type: 'FLOAT', value: 1.5 } }, 'b/c.d': { syncStatus: 'PENDING' } },
      notifyTo: 'fifo/f',
    });
    expect((await bench.call('GET', `${url}/parameters/b%2Fc.d`)).status).toBe(200);
    expect((await bench.call('POST', url, { notifyTo: '' })).body.notifyTo).toBeUndefined();
  });

  it.each([
    [
      { p: { type: 'INT32', value: 2_147_483_648 } },
      'body.parameters.p.value: must be a whole number from -2147483648',
    ],
    [{ p: { type: 'INT32', value: 1.5 } }, 'must be a whole number'],
    [{ p: { type: 'UINT32', value: -1 } }, 'must be a whole number from 0 to 4294967295'],
    [{ p: { type: 'BINARY', value: 'DEBUG' } }, 'must be Base64'],
    [{ p: { type: 'BINARY', value: 7 } }, 'must be a text'],
    [{ p: { type: 'STRING', value: 7 } }, 'must be a text'],
    [{ p: { type: 'STRING', value: 'x'.repeat(2001) } }, 'must have at most 2000 characters'],
    [{ p: { type: 'FLOAT', value: '1' } }, 'must be a number'],
    [{ p: { type: 'DATE', value: 1 } }, 'must be one of INT32, UINT32, BINARY, STRING, FLOAT'],
    [{ p: { type: 'INT32' } }, 'body.parameters.p.value'],
    [{ $p: { type: 'INT32', value: 1 } }, 'must not start with $'],
    [{ '': { type: 'INT32', value: 1 } }, 'must not be empty'],
    [{ ['k'.repeat(129)]: { type: 'INT32', value: 1 } }, 'must have at most 128 characters'],
  ])('refuses parameters %#, and changes nothing', async (parameters, details) => {
    expect(await post(parameters)).toMatchObject({
      status: 400,
      body: { code: 'GENERIC_INVALID_PARAMETER_ERROR', details: expect.stringContaining(details) },
    });
    expect((await bench.call('GET', url)).body.code).toBe('DM_DEVICE_NOT_FOUND');
  });

  it('refuses too many parameters, a topic that is no FIFO, and an empty request', async () => {
    const many = Array.from({ length: 101 }, (_, index) => [`p${index}`, { type: 'INT32', value: 1 }]);
    expect((await post(Object.fromEntries(many))).body.details).toMatch(/at most 100/);
    expect((await post({}, { notifyTo: 'router/x' })).body.details).toMatch(/must be fifo\//);
    expect((await bench.call('POST', url, {})).status).toBe(400);
    expect((await post(Object.fromEntries(many.slice(0, 100)))).status).toBe(200);
  });

  it('knows no parameter and no device that is not there', async () => {
    await post({ a: { type: 'INT32', value: 1 } });
    expect(await bench.call('GET', `${url}/parameters/none`)).toMatchObject({
      status: 404,
      body: { code: 'DM_DEVICE_CONFIG_PARAM_NOT_FOUND' },
    });
    const nobody = '/api/v1/deviceMgt/devices/urn:lo:nsid:a:b/config';
    for (const [method, path, body] of [
      ['GET', nobody],
      ['GET', `${nobody}/parameters`],
      ['GET', `${nobody}/parameters/a`],
      ['DELETE', `${nobody}/parameters/a`],
      ['PUT', `${nobody}/parameters/a/status`, 'CANCELED'],
    ] as const) {
      expect(await bench.call(method, path, body), `${method} ${path}`).toMatchObject({
        status: 404,
        body: { code: 'DM_DEVICE_NOT_FOUND' },
      });
    }
  });

  it('cancels and forgets', async () => {
    await post({ a: { type: 'INT32', value: 1 } });
    const status = `${url}/parameters/a/status`;
    expect((await bench.call('PUT', status, 'OK')).status).toBe(400);
    expect((await bench.call('PUT', status, 'CANCELED')).status).toBe(200);
    expect(await bench.call('PUT', status, 'CANCELED')).toMatchObject({
      status: 409,
      body: { details: 'Its status is CANCELED.' },
    });
    expect((await bench.call('DELETE', `${url}/parameters/a`)).status).toBe(204);
    expect((await bench.call('DELETE', `${url}/parameters/a`)).status).toBe(404);
  });

  it('needs DEVICE_R to read and DEVICE_W to write', async () => {
    await post({ a: { type: 'INT32', value: 1 } });
    const reader = await bench.key(['DEVICE_R']);
    expect((await bench.call('GET', url, undefined, reader)).status).toBe(200);
    expect((await bench.call('POST', url, { parameters: {} }, reader)).status).toBe(403);
    expect((await bench.call('PUT', `${url}/parameters/a/status`, 'CANCELED', reader)).status).toBe(403);
    expect((await bench.call('DELETE', `${url}/parameters/a`, undefined, reader)).status).toBe(403);
  });

  it('keeps the configuration of a device from other tenants, who may have a device of the same id', async () => {
    const { body } = await post({ secret: { type: 'STRING', value: 'mine' } });
    const { masterKey: stranger } = (await bench.call('POST', '/bench/v1/tenants', { name: 'stranger' }))
      .body;
    for (const path of [url, `${url}/parameters`, `${url}/parameters/secret`]) {
      expect((await bench.call('GET', path, undefined, stranger)).status, path).toBe(404);
    }
    const theirs = { parameters: { secret: { type: 'STRING', value: 'theirs' } } };
    expect((await bench.call('POST', url, theirs, stranger)).status).toBe(200);
    expect((await bench.call('DELETE', `${url}/parameters/secret`, undefined, stranger)).status).toBe(204);
    expect((await bench.call('GET', url)).body).toEqual(body);
  });
});
