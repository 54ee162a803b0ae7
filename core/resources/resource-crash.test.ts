import { afterEach, describe, expect, it } from 'vitest';
import { MemoryFiles } from '../platform/memory-files.ts';
import { VirtualClock } from '../platform/virtual-clock.ts';
import { RawMqttClient } from '../testing/raw-mqtt-client.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';
import { until } from '../testing/until.ts';

const dataDir = '/data';
const folder = '/data/resources';
const deviceId = 'urn:lo:nsid:test:one';
const path = `/api/v1/deviceMgt/devices/${deviceId}/resources`;
const content = Buffer.from('firmware');
const file = content.toString('base64');

let lastPid = 700_000;
const running: TestPlatform[] = [];
afterEach(async () => {
  for (const bench of running.splice(0).reverse()) await bench.stop();
});

/** Each start is a process of its own, and the earlier ones are dead. */
async function start(files = new MemoryFiles(), clock = new VirtualClock()) {
  const current = { pid: ++lastPid, startMark: '' };
  const processes = { current, isRunning: async ({ pid }: { pid: number }) => pid === current.pid };
  const bench = await startTestPlatform({ dataDir, seams: { files, processes, clock } });
  running.push(bench);
  const ok = async (method: string, url: string, body?: unknown) => {
    const answer = await bench.call(method, url, body);
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
    return answer.body;
  };
  return {
    bench,
    files,
    clock,
    ok,
    latest: () => ok('GET', `${path}/fw/updates/latest`),
    async device() {
      const { client } = await RawMqttClient.connect(bench.mqttPort, {
        ...{ clientId: deviceId, username: 'json+device', password: bench.masterKey },
      });
      return client;
    },
    async upload(version = '2') {
      await bench.call('POST', '/api/v0/rm', { resourceId: 'fw' });
      await ok('POST', '/api/v0/rm/fw/version', { resourceVersionId: version, file });
    },
  };
}

async function next(client: RawMqttClient): Promise<any> {
  const packet = await client.next('publish');
  client.send({ cmd: 'puback', messageId: packet.messageId ?? 0 });
  return JSON.parse(String(packet.payload));
}

const fetchText = async (uri: string) => (await fetch(uri)).text();
/** The same link at a platform that listens on another port now. */
const at = (uri: string, { bench }: { bench: TestPlatform }) =>
  `${bench.platform.endpoints().http}${new URL(uri).pathname}`;

describe('resources after a loss of power', () => {
  it('have every version that was acknowledged, with its content', async () => {
    const before = await start();
    await before.upload();
    const shown = await before.ok('GET', '/api/v0/rm/fw/version/2');
    const after = await start(before.files.afterPowerLoss());
    expect(await after.ok('GET', '/api/v0/rm/fw/version/2')).toEqual(shown);
    const [name = ''] = await after.files.list(folder);
    expect(Buffer.from((await after.files.read(`${folder}/${name}`)) ?? []).equals(content)).toBe(true);
  });

  it('have no content that no version names', async () => {
    const before = await start();
    await before.upload();
    const [kept] = await before.files.list(folder);
    await before.files.writeWhole(`${folder}/${'a'.repeat(32)}`, [content]);
    await before.files.writeWhole(`${folder}/${'b'.repeat(32)}.tmp`, [content]);
    const after = await start(before.files.afterPowerLoss());
    expect(await after.files.list(folder)).toEqual([kept]);
  });

  it('ask again, with the same number and link, for what was asked and not answered', async () => {
    const before = await start();
    await before.upload();
    const first = await before.device();
    await first.subscribe('dev/rsc/upd');
    await before.ok('POST', `${path}/fw/updates`, { requestedVersion: '2' });
    const request = await next(first);
    const after = await start(before.files.afterPowerLoss(), before.clock);
    expect((await after.latest()).status).toBe('PENDING');
    const second = await after.device();
    await second.subscribe('dev/rsc/upd');
    const again = await next(second);
    expect(again.cid).toBe(request.cid);
    expect(new URL(again.m.uri).pathname).toBe(new URL(request.m.uri).pathname);
    expect(await fetchText(again.m.uri)).toBe('firmware');
  });

  it('go on with what the device has accepted, and its link is open', async () => {
    const before = await start();
    await before.upload();
    const first = await before.device();
    await first.publishAndWait('dev/rsc', '{"rsc":{"fw":{"v":"1"}}}');
    await first.subscribe('dev/rsc/upd');
    await before.ok('POST', `${path}/fw/updates`, { requestedVersion: '2' });
    const { cid, m } = await next(first);
    await first.publishAndWait('dev/rsc/upd/res', JSON.stringify({ res: 'OK', cid }));
    const after = await start(before.files.afterPowerLoss(), before.clock);
    expect(await after.latest()).toMatchObject({ status: 'IN_PROGRESS', initialVersion: '1' });
    expect(await after.ok('GET', path)).toMatchObject({
      fw: { reported: { version: '1' }, requested: { version: '2' } },
    });
    expect(await after.ok('GET', `/api/v1/deviceMgt/devices/${deviceId}`)).toMatchObject({
      resources: { fw: '1' },
    });
    expect(await fetchText(at(m.uri, after))).toBe('firmware');
    const second = await after.device();
    await second.publishAndWait('dev/rsc', '{"rsc":{"fw":{"v":"2"}}}');
    expect((await after.latest()).status).toBe('DONE');
  });

  it('give up what ran out of time while the program did not run', async () => {
    const before = await start();
    await before.upload();
    await (await before.device()).drop();
    await before.ok('POST', `${path}/fw/updates`, { requestedVersion: '2' });
    const { files, clock } = before;
    clock.advance(29 * 24 * 3_600_000);
    const disk = files.afterPowerLoss();
    const later = new VirtualClock(clock.now() + 24 * 3_600_000);
    const after = await start(disk, later);
    later.advance(1000);
    await until(async () => (await after.latest()).errorCode === 'EXPIRED');
  });

  it.each([
    ['waits for the device', 'EXPIRED', 30 * 24 * 3_600_000],
    ['the device is at', 'UPDATE_TIMEOUT', 3_600_000],
  ])(
    'what %s lasts no longer than it may, when time is earlier than it was said to be',
    async (what, code, lengthMs) => {
      const before = await start();
      await before.upload();
      const device = await before.device();
      if (what === 'the device is at') await device.subscribe('dev/rsc/upd');
      await before.ok('POST', `${path}/fw/updates`, { requestedVersion: '2' });
      if (what === 'the device is at') {
        const { cid } = await next(device);
        await device.publishAndWait('dev/rsc/upd/res', JSON.stringify({ res: 'OK', cid }));
      }
      const { status } = await before.latest();
      const earlier = new VirtualClock(Date.UTC(2026, 10, 23));
      const after = await start(before.files.afterPowerLoss(), earlier);
      earlier.advance(lengthMs - 1);
      expect((await after.latest()).status).toBe(status);
      earlier.advance(1);
      await until(async () => (await after.latest()).errorCode === code);
    },
  );

  it('never give a number to another update', async () => {
    const before = await start();
    await before.upload();
    await (await before.device()).drop();
    const ask = (of: typeof before) => of.ok('POST', `${path}/fw/updates`, { requestedVersion: '2' });
    const ids = [await ask(before), await ask(before)].map(({ id }) => id);
    const after = await start(before.files.afterPowerLoss());
    ids.push((await ask(after)).id);
    expect(new Set(ids).size).toBe(3);
  });
});

describe('resources whose disk fails', () => {
  it('tell that the disk is full, keep nothing of what was refused, and heal', async () => {
    const { bench, files, upload, ok } = await start();
    await upload('1');
    files.intercept = ({ kind }) => (kind === 'writeWhole' ? { code: 'ENOSPC', writtenBytes: 3 } : undefined);
    const refused = await bench.call('POST', '/api/v0/rm/fw/version', { resourceVersionId: '2', file });
    expect(refused).toMatchObject({ status: 507, body: { code: 'STORE_FULL' } });
    expect(refused.body.details).toContain('Free space on the disk');
    files.intercept = ({ kind }) => (kind === 'append' ? { code: 'ENOSPC' } : undefined);
    const unnamed = await bench.call('POST', '/api/v0/rm/fw/version', { resourceVersionId: '2', file });
    expect(unnamed.status).toBe(507);
    files.intercept = undefined;
    expect((await ok('GET', '/api/v0/rm/fw/version')).totalCount).toBe(1);
    await upload('2');
    const restarted = await start(files.afterKill());
    expect((await restarted.ok('GET', '/api/v0/rm/fw/version')).totalCount).toBe(2);
    expect(await restarted.files.list(folder)).toHaveLength(2);
  });

  it('acknowledge no report that is not stored, and show none', async () => {
    const { bench, files, device, ok } = await start();
    const client = await device();
    files.intercept = ({ kind }) => (kind === 'append' ? { code: 'ENOSPC' } : undefined);
    client.publish('dev/rsc', '{"rsc":{"fw":{"v":"1"}}}', 1, 7);
    await client.closed();
    expect(client.received).toEqual([]);
    files.intercept = undefined;
    await until(async () => (await bench.call('GET', path)).status === 200);
    expect(await ok('GET', path)).toEqual({});
  });

  it('say so where somebody took a content away', async () => {
    const { bench, files, device, upload, ok, latest } = await start();
    await upload();
    const client = await device();
    await client.subscribe('dev/rsc/upd');
    await ok('POST', `${path}/fw/updates`, { requestedVersion: '2' });
    const { m } = await next(client);
    for (const name of await files.list(folder)) await files.remove(`${folder}/${name}`);
    const answer = await fetch(m.uri);
    expect([answer.status, ((await answer.json()) as any).code]).toEqual([500, 'RM_CONTENT_MISSING']);
    expect((await latest()).progress).toBe(0);
    expect((await bench.call('GET', '/bench/v1/health')).status).toBe(200);
  });
});

it('a reset takes the contents along', async () => {
  const { bench, files, upload } = await start();
  await upload();
  await bench.platform.reset();
  expect(await files.list(folder)).toEqual([]);
  expect((await bench.call('GET', '/api/v0/rm')).body.totalCount).toBe(0);
  await upload();
  expect(await files.list(folder)).toHaveLength(1);
});
