import { expect, it } from 'vitest';
import { MemoryFiles } from '../../platform/memory-files.ts';
import { VirtualClock } from '../../platform/virtual-clock.ts';
import { codes } from '../../protocols/coap/codes.ts';
import { TestLwm2mDevice } from '../../testing/lwm2m-device.ts';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';
import { until } from '../../testing/until.ts';
import { pskKeyOf } from './psk-key.ts';

const deviceId = 'urn:lo:nsid:lwm2m:durable';
const twin = `/api/v1/deviceMgt/devices/${deviceId}/twin`;
const stream = `/api/v0/data/streams/urn:lo:dsid:lwm2m:durable`;
let lastPid = 0;

/** Each start is a process of its own, and the earlier ones are dead. */
function start(files: MemoryFiles): Promise<TestPlatform> {
  const current = { pid: ++lastPid, startMark: '' };
  const processes = { current, isRunning: async ({ pid }: { pid: number }) => pid === current.pid };
  const ports = { http: 0, https: undefined, mqtt: undefined, mqtts: undefined, coaps: 0 };
  return startTestPlatform({ dataDir: '/data', ports, seams: { files, processes } });
}

it('acknowledges a confirmable notification when it would survive a loss of power, and not before', async () => {
  const files = new MemoryFiles();
  const bench = await start(files);
  await bench.call('POST', '/api/v1/deviceMgt/devices', {
    id: deviceId,
    defaultDataStreamId: 'urn:lo:dsid:lwm2m:durable',
    interfaces: [
      {
        connector: 'lwm2m',
        definition: {
          endpointName: 'e',
          security: { mode: 'PSK', pskInfo: { identity: 'i', secret: 'aa' } },
        },
      },
    ],
  });
  const rule = { name: 'all', type: 'PASSTHROUGH', paths: ['/'] };
  await bench.call('POST', '/api/v1/deviceMgt/twin/data/rules', rule);
  const clock = new VirtualClock();
  const port = Number(new URL(bench.platform.endpoints().coaps ?? '').port);
  const device = await TestLwm2mDevice.connect({ port, identity: 'i', key: pskKeyOf('aa'), clock });
  device.script['GET /3/0/1'] = 'Model 1';
  await device.register(['ep=e', 'lt=300', 'lwm2m=1.1']);
  const { body: observation } = await bench.call('POST', `${twin}/observations`, { paths: ['/3/0/1'] });
  const status = async () => (await bench.call('GET', `${twin}/observations/${observation.id}`)).body.status;
  await until(() => device.observers.length === 1);
  await until(async () => (await status()) === 'OBSERVING');
  const models = async (of: TestPlatform): Promise<string[]> =>
    (await of.call('GET', stream)).body.map(({ value }: any) => value.device['0'].modelNumber);

  let appends = 0;
  files.intercept = ({ kind }) => {
    if (kind !== 'append') return undefined;
    appends++;
    return { code: 'ENOSPC', writtenBytes: 10 };
  };
  let outcome: string | undefined;
  const payload = Buffer.from('Model 2');
  void device.observers[0]
    ?.notify({ code: codes.content, contentFormat: 0, payload }, { confirmable: true })
    .then((what) => {
      outcome = what;
    });
  await until(() => appends > 0);
  // The network says nothing of an acknowledgement that does not come; an answer that comes after it does.
  await device.ping();
  expect(outcome).toBeUndefined();
  expect(await models(bench)).toEqual([]);

  files.intercept = undefined;
  clock.advance(3000);
  await until(() => outcome !== undefined);
  expect(outcome).toBe('acknowledged');
  const after = await start(files.afterPowerLoss());
  expect(await models(after)).toEqual(['Model 2']);
  await device.close();
  await Promise.all([bench.stop(), after.stop()]);
});
