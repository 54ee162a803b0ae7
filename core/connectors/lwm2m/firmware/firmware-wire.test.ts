import { createHash, randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { codes, methods } from '../../../protocols/coap/codes.ts';
import { FirmwareClient, TestFirmware } from '../../../testing/firmware-device.ts';
import { startTestPlatform, type TestPlatform } from '../../../testing/test-platform.ts';
import { until } from '../../../testing/until.ts';

const image = randomBytes(40_000);
let bench: TestPlatform;
const devices: FirmwareClient[] = [];
let count = 0;

beforeAll(async () => {
  bench = await startTestPlatform({
    ports: { http: 0, https: undefined, mqtt: undefined, mqtts: undefined, coaps: 0 },
    settings: { resourceUpdateMaxAttempts: 2 },
  });
  await bench.call('POST', '/api/v0/rm', { resourceId: 'fw' });
  for (const resourceVersionId of ['2', '3']) {
    const file = image.toString('base64');
    await bench.call('POST', '/api/v0/rm/fw/version', { resourceVersionId, file });
  }
  const file = Buffer.from('small').toString('base64');
  await bench.call('POST', '/api/v0/rm/fw/version', {
    resourceVersionId: '4',
    file,
    compatibleVersions: ['0.9'],
  });
});
afterEach(async () => {
  await Promise.all(devices.splice(0).map((device) => device.close()));
});
afterAll(() => bench.stop());

/** A device of its own for each test. */
async function makeDevice(firmware = new TestFirmware(), query: readonly string[] = []) {
  const device = new FirmwareClient(() => bench, `fw${++count}`, firmware, query);
  devices.push(device);
  await device.create();
  await device.register();
  return device;
}

describe('an update of firmware', () => {
  it('is pushed in blocks, installed, and done when the device comes back with the version', async () => {
    const device = await makeDevice();
    const { firmware } = device;
    expect(await device.ask()).toMatchObject({ status: 'PENDING', connector: 'lwm2m-updater' });
    await until(() => firmware.told.includes('update'));
    expect(Buffer.from(firmware.image ?? []).equals(image)).toBe(true);
    expect(await device.latest()).toMatchObject({
      ...{ status: 'IN_PROGRESS', initialVersion: '1.0', progress: 100 },
    });
    firmware.install('2');
    await device.restart();
    const done = await device.has({ status: 'DONE' });
    expect(done).toMatchObject({ progress: 100, initialVersion: '1.0' });
    expect(done.history.map(({ status, details }: any) => `${status} ${details ?? ''}`)).toEqual([
      'PENDING ',
      'SENT ',
      'SENT The package is being written to /5/0/0.',
      'IN_PROGRESS ',
      'IN_PROGRESS The device has the package; it is told to install it.',
      'IN_PROGRESS Installed; the device names 2.',
      'DONE ',
    ]);
    const { body } = await bench.call('GET', `${device.path}/fw`);
    expect(body).toMatchObject({ reported: { version: '2' }, requested: { version: '2' } });
    // The device has it, so there is nothing to do.
    expect((await bench.call('POST', `${device.path}/fw/updates`, { requestedVersion: '2' })).status).toBe(
      204,
    );
    const blocks = device.client.requests.length;
    expect(blocks).toBeLessThan(20);
  });

  it('is fetched over HTTP by a device that pulls', async () => {
    const firmware = new TestFirmware();
    firmware.delivery = 0;
    firmware.protocols = [0, 1, 2];
    const get = async (uri: string): Promise<void> =>
      firmware.fetched(new Uint8Array(await (await fetch(uri)).arrayBuffer()));
    firmware.onUri = (uri) => void get(uri);
    const device = await makeDevice(firmware);
    await device.ask();
    await until(() => firmware.told.includes('update'));
    expect(firmware.uri).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/dl\/[0-9a-f]{32}$/);
    expect(Buffer.from(firmware.image ?? []).equals(image)).toBe(true);
    // One that needs no restart.
    firmware.become(3);
    firmware.version = '2';
    firmware.become(0, 1);
    await device.has({ status: 'DONE' });
  });

  it('is fetched in blocks over CoAP by a device that knows nothing else', async () => {
    const firmware = new TestFirmware();
    firmware.delivery = 0;
    firmware.protocols = [1];
    const device = await makeDevice(firmware);
    const get = async (uri: string): Promise<void> => {
      const second = await device.connect();
      const answer = await second.send({ method: methods.GET, path: new URL(uri).pathname });
      firmware.attach(device.client);
      firmware.fetched(answer.payload);
    };
    firmware.onUri = (uri) => void get(uri);
    await device.ask();
    await until(() => firmware.told.includes('update'));
    expect(firmware.uri).toMatch(/^coaps:\/\/127\.0\.0\.1:\d+\/dl\/[0-9a-f]{32}$/);
    expect(Buffer.from(firmware.image ?? []).equals(image)).toBe(true);
    expect(await device.latest()).toMatchObject({ status: 'IN_PROGRESS', progress: 100 });
    firmware.version = '2';
    firmware.become(0, 1);
    await device.has({ status: 'DONE' });
    const stale = await device.client.send({ method: methods.GET, path: new URL(firmware.uri).pathname });
    expect(stale.codeText).toBe('4.04');
  });

  it.each([
    [2, 'ASSET_ORIGINATED_ERROR', 'not enough flash'],
    [5, 'INVALID_RESOURCE', 'integrity'],
    [8, 'ASSET_ORIGINATED_ERROR', 'installation failed'],
  ])('fails with result %d of the device as %s', async (result, errorCode, text) => {
    const device = await makeDevice();
    const { firmware } = device;
    firmware.onUpdate = () => {
      setImmediate(() => firmware.become(0, result));
      return { code: codes.changed };
    };
    await device.ask();
    const failed = await device.has({ status: 'FAILED' });
    expect(failed).toMatchObject({
      ...{ errorOrigin: 'DEVICE', errorCode, deviceErrorCode: `UPDATE_RESULT_${result}` },
      errorDetails: expect.stringContaining(text),
    });
  });

  it('fails when the device refuses the package, with its answer', async () => {
    const device = await makeDevice();
    device.firmware.packageRefusal = { code: codes.requestEntityTooLarge, payload: Buffer.from('too big') };
    await device.ask();
    const failed = await device.has({ status: 'FAILED' });
    expect(failed).toMatchObject({ errorCode: 'INVALID_RESOURCE', deviceErrorCode: '4.13' });
    expect(failed.errorDetails).toContain('too big');
  });

  it('fails for a device without object 5, and where no way of delivery fits', async () => {
    const bare = await makeDevice();
    bare.client.script['GET /5/0'] = { code: codes.notFound };
    await bare.ask();
    expect(await bare.has({ status: 'FAILED' })).toMatchObject({ errorCode: 'UNKNOWN_RESOURCE' });
    const firmware = new TestFirmware();
    firmware.delivery = 0;
    const plain = await makeDevice(firmware);
    await plain.ask();
    const failed = await plain.has({ status: 'FAILED' });
    expect(failed).toMatchObject({ errorOrigin: 'INTERNAL', errorCode: 'NO_DELIVERY_METHOD' });
    expect(failed.errorDetails).toContain(
      'fetches packages by coap (/5/0/8); the platform serves this one by',
    );
  });

  it('does not begin where the device has the version, or one from which it cannot come', async () => {
    const device = await makeDevice();
    device.firmware.version = '2';
    await device.ask();
    await device.has({ status: 'DONE' });
    expect(device.firmware.told).toEqual([]);
    const other = await makeDevice();
    await other.ask('4');
    expect(await other.has({ status: 'FAILED' })).toMatchObject({
      ...{ errorOrigin: 'INTERNAL', errorCode: 'INCOMPATIBLE_VERSION', initialVersion: '1.0' },
    });
    expect(other.firmware.told).toEqual([]);
  });

  it('fails when the device installs something else, and says what it has', async () => {
    const device = await makeDevice();
    await device.ask();
    await until(() => device.firmware.told.includes('update'));
    device.firmware.install('1.9');
    await device.restart();
    const failed = await device.has({ status: 'FAILED' });
    expect(failed).toMatchObject({ errorOrigin: 'INTERNAL', errorCode: 'VERSION_MISMATCH' });
    expect(failed.errorDetails).toContain('1.9');
    const { body } = await bench.call('GET', `${device.path}/fw`);
    expect(body.reported.version).toBe('1.9');
  });

  it('goes by the version of the package where the device names no other, or none at all', async () => {
    for (const packageVersion of ['2', undefined]) {
      const firmware = new TestFirmware();
      firmware.version = undefined;
      firmware.onPackage = () => {
        firmware.packageVersion = packageVersion;
      };
      const device = await makeDevice(firmware);
      await device.ask();
      await until(() => firmware.told.includes('update'));
      firmware.become(0, 1);
      expect(await device.has({ status: 'DONE' })).not.toHaveProperty('initialVersion');
    }
  });

  it('begins again at a device that lost its package, and gives up after so many times', async () => {
    const device = await makeDevice();
    const { firmware } = device;
    await device.ask();
    for (const times of [1, 2, 3]) {
      await until(() => firmware.told.filter((each) => each === 'update').length === times);
      // It restarts, and has forgotten everything.
      firmware.state = 0;
      firmware.result = 0;
      await device.restart();
    }
    const failed = await device.has({ status: 'FAILED' });
    expect(failed).toMatchObject({ errorOrigin: 'INTERNAL', errorCode: 'DELIVERY_FAILED' });
    expect(firmware.told.filter((each) => each === 'package')).toHaveLength(3);
  });

  it('makes the device forget a package of before, and its result', async () => {
    const firmware = new TestFirmware();
    firmware.state = 2;
    firmware.result = 8;
    const device = await makeDevice(firmware);
    await device.ask();
    await until(() => firmware.told.includes('update'));
    expect(firmware.told).toEqual(['reset by /5/0/0', 'package', 'update']);
  });

  it('makes the device forget its package when it is cancelled, also one that slept meanwhile', async () => {
    const device = await makeDevice();
    const { firmware } = device;
    firmware.onUpdate = () => ({ code: codes.changed });
    const { id } = await device.ask();
    await until(() => firmware.told.includes('update'));
    const cancel = `${device.path}/updates/${id}/status`;
    expect((await bench.call('POST', cancel, 'CANCELED')).status).toBe(409);
    await device.vanish();
    expect((await bench.call('POST', `${cancel}?force=true`, 'CANCELED')).status).toBe(200);
    expect((await device.latest()).status).toBe('CANCELED');
    await device.register();
    await until(() => firmware.told.includes('reset by /5/0/0'));
    expect(firmware.state).toBe(0);
  });

  it.each(['deleted', 'moved', 'renamed', 'disabled'])(
    'ends with an interface that is %s, unless it may come back',
    async (how) => {
      const device = await makeDevice();
      device.firmware.onUpdate = () => ({ code: codes.changed });
      await device.ask();
      await until(() => device.firmware.told.includes('update'));
      const url = '/api/v1/deviceMgt/devices';
      const [one] = (await bench.call('GET', `${url}/${device.deviceId}`)).body.interfaces;
      const at = `${url}/${device.deviceId}/interfaces/lwm2m:${one.nodeId}`;
      const other = 'urn:lo:nsid:lwm2m:heir';
      if (how === 'moved') await bench.call('POST', url, { id: other });
      const changes: Record<string, object> = {
        moved: { deviceId: other },
        renamed: { definition: { ...one.definition, endpointName: 'fw-heir' } },
        disabled: { enabled: false },
      };
      const change = changes[how];
      const done = how === 'deleted' ? bench.call('DELETE', at) : bench.call('PATCH', at, change);
      expect((await done).status).toBeLessThan(300);
      if (how === 'disabled') expect(await device.latest()).toMatchObject({ status: 'IN_PROGRESS' });
      else expect(await device.has({ status: 'FAILED' })).toMatchObject({ errorCode: 'INTERFACE_UNUSABLE' });
    },
  );

  it('waits for a device that sleeps, and goes on when it wakes', async () => {
    const device = await makeDevice(undefined, ['Q']);
    bench.wireClock.advance(95_000);
    await device.ask();
    expect((await device.latest()).status).toBe('PENDING');
    device.firmware.onPackage = () => void bench.wireClock.advance(95_000);
    await device.client.send({ method: methods.POST, path: device.location });
    await until(() => device.firmware.told.includes('update'));
    device.firmware.version = '2';
    device.firmware.become(0, 1);
    await device.has({ status: 'DONE' });
  });

  it('ends with its time, which is that of the platform', async () => {
    const device = await makeDevice();
    await device.ask();
    await until(() => device.firmware.told.includes('update'));
    await device.vanish();
    bench.clock.advance(3_600_000 + 1);
    expect(await device.has({ status: 'FAILED' })).toMatchObject({ errorCode: 'UPDATE_TIMEOUT' });
  });

  it('is what a campaign asks for, too, and a device without another way is asked without being told the way', async () => {
    const device = await makeDevice();
    const campaigns = '/api/v0/deviceMgt/campaigns';
    const made = await bench.call('POST', campaigns, {
      ...{ name: 'firmware', targets: { idList: [device.deviceId] } },
      operations: [{ action: 'resource-update', definition: { resourceId: 'fw', requestedVersion: '3' } }],
    });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    bench.clock.advance(0);
    await until(() => device.firmware.told.includes('update'));
    device.firmware.version = '3';
    device.firmware.become(0, 1);
    await device.has({ status: 'DONE', requestedVersion: '3' });
    const targets = `${campaigns}/${made.body.id}/targets`;
    await until(async () => (await bench.call('GET', targets)).body.data[0].status === 'success');
  });

  it('reaches a device of LwM2M 1.0 as TLV', async () => {
    const firmware = new TestFirmware();
    const device = await makeDevice(firmware);
    await device.client.register([`ep=fw${count}`, 'lwm2m=1.0'], '</>;rt="oma.lwm2m";ct="110",</3/0>,</5/0>');
    await device.ask();
    await until(() => firmware.image !== undefined);
    const tlv = Buffer.from(firmware.image ?? []);
    expect(tlv.subarray(0, 4).toString('hex')).toBe('d0009c40');
    const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');
    expect(md5(tlv.subarray(4))).toBe(md5(image));
  });
});
