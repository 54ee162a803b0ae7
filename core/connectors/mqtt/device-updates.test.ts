import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { LiveEvent } from '../../contract/live.ts';
import { mqttBench } from '../../testing/mqtt-bench.ts';
import type { RawMqttClient } from '../../testing/raw-mqtt-client.ts';
import { until } from '../../testing/until.ts';

const deviceId = 'urn:lo:nsid:sensor:temp001';
const resource = 'X11_firmware';
const path = `/api/v1/deviceMgt/devices/${deviceId}/resources`;
const content = Buffer.from('the new firmware, in bytes');
const md5 = createHash('md5').update(content).digest('hex');

interface Request {
  id: string;
  old: string;
  new: string;
  m: { uri: string; size: number; md5: string } & Record<string, unknown>;
  cid: number;
}

describe('resources of MQTT devices (manual 6.5.8)', () => {
  const bench = mqttBench({ settings: { resourceUpdateWaitMs: 7_200_000 } });
  beforeEach(async () => {
    await bench.platform.reset();
    await ok('POST', '/api/v0/rm', { resourceId: resource });
    await upload('1.2');
  });

  async function ok(method: string, url: string, body?: unknown, status = 200) {
    const answer = await bench.call(method, url, body);
    expect(answer.status, JSON.stringify(answer.body)).toBe(status);
    return answer.body;
  }
  const upload = (version: string, more: object = {}) =>
    ok('POST', `/api/v0/rm/${resource}/version`, {
      ...{ resourceVersionId: version, file: content.toString('base64') },
      ...more,
    });
  const connect = (clientId = deviceId) => bench.connect(clientId);
  const say = (client: RawMqttClient, topic: string, body: unknown) =>
    client.publishAndWait(topic, typeof body === 'string' ? body : JSON.stringify(body));
  const report = (client: RawMqttClient, version: string, m?: object) =>
    say(client, 'dev/rsc', { rsc: { [resource]: { v: version, ...(m && { m }) } } });
  const ask = (requestedVersion = '1.2', more: object = {}, status = 201) =>
    ok('POST', `${path}/${resource}/updates`, { requestedVersion, ...more }, status);
  const latest = () => ok('GET', `${path}/${resource}/updates/latest`);
  const next = (client: RawMqttClient): Promise<Request> => bench.next(client, 'dev/rsc/upd');
  /** A device with version 1.1 that is asked for 1.2. */
  const asked = async () => {
    const client = await connect();
    await report(client, '1.1');
    await client.subscribe('dev/rsc/upd');
    const update = await ask();
    return { client, update, request: await next(client) };
  };
  const { audit } = bench;
  const now = () => new Date(bench.clock.now()).toISOString();

  it('keeps the versions that a device reports: the example of the manual', async () => {
    const client = await connect();
    const m = { size: 2, md5: '098f6bcd4621d373cade4e832627b4f6' };
    await say(client, 'dev/rsc', { rsc: { [resource]: { v: '1.2', m }, X11_modem_driver: { v: '4.0.M2' } } });
    const timestamp = now();
    expect(await ok('GET', path)).toEqual({
      [resource]: { reported: { version: '1.2', timestamp }, metadata: m },
      X11_modem_driver: { reported: { version: '4.0.M2', timestamp } },
    });
    expect(await ok('GET', `${path}/X11_modem_driver`)).toEqual({
      reported: { version: '4.0.M2', timestamp },
    });
    const versions = { [resource]: '1.2', X11_modem_driver: '4.0.M2' };
    const device = await ok('GET', `/api/v1/deviceMgt/devices/${deviceId}`);
    expect(device).toMatchObject({ resources: versions, firmwares: versions });
    expect(device.interfaces[0]).toMatchObject({ resources: versions, firmwares: versions });
  });

  it('takes a device from the request over the download to the new version', async () => {
    const { client, update, request } = await asked();
    expect(update).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      ...{ deviceId, resourceId: resource, initialVersion: '1.1', requestedVersion: '1.2' },
      ...{ connector: 'http-updater', status: 'PENDING', progress: 0, metadata: {} },
      ...{ created: now(), updated: now(), history: [{ timestamp: now(), status: 'PENDING' }] },
    });
    expect(request).toEqual({
      ...{ id: resource, old: '1.1', new: '1.2', cid: expect.any(Number) },
      m: { uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/dl\/[0-9a-f]{32}$/), size: 26, md5 },
    });
    expect(request.cid).toBeLessThan(2 ** 31);
    expect((await latest()).status).toBe('SENT');
    await say(client, 'dev/rsc/upd/res', { res: 'OK', cid: request.cid });
    expect(await latest()).toMatchObject({ status: 'IN_PROGRESS', progress: 0 });
    const fetched = Buffer.from(await (await fetch(request.m.uri)).arrayBuffer());
    expect(fetched.equals(content)).toBe(true);
    await until(async () => (await latest()).progress === 100);
    expect((await latest()).status).toBe('IN_PROGRESS');
    await report(client, '1.2');
    expect(await latest()).toMatchObject({ id: update.id, status: 'DONE', progress: 100 });
    expect(await ok('GET', `${path}/${resource}`)).toMatchObject({
      reported: { version: '1.2' },
      requested: { version: '1.2' },
    });
    // The link ends with its update.
    expect((await fetch(request.m.uri)).status).toBe(404);
  });

  it.each([
    'UNKNOWN_RESOURCE',
    'WRONG_SOURCE_VERSION',
    'WRONG_TARGET_VERSION',
    'INVALID_RESOURCE',
    'NOT_AUTHORIZED',
    'INTERNAL_ERROR',
  ])('fails with the answer %s', async (res) => {
    const { client, request } = await asked();
    await say(client, 'dev/rsc/upd/res', { res, cid: request.cid });
    expect(await latest()).toMatchObject({ status: 'FAILED', errorOrigin: 'DEVICE', errorCode: res });
    expect((await audit())[0]).toMatchObject({
      ...{ category: 'device_management', subcategory: 'firmware_upgrade', level: 'error' },
      ...{ source: { deviceId, connector: 'mqtt', nodeId: deviceId }, content: { errorCode: res } },
    });
  });

  it('fails with what the device reports as its error: the example of the manual', async () => {
    const { client, request } = await asked();
    await say(client, 'dev/rsc/upd/res', { res: 'OK', cid: request.cid });
    await say(client, 'dev/rsc/upd/err', {
      errorCode: 'DEV123.Z_FIRMW_CRC',
      errorDetails: 'error while loading firmware, bad CRC',
    });
    expect(await latest()).toMatchObject({
      ...{ status: 'FAILED', errorOrigin: 'DEVICE', errorCode: 'ASSET_ORIGINATED_ERROR' },
      deviceErrorCode: 'DEV123.Z_FIRMW_CRC',
      errorDetails: 'error while loading firmware, bad CRC',
    });
  });

  it('cuts an error at 256 characters, and takes one without a code', async () => {
    const { client } = await asked();
    await say(client, 'dev/rsc/upd/err', { errorDetails: 'x'.repeat(300) });
    const update = await latest();
    expect(update).toMatchObject({ status: 'FAILED', errorDetails: 'x'.repeat(256) });
    expect(update.deviceErrorCode).toBeUndefined();
  });

  it.each([
    ['dev/rsc', 'no json', 'Report of resources refused'],
    ['dev/rsc', '{"rsc":[]}', 'Report of resources refused'],
    ['dev/rsc', '{"rsc":{"a":{"v":1}}}', 'Part of a report of resources was refused'],
    ['dev/rsc', '{"rsc":{"":{"v":"1"}}}', 'Part of a report of resources was refused'],
    ['dev/rsc', '{"rsc":{"a":{"v":"1","m":[]}}}', 'Part of a report of resources was refused'],
    ['dev/rsc/upd/res', '{"res":"MAYBE","cid":1}', 'Answer to a resource update refused'],
    ['dev/rsc/upd/res', '{"res":"OK"}', 'Answer to a resource update refused'],
    ['dev/rsc/upd/res', '{"res":"OK","cid":{}}', 'Answer to a resource update refused'],
    ['dev/rsc/upd/res', '{"res":"OK","cid":907237823}', 'Answer to an unknown resource update'],
    ['dev/rsc/upd/res', '{"res":"OK","cid":1.5}', 'Answer to an unknown resource update'],
    ['dev/rsc/upd/err', '{}', 'Resource update error refused'],
    ['dev/rsc/upd/err', '{"errorDetails":7}', 'Resource update error refused'],
    ['dev/rsc/upd/err', '{"errorDetails":"no update"}', 'Resource update error of no update'],
  ])('acknowledges and notes what cannot be used: %s %s', async (topic, body, description) => {
    const client = await connect();
    await say(client, topic, body);
    await until(async () => (await audit()).some((each: any) => each.description === description));
    expect(await ok('GET', path)).toEqual({});
    await client.roundTrip();
  });

  it('takes the good resources of a report beside bad ones, up to the hundredth', async () => {
    const client = await connect();
    const many = Object.fromEntries(
      Array.from({ length: 101 }, (_, index) => [`r${index}`, { v: '1' }] as const),
    );
    await say(client, 'dev/rsc', { rsc: { bad: { v: null }, ...many } });
    expect(Object.keys(await ok('GET', path))).toHaveLength(100);
    expect((await audit())[0].detailedDescription).toContain('setting resourceMaxPerDevice');
  });

  it('waits until the device has subscribed, which is a capability', async () => {
    const client = await connect();
    await report(client, '1.1');
    await ask();
    await client.roundTrip();
    expect((await latest()).status).toBe('PENDING');
    await client.subscribe('dev/rsc/upd');
    expect((await next(client)).new).toBe('1.2');
    const { interfaces } = await ok('GET', `/api/v1/deviceMgt/devices/${deviceId}?fields=interfaces`);
    expect(interfaces[0].capabilities.resource).toEqual({ available: true, version: 1 });
  });

  it('sends metadata beside what the device needs, and an empty old version of one that said none', async () => {
    const client = await connect();
    await client.subscribe('dev/rsc/upd');
    await ask('1.2', { metadata: { slot: 'B', md5: 'mine' } });
    const request = await next(client);
    expect(request).toMatchObject({ old: '', m: { slot: 'B', md5, size: 26 } });
  });

  it('asks again when no answer comes, and gives up after the third time', async () => {
    const { request, client } = await asked();
    for (let again = 0; again < 2; again++) {
      bench.clock.advance(60_000);
      expect(await next(client)).toEqual(request);
    }
    bench.clock.advance(60_000);
    await until(async () => (await latest()).status === 'FAILED');
    expect(await latest()).toMatchObject({ errorOrigin: 'INTERNAL', errorCode: 'ANSWER_TIMEOUT' });
    await say(client, 'dev/rsc/upd/res', { res: 'OK', cid: request.cid });
    await until(async () => (await audit())[0].description === 'Late answer to a resource update');
  });

  it('asks over the next connection, with the same number and link, and does not count the lost one', async () => {
    const { client, request } = await asked();
    await client.drop();
    await until(async () => (await latest()).status === 'PENDING');
    const again = await connect();
    await again.subscribe('dev/rsc/upd');
    expect(await next(again)).toEqual(request);
    await say(again, 'dev/rsc/upd/res', { res: 'OK', cid: String(request.cid) });
    expect((await latest()).status).toBe('IN_PROGRESS');
  });

  it('finds nothing wrong with a device that fetches before it answers, and tells a second answer', async () => {
    const { client, request } = await asked();
    await (await fetch(request.m.uri)).arrayBuffer();
    await until(async () => (await latest()).progress === 100);
    const said = async () => (await audit()).map(({ description }: { description: string }) => description);
    await say(client, 'dev/rsc/upd/res', { res: 'OK', cid: request.cid });
    expect(await said()).not.toContain('Repeated answer to a resource update');
    await say(client, 'dev/rsc/upd/res', { res: 'OK', cid: request.cid });
    expect(await said()).toContain('Repeated answer to a resource update');
    await report(client, '1.2');
    expect((await latest()).status).toBe('DONE');
  });

  it('takes an answer that comes before the device is asked again', async () => {
    const { client, request } = await asked();
    await client.drop();
    await until(async () => (await latest()).status === 'PENDING');
    const again = await connect();
    await say(again, 'dev/rsc/upd/res', { res: 'OK', cid: request.cid });
    expect((await latest()).status).toBe('IN_PROGRESS');
  });

  it('waits for a device that goes while it installs, and fails when the version does not come', async () => {
    const { client, request } = await asked();
    await say(client, 'dev/rsc/upd/res', { res: 'OK', cid: request.cid });
    await client.drop();
    const again = await connect();
    await report(again, '1.1');
    await again.subscribe('dev/rsc/upd');
    expect((await latest()).status).toBe('IN_PROGRESS');
    bench.clock.advance(3_600_000);
    await until(async () => (await latest()).status === 'FAILED');
    expect(await latest()).toMatchObject({ errorOrigin: 'INTERNAL', errorCode: 'UPDATE_TIMEOUT' });
  });

  it('counts a download as a sign of the device, also without an answer', async () => {
    const { request } = await asked();
    await (await fetch(request.m.uri)).arrayBuffer();
    await until(async () => (await latest()).status === 'IN_PROGRESS');
    bench.clock.advance(60_000);
    expect((await latest()).status).toBe('IN_PROGRESS');
  });

  it('is done when the device reports the version, whatever else it said', async () => {
    const { client } = await asked();
    await report(client, '1.2');
    expect((await latest()).status).toBe('DONE');
    await ask('1.2', {}, 204);
    expect(await bench.call('POST', `${path}/${resource}`, { version: '1.2' })).toMatchObject({
      status: 204,
    });
  });

  it('has nothing to do for a version that the device reports, also where the repository lacks it', async () => {
    const client = await connect();
    await say(client, 'dev/rsc', { rsc: { X11_modem_driver: { v: '4.0.M2' }, [resource]: { v: '0.9' } } });
    await ok('POST', `${path}/X11_modem_driver`, { version: '4.0.M2' }, 204);
    await ok('POST', `${path}/X11_modem_driver/updates`, { requestedVersion: '4.0.M2' }, 204);
    await ask('0.9', {}, 204);
    expect(await ok('POST', `${path}/X11_modem_driver`, { version: '4.1' }, 404)).toMatchObject({
      code: 'RM_RESOURCE_NOT_FOUND',
    });
    expect(await ok('GET', `${path}/X11_modem_driver`)).toMatchObject({ reported: { version: '4.0.M2' } });
  });

  it('gives up on a device that does not come in the time that is set', async () => {
    const client = await connect();
    await client.drop();
    await ask();
    bench.clock.advance(7_200_000 - 1);
    expect((await latest()).status).toBe('PENDING');
    bench.clock.advance(1);
    await until(async () => (await latest()).status === 'FAILED');
    expect((await latest()).errorCode).toBe('EXPIRED');
  });

  it('updates one resource of a device at a time', async () => {
    const { client, request } = await asked();
    await ok('POST', '/api/v0/rm', { resourceId: 'other' });
    await ok('POST', '/api/v0/rm/other/version', { resourceVersionId: '2', file: 'AAAA' });
    await ok('POST', `${path}/other/updates`, { requestedVersion: '2' }, 201);
    await client.roundTrip();
    expect(await ok('GET', `${path}/updates?resourceId=other`)).toMatchObject([{ status: 'PENDING' }]);
    await say(client, 'dev/rsc/upd/res', { res: 'NOT_AUTHORIZED', cid: request.cid });
    expect((await next(client)).id).toBe('other');
    expect((await ok('GET', `${path}/updates`)).map((each: any) => [each.resourceId, each.status])).toEqual([
      ['other', 'SENT'],
      [resource, 'FAILED'],
    ]);
  });

  it('replaces what waits, and refuses while the device is at it', async () => {
    await upload('1.3');
    const client = await connect();
    const first = await ask();
    const second = await ask('1.3');
    expect(await ok('GET', `${path}/updates`)).toMatchObject([
      { id: second.id, status: 'PENDING' },
      { id: first.id, status: 'CANCELED' },
    ]);
    expect(await ok('GET', `${path}/updates?latest=true`)).toMatchObject([{ id: second.id }]);
    expect(await ok('POST', `${path}/${resource}`, { version: '1.3' })).toMatchObject({
      requested: { version: '1.3' },
    });
    expect(await ok('GET', `${path}/updates`)).toHaveLength(2);
    await client.subscribe('dev/rsc/upd');
    expect((await next(client)).new).toBe('1.3');
    expect(await ask('1.2', {}, 409)).toMatchObject({ code: 'DM_DEVICE_RESOURCE_UPDATE_IN_PROGRESS' });
  });

  it('cancels, with force also what was sent; the link ends', async () => {
    const { update, request } = await asked();
    const status = `${path}/updates/${update.id}/status`;
    expect(await ok('POST', status, 'CANCELED', 409)).toMatchObject({
      details: expect.stringContaining('force=true'),
    });
    expect(await ok('POST', `${status}?force=true`, 'CANCELED')).toEqual({ content: 'CANCELED' });
    expect((await latest()).status).toBe('CANCELED');
    expect((await ok('GET', `${path}/${resource}`)).requested).toBeUndefined();
    expect((await fetch(request.m.uri)).status).toBe(404);
    await ok('POST', `${status}?force=true`, 'CANCELED', 409);
    await ok('POST', `${path}/updates/${'f'.repeat(24)}/status`, 'CANCELED', 404);
  });

  it('takes back what was asked for', async () => {
    await asked();
    await ok('DELETE', `${path}/${resource}/requested`, undefined, 409);
    await ok('DELETE', `${path}/${resource}/requested?force=true`, undefined, 204);
    expect((await latest()).status).toBe('CANCELED');
    expect(await ok('GET', `${path}/${resource}`)).toEqual({
      reported: { version: '1.1', timestamp: expect.any(String) },
    });
    await ok('DELETE', `${path}/nothing/requested`, undefined, 404);
  });

  it('forgets a resource that the device never reported when nothing is asked for any more', async () => {
    await (await connect()).subscribe('dev/rsc/upd');
    await ask();
    await ok('DELETE', `${path}/${resource}/requested?force=true`, undefined, 204);
    expect(await ok('GET', path)).toEqual({});
    await ok('GET', `${path}/${resource}`, undefined, 404);
  });

  it('keeps devices from versions that they cannot go to', async () => {
    await upload('2.0', { compatibleVersions: ['1.5'] });
    const client = await connect();
    await report(client, '1.1');
    expect(await ask('2.0', {}, 409)).toMatchObject({ code: 'RM_VERSION_NOT_COMPATIBLE' });
    await report(client, '1.5');
    await ask('2.0');
    await report(client, '1.1');
    await client.subscribe('dev/rsc/upd');
    await until(async () => (await latest()).status === 'FAILED');
    expect(await latest()).toMatchObject({ errorOrigin: 'INTERNAL', errorCode: 'INCOMPATIBLE_VERSION' });
  });

  it('says what is not there', async () => {
    await ask('1.2', {}, 404);
    await connect();
    expect(await ask('9.9', {}, 404)).toMatchObject({ code: 'RM_VERSION_NOT_FOUND' });
    expect(await ask('1.2', { connector: 'lwm2m-updater' }, 404)).toMatchObject({
      code: 'DM_CONNECTOR_UNAVAILABLE',
    });
    await ok('POST', `${path}/none/updates`, { requestedVersion: '1' }, 404);
    await ok('GET', `${path}/${resource}`, undefined, 404);
    await ok('GET', `${path}/${resource}/updates/latest`, undefined, 404);
    await ok('POST', '/api/v1/deviceMgt/devices', { id: 'urn:lo:nsid:a:none' });
    const none = '/api/v1/deviceMgt/devices/urn:lo:nsid:a:none/resources';
    await ok('POST', `${none}/${resource}/updates`, { requestedVersion: '1.2' }, 400);
    await ok('POST', `${none}/${resource}`, { version: '1.2' }, 400);
  });

  it('limits the updates of a device that wait', async () => {
    await connect();
    const resources = Array.from({ length: 15 }, (_, index) => `r${index}`);
    for (const resourceId of resources) {
      await ok('POST', '/api/v0/rm', { resourceId });
      await ok('POST', `/api/v0/rm/${resourceId}/version`, { resourceVersionId: '1', file: 'AAAA' });
    }
    const { platform, tenantId } = bench;
    const asked = await Promise.allSettled(
      resources.map((id) => platform.resources.request(tenantId, deviceId, id, { requestedVersion: '1' })),
    );
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    const refused = await ok('POST', `${path}/r14/updates`, { requestedVersion: '1' }, 403);
    expect(refused.details).toContain('10 wait; the most is 10 (setting resourceUpdateMaxQueued)');
  });

  it('goes with a device that gets another id, and ends with one that is deleted', async () => {
    const { client, update, request } = await asked();
    const renamed = 'urn:lo:nsid:sensor:renamed';
    await ok('PATCH', `/api/v1/deviceMgt/devices/${deviceId}`, { id: renamed });
    const there = path.replace(deviceId, renamed);
    await say(client, 'dev/rsc/upd/res', { res: 'OK', cid: request.cid });
    expect(await ok('GET', `${there}/updates`)).toMatchObject([
      { id: update.id, deviceId: renamed, status: 'IN_PROGRESS' },
    ]);
    expect(await ok('GET', there)).toMatchObject({ [resource]: { reported: { version: '1.1' } } });
    await ok('DELETE', `/api/v1/deviceMgt/devices/${renamed}`, undefined, 204);
    await until(async () => (await fetch(request.m.uri)).status === 404);
    // What it needed may go again.
    await until(async () => (await bench.call('DELETE', `/api/v0/rm/${resource}`)).status === 200);
  });

  it('goes with a device that gets another id at the same moment', async () => {
    const client = await connect();
    const renamed = 'urn:lo:nsid:sensor:renamed';
    const [update] = await Promise.all([
      bench.call('POST', `${path}/${resource}/updates`, { requestedVersion: '1.2' }),
      ok('PATCH', `/api/v1/deviceMgt/devices/${deviceId}`, { id: renamed }),
      report(client, '1.1'),
    ]);
    const there = path.replace(deviceId, renamed);
    await until(async () => (await bench.call('GET', there)).body[resource]?.reported !== undefined);
    const { body } = await bench.call('GET', `${there}/updates`);
    // It was there before the request, or it was not.
    expect(body.map(({ id }: any) => id)).toEqual(update.status === 201 ? [update.body.id] : []);
  });

  it('keeps a version that an update needs, and lets it go after', async () => {
    const { client, request } = await asked();
    for (const url of [`/api/v0/rm/${resource}`, `/api/v0/rm/${resource}/version/1.2`]) {
      expect(await ok('DELETE', url, undefined, 409)).toMatchObject({ code: 'RM_VERSION_IN_USE' });
    }
    await ok('PUT', `/api/v0/rm/${resource}/version/1.2`, { file: 'AAAA' }, 409);
    await say(client, 'dev/rsc/upd/res', { res: 'NOT_AUTHORIZED', cid: request.cid });
    await ok('DELETE', `/api/v0/rm/${resource}/version/1.2`);
  });

  it('tells the live socket', async () => {
    const { http } = bench.platform.endpoints();
    const live = new WebSocket(`${http?.replace('http', 'ws')}/live`);
    const events: LiveEvent[] = [];
    await new Promise((resolve) => live.once('open', resolve));
    live.on('message', (data) => events.push(...(JSON.parse(String(data)).events ?? [])));
    live.send(JSON.stringify({ key: bench.masterKey, channels: ['resources'], deviceId }));
    await new Promise((resolve) => live.once('message', resolve));
    const { client, request } = await asked();
    await say(client, 'dev/rsc/upd/res', { res: 'OK', cid: request.cid });
    await report(client, '1.2');
    bench.wireClock.advance(100);
    await until(() => events.length >= 6);
    await upload('1.3');
    bench.wireClock.advance(100);
    await until(() => events.length >= 7);
    live.close();
    expect(events.pop()).toMatchObject({ channel: 'resources', resourceId: resource });
    expect(
      events.map((each: any) => each.update?.status ?? each.resources[resource].reported.version),
    ).toEqual(['1.1', 'PENDING', 'SENT', 'IN_PROGRESS', '1.2', 'DONE']);
  });
});
