import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MqttDevice } from '../testing/mqtt-device.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';
import { until } from '../testing/until.ts';

const devices = '/api/v1/deviceMgt/devices';
const groups = '/api/v1/deviceMgt/groups';
const campaigns = '/api/v0/deviceMgt/campaigns';
const comes = 'urn:lo:nsid:sensor:comes';
const stays = 'urn:lo:nsid:sensor:stays';

describe('a dynamic campaign takes in a device that comes to fit', () => {
  let bench: TestPlatform;
  let password: string;
  beforeAll(async () => {
    bench = await startTestPlatform();
    password = await bench.key(['DEVICE_ACCESS']);
  });
  afterAll(() => bench.stop());
  beforeEach(() => bench.platform.reset());

  const ok = async (method: string, path: string, body?: unknown): Promise<any> => {
    const answer = await bench.call(method, path, body);
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
    return answer.body;
  };
  const connect = () => MqttDevice.connect(bench.mqttPort, { clientId: comes, password });

  it.each<[string, () => Promise<unknown>]>([
    ['interfaces.status==ONLINE', connect],
    ['interfaces.lastContact=gt=2000-01-01', connect],
    [
      'connector==x-connector',
      () =>
        ok('POST', `${devices}/${comes}/interfaces`, {
          connector: 'x-connector',
          definition: { nodeId: 'comes' },
        }),
    ],
    [
      'groupPath==/lyon/*',
      async () => {
        const { id } = await ok('POST', groups, { pathNode: 'paris' });
        await ok('PATCH', `${devices}/${comes}`, { group: { id } });
        await ok('PUT', `${groups}/${id}`, { pathNode: 'lyon' });
      },
    ],
  ])('%s by what happens to it', async (filterQuery, happens) => {
    for (const id of [comes, stays]) {
      await ok('POST', devices, { id, interfaces: [{ connector: 'mqtt', definition: { clientId: id } }] });
    }
    const { id } = await ok('POST', campaigns, {
      name: 'c',
      targets: { filterQuery },
      options: { dynamicallyAddEligibleDevice: true },
      operations: [
        { action: 'command', definition: { request: { connector: 'mqtt', value: { req: 'go' } } } },
      ],
    });
    bench.clock.advance(0);
    const get = () => ok('GET', `${campaigns}/${id}`);
    await until(async () => (await get()).campaignStatus === 'RUNNING');
    expect((await get()).numberOfTargets).toBe(0);
    await happens();
    await until(async () => (await get()).numberOfTargets === 1);
    const { data } = await ok('GET', `${campaigns}/${id}/targets`);
    expect(data.map(({ deviceId }: any) => deviceId)).toEqual([comes]);
  });
});
