import { describe, expect, it } from 'vitest';
import { MemoryFiles } from './platform/memory-files.ts';
import { RawMqttClient } from './testing/raw-mqtt-client.ts';
import { startTestPlatform, type TestPlatform } from './testing/test-platform.ts';

const policy = { triggers: { dataMessage: {} }, actions: { fifoPublish: [{ fifoName: 'f' }] } };
const dataDir = '/data';

let lastPid = 0;

/** Each start is a process of its own, and the earlier ones are dead. */
async function start(files: MemoryFiles): Promise<TestPlatform> {
  const current = { pid: ++lastPid, startMark: '' };
  const processes = { current, isRunning: async ({ pid }: { pid: number }) => pid === current.pid };
  return startTestPlatform({ dataDir, seams: { files, processes } });
}

function connectDevice(bench: TestPlatform, clientId = 'dev') {
  const credentials = { clientId, username: 'json+device', password: bench.masterKey };
  return RawMqttClient.connect(bench.mqttPort, credentials);
}

describe('a platform whose disk fails', () => {
  it('acknowledges nothing that is not stored while the disk is full, and heals', async () => {
    const files = new MemoryFiles();
    const bench = await start(files);
    await bench.call('PUT', '/api/v1/event2action/actionPolicies/p', policy);
    const { client } = await connectDevice(bench);
    await client.publishAndWait('dev/data', '{"v":{"n":1}}');

    files.intercept = ({ kind }) => (kind === 'append' ? { code: 'ENOSPC', writtenBytes: 10 } : undefined);
    client.publish('dev/data', '{"v":{"n":2}}', 1, 2);
    await client.closed();
    expect(client.received).toEqual([]);
    const refused = await bench.call('POST', '/api/v0/data/streams/s', { value: {} });
    expect([refused.status, refused.body.code]).toEqual([507, 'STORE_FULL']);
    const policyRefused = await bench.call('PUT', '/api/v1/event2action/actionPolicies/q', {
      ...policy,
      actions: { fifoPublish: [{ fifoName: 'g' }] },
    });
    expect(policyRefused.status).toBe(507);
    expect((await bench.call('GET', '/api/v1/event2action/fifos/g')).status).toBe(404);
    expect((await connectDevice(bench, 'new')).code).toBe(3);
    const { http } = bench.platform.endpoints();
    expect(await (await fetch(`${http}/bench/v1/health`)).json()).toMatchObject({ status: 'degraded' });

    files.intercept = undefined;
    const { client: again } = await connectDevice(bench);
    await again.publishAndWait('dev/data', '{"v":{"n":3}}');
    const numbers = async (of: TestPlatform) =>
      (await of.call('GET', '/api/v0/data/streams/urn:lo:nsid:mqtt:dev')).body.map(
        ({ value }: any) => value.n,
      );
    expect(await numbers(bench)).toEqual([3, 1]);
    const waiting = (await bench.call('GET', '/bench/v1/fifos/f/messages')).body;
    expect(waiting.map(({ body }: any) => JSON.parse(body).value.n)).toEqual([1, 3]);
    const afterLoss = await start(files.afterPowerLoss());
    expect(await numbers(afterLoss)).toEqual([3, 1]);
    await Promise.all([bench.stop(), afterLoss.stop()]);
  });

  it('keeps a stream whose first message could not be stored', async () => {
    const files = new MemoryFiles();
    const bench = await start(files);
    files.intercept = ({ kind }) => (kind === 'append' ? { code: 'ENOSPC' } : undefined);
    expect((await bench.call('POST', '/api/v0/data/streams/s', { value: { n: 1 } })).status).toBe(507);
    files.intercept = undefined;
    expect((await bench.call('POST', '/api/v0/data/streams/s', { value: { n: 2 } })).status).toBe(202);
    const restarted = await start(files.afterKill());
    expect((await restarted.call('GET', '/api/v0/data/streams/s')).body).toHaveLength(1);
    await Promise.all([bench.stop(), restarted.stop()]);
  });

  it('loses no acknowledged message, device, key or policy with the power', async () => {
    const files = new MemoryFiles();
    const bench = await start(files);
    await bench.call('PUT', '/api/v1/event2action/actionPolicies/p', policy);
    const key = await bench.key(['DATA_R']);
    const { client } = await connectDevice(bench);
    await client.publishAndWait('dev/data', '{"v":{"n":1}}');
    const restarted = await start(files.afterPowerLoss());
    const answer = await restarted.call('GET', '/api/v0/data/streams/urn:lo:nsid:mqtt:dev', undefined, key);
    expect(answer.body).toHaveLength(1);
    expect((await restarted.call('GET', '/api/v1/deviceMgt/devices/urn:lo:nsid:mqtt:dev')).status).toBe(200);
    const { body } = await restarted.call('GET', '/api/v1/event2action/fifos/f?withStatus=true');
    expect(body.status.messages).toBe(1);
    await Promise.all([bench.stop(), restarted.stop()]);
  });
});
