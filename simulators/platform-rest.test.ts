import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../core/testing/test-platform.ts';
import { PlatformRest } from './platform-rest.ts';

describe('PlatformRest', () => {
  let bench: TestPlatform;

  beforeEach(async () => {
    bench = await startTestPlatform();
  });
  afterEach(() => bench.stop());

  it('calls with its key, and asks for another when that one is gone', async () => {
    const given = [await bench.key(['DEVICE_R']), await bench.key(['DEVICE_R'])];
    const { body } = await bench.call('GET', '/api/v0/apiKeys');
    let opened = 0;
    const rest = new PlatformRest(
      () => bench.platform.endpoints().http,
      () => given[opened++] ?? '',
    );
    const devices = '/api/v1/deviceMgt/devices';
    expect(await rest.call('GET', devices)).toEqual({ status: 200, body: [] });
    const first = body.data.find(({ masterKey }: any) => !masterKey);
    await bench.call('DELETE', `/api/v0/apiKeys/${first.id}`);
    expect((await rest.call('GET', devices)).status).toBe(200);
    expect(opened).toBe(2);
  });

  it('tells what the platform said no to', async () => {
    const rest = new PlatformRest(
      () => bench.platform.endpoints().http,
      () => bench.masterKey,
    );
    const asked = rest.require('the device', 'GET', '/api/v1/deviceMgt/devices/urn:lo:nsid:a:b');
    await expect(asked).rejects.toMatchObject({
      code: 'simulators.failed',
      message: expect.stringMatching(/^The platform refused the device \(404\): ./),
    });
  });

  it('says so when nobody answers', async () => {
    const silent = new PlatformRest(
      () => undefined,
      () => '',
    );
    await expect(silent.call('GET', '/')).rejects.toThrow('The platform does not listen on HTTP');
    const gone = new PlatformRest(
      () => 'http://127.0.0.1:1',
      () => 'k',
    );
    await expect(gone.call('GET', '/x')).rejects.toThrow('The platform did not answer GET /x');
  });
});
