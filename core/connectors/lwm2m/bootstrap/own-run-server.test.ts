import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isoTime } from '../../../platform/clock.ts';
import { BootstrapBench } from '../../../testing/bootstrap-bench.ts';
import { until } from '../../../testing/until.ts';

const runSecret = '0123456789ABCDEF0123456789ABCDEF';
const runPsk = { identity: 'dev', secret: runSecret };

let bench: BootstrapBench;
beforeEach(async () => {
  bench = await BootstrapBench.start();
});
afterEach(() => bench[Symbol.asyncDispose]());

/** An entry whose run server is the platform (manual 7.7.1.3.2). */
async function entry({
  renew = false,
  runServers = [{ id: 'LOServer', security: { pskInfo: runPsk } }] as object[],
} = {}) {
  const { id } = await bench.config({
    ...{ id: 'LOServer', useLiveObjects: true, renewSecurityOnBootstrap: renew },
    lwm2mDefinition: {
      security: { shortServerId: 1 },
      server: { shortServerId: 1, lifetime: 300, binding: 'U' },
    },
  });
  await bench.entry('dev', { bootstrapConfigId: id, runServers });
}
const managed = { bootstrap: { managed: true } };
const withKey = (pskInfo: object) => ({ security: { mode: 'PSK', pskInfo } });

async function bootstrap() {
  const client = await bench.client('dev');
  const finished = (await bench.read('dev')).activity.bootstrapFinishCount;
  const response = await client.request('ep=dev');
  if (response.success)
    await until(async () => (await bench.read('dev')).activity.bootstrapFinishCount > finished);
  return { response, security: client.objects.get('/0/1') as Record<string, unknown> | undefined };
}
const shown = () => bench.ok('GET /api/v1/deviceMgt/devices/urn:lo:nsid:test:dev/interfaces/lwm2m:dev');
/** With its secret, as the LwM2M server sees it. */
const definition = () =>
  bench.services.inventory.findInterface(bench.services.tenantId, 'lwm2m', 'dev')?.definition;

describe('the platform as run server', () => {
  it('is written with its own URI, and PSK', async () => {
    bench.runServerUri = 'coaps://meters.example:15684';
    await entry();
    await bench.device('dev', withKey(runPsk));
    const { security } = await bootstrap();
    expect(security).toMatchObject({ 0: 'coaps://meters.example:15684', 2: 0, 5: runSecret.toLowerCase() });
    const { activity } = await bench.read('dev');
    expect(activity.endpointBootstrapConfig.runServers[0].security).toEqual({
      ...{ shortServerId: 1, lwm2mServerUri: 'coaps://meters.example:15684', securityMode: 0 },
      ...{ publicKeyOrIdentity: 'dev', secretKey: runSecret },
    });
  });

  it('gives the interface of a managed device its security, and says when', async () => {
    await entry();
    await bench.device('dev', managed);
    const before = await shown();
    expect(before.definition).toEqual({ endpointName: 'dev', ...managed });
    await bootstrap();
    expect(definition()).toEqual({ endpointName: 'dev', ...managed, ...withKey(runPsk) });
    const after = await shown();
    expect(after.definition).toEqual({ endpointName: 'dev', ...managed, ...withKey({ identity: 'dev' }) });
    expect(after.activity).toEqual({ lastBootstrapProvisioningDate: isoTime(bench.services.clock.now()) });
  });

  it('makes new credentials at each bootstrap where the configuration says so, and takes none of the entry', async () => {
    await entry({ renew: true });
    await bench.device('dev', managed);
    const seen = new Set([runSecret]);
    for (const _ of [1, 2]) {
      const { security } = await bootstrap();
      const { pskInfo } = (definition() as any).security;
      expect(Buffer.from(String(security?.[3]), 'hex').toString()).toBe(pskInfo.identity);
      expect(security?.[5]).toBe(pskInfo.secret);
      expect(pskInfo.secret).toMatch(/^[0-9a-f]{32}$/);
      seen.add(pskInfo.secret).add(pskInfo.identity);
    }
    expect(seen.size).toBe(5);
  });

  it('keeps what it has filled in when a user changes the rest, and when the program starts again', async () => {
    await entry();
    await bench.device('dev', managed);
    await bootstrap();
    const path = 'PATCH /api/v1/deviceMgt/devices/urn:lo:nsid:test:dev/interfaces/lwm2m:dev';
    await bench.ok(path, { enabled: true, definition: { bootstrap: { managed: 'true' } } });
    expect(definition()).toMatchObject(withKey(runPsk));
    await expect(
      bench.ok(path, { definition: withKey({ identity: 'mine', secret: 'mine' }) }),
    ).rejects.toThrow('must not be set where bootstrap.managed is true');
    await bench.services.restart({ stopped: true });
    expect(definition()).toMatchObject(withKey(runPsk));
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['has no device', async () => {}, 'no device has the interface lwm2m:dev'],
    [
      'has one with another identity',
      () => bench.device('dev', withKey({ ...runPsk, identity: 'x' })),
      'interface lwm2m:dev of urn:lo:nsid:test:dev has another PSK identity than the entry',
    ],
    [
      'has one with another key',
      () => bench.device('dev', withKey({ ...runPsk, secret: 'x' })),
      'has another PSK secret than the entry has for run server LOServer',
    ],
    [
      'has one that is disabled',
      async () => {
        await bench.device('dev', managed);
        const path = 'PATCH /api/v1/deviceMgt/devices/urn:lo:nsid:test:dev/interfaces/lwm2m:dev';
        await bench.ok(path, { enabled: false });
      },
      'interface lwm2m:dev of urn:lo:nsid:test:dev is disabled',
    ],
    [
      'does not listen',
      async () => {
        bench.runServerUri = undefined;
        await bench.device('dev', managed);
      },
      'whose LwM2M server does not listen',
    ],
  ])('refuses a client that %s', async (_what, prepare, why) => {
    await entry();
    await prepare();
    const { response } = await bootstrap();
    expect(response.codeText).toBe('4.00');
    expect(response.payloadText).toContain(why);
    expect((await bench.read('dev')).activity).toEqual({
      ...{ status: 'FAILED', bootstrapRequestCount: 1, bootstrapFinishCount: 0 },
      lastBootstrapRequestDate: isoTime(bench.services.clock.now()),
    });
    expect(bench.said).toEqual([expect.stringContaining(why)]);
  });

  it('takes a key that is written in another way for the same', async () => {
    await entry();
    await bench.device('dev', withKey({ ...runPsk, secret: runSecret.toLowerCase() }));
    expect((await bootstrap()).response.codeText).toBe('2.04');
  });

  it('refuses new credentials for a device that does not take them', async () => {
    await entry({ renew: true });
    await bench.device('dev', withKey(runPsk));
    expect((await bootstrap()).response.payloadText).toContain('set bootstrap.managed to true');
  });

  it('fails when the interface goes while the client is told', async () => {
    await entry();
    await bench.device('dev', managed);
    const gone = async () => {
      await bench.ok('DELETE /api/v1/deviceMgt/devices/urn:lo:nsid:test:dev');
      return { code: 0x44 };
    };
    const client = await bench.client('dev', { answers: { 'PUT /1/0': gone } });
    await client.request('ep=dev');
    await until(async () => (await bench.read('dev')).activity.status === 'FAILED');
    expect(client.asked).not.toContain('POST /bs');
    expect(bench.said).toEqual([expect.stringContaining('could not be given its security')]);
  });
});
