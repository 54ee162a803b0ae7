import { afterAll, beforeAll, expect, it } from 'vitest';
import { MqttDevice } from '../testing/mqtt-device.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';
import { until } from '../testing/until.ts';

const campaigns = '/api/v0/deviceMgt/campaigns';
const firmware = 'firmware';
const deviceOf = (name: string): string => `urn:lo:nsid:rsc:${name}`;

let bench: TestPlatform;
let password: string;

beforeAll(async () => {
  bench = await startTestPlatform();
  password = await bench.key(['DEVICE_ACCESS']);
  await bench.call('POST', '/api/v0/rm', { resourceId: firmware });
  const file = Buffer.from('bytes').toString('base64');
  for (const resourceVersionId of ['1.0', '2.0'])
    await bench.call('POST', `/api/v0/rm/${firmware}/version`, { resourceVersionId, file });
});
afterAll(() => bench.stop());

/** A device that reports version 1.0, and answers a request as it is told. */
async function connect(
  name: string,
  answer: (device: MqttDevice, request: any) => void,
): Promise<MqttDevice> {
  const login = { clientId: deviceOf(name), password };
  const device = await MqttDevice.connect(bench.mqttPort, login, {
    'dev/rsc/upd': (request) => void answer(device, request),
  });
  await device.client.publishAndWait('dev/rsc', JSON.stringify({ rsc: { [firmware]: { v: '1.0' } } }));
  return device;
}

const accept = (device: MqttDevice, { cid, new: version }: any): void => {
  device.client.publish('dev/rsc/upd/res', JSON.stringify({ res: 'OK', cid }), 1, 11);
  device.client.publish('dev/rsc', JSON.stringify({ rsc: { [firmware]: { v: version } } }), 1, 12);
};

async function run(operation: object, names: readonly string[]): Promise<any> {
  const { status, body } = await bench.call('POST', campaigns, {
    name: 'firmware',
    targets: { idList: names.map(deviceOf) },
    operations: [operation],
  });
  expect([status, body.details]).toEqual([201, undefined]);
  bench.clock.advance(0);
  const get = async () => (await bench.call('GET', `${campaigns}/${body.id}`)).body;
  await until(async () => /COMPLETE/.test((await get()).campaignStatus));
  const { data } = (await bench.call('GET', `${campaigns}/${body.id}/targets`)).body;
  return { status: (await get()).campaignStatus, data };
}

const versionOf = async (name: string) => {
  const path = `/api/v1/deviceMgt/devices/${deviceOf(name)}/resources/${firmware}`;
  return (await bench.call('GET', path)).body.reported.version;
};

it('brings devices to a version, and counts one that has it as done', async () => {
  const old = await connect('old', accept);
  const there = await connect('there', accept);
  await there.client.publishAndWait('dev/rsc', JSON.stringify({ rsc: { [firmware]: { v: '2.0' } } }));
  const definition = { resourceId: firmware, targetVersion: '2.0' };
  const { status, data } = await run({ action: 'resource', definition }, ['old', 'there']);
  expect(status).toBe('COMPLETE');
  expect([old.received.length, there.received.length]).toEqual([1, 0]);
  expect([await versionOf('old'), await versionOf('there')]).toEqual(['2.0', '2.0']);
  const path = `/api/v1/deviceMgt/devices/${deviceOf('old')}/resources/${firmware}/updates/latest`;
  expect(data[0].operations[0].operationId).toBe((await bench.call('GET', path)).body.id);
});

it('tells what a device says of an update that it refuses, after as many attempts as it may have', async () => {
  const refuse = (device: MqttDevice, { cid }: any): void =>
    device.client.publish('dev/rsc/upd/res', JSON.stringify({ res: 'WRONG_TARGET_VERSION', cid }), 1, 11);
  const device = await connect('wary', refuse);
  const definition = {
    resourceId: firmware,
    connector: 'http-updater',
    requestedVersion: '2.0',
    maxRetry: 1,
  };
  const { status, data } = await run({ action: 'resource-update', version: 1, definition }, ['wary']);
  expect(status).toBe('INCOMPLETE');
  expect(device.received).toHaveLength(2);
  expect(data[0].operations[0]).toMatchObject({ operationStatus: 'failure', currentRetry: 1 });
  expect(data[0].operations[0].error).toMatchObject({ origin: 'DEVICE' });
  expect(JSON.stringify(data[0].operations[0].error)).toContain('WRONG_TARGET_VERSION');
});

it('says so when there is no such version', async () => {
  await connect('any', accept);
  const definition = { resourceId: firmware, requestedVersion: '9.9' };
  const { data } = await run({ action: 'resource-update', definition }, ['any']);
  expect(data[0].operations[0].error).toMatchObject({
    origin: 'INTERNAL',
    details: expect.stringContaining('9.9'),
  });
});

it('waits while the device is at another update of the resource', async () => {
  let first: any;
  const device = await connect('busy', (_device, request) => {
    first ??= request;
    if (request !== first) accept(device, request);
  });
  const path = `/api/v1/deviceMgt/devices/${deviceOf('busy')}/resources/${firmware}/updates`;
  await bench.call('POST', '/api/v0/rm/firmware/version', { resourceVersionId: '1.5', file: 'AAAA' });
  await bench.call('POST', path, { requestedVersion: '1.5' });
  await until(() => first !== undefined);
  const running = run({ action: 'resource', definition: { resourceId: firmware, targetVersion: '2.0' } }, [
    'busy',
  ]);
  await until(async () => {
    const { body } = await bench.call('GET', `${campaigns}?status=RUNNING`);
    return body.totalCount === 1;
  });
  accept(device, first);
  expect((await running).status).toBe('COMPLETE');
  expect(device.received.map(({ payload }) => payload.new)).toEqual(['1.5', '2.0']);
});
