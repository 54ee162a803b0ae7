import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';
import { until } from '../../testing/until.ts';

const run = promisify(execFile);
const deviceId = 'urn:lo:nsid:test:downloader';
const linkTtlMs = 1_800_000;
const content = randomBytes(300_000);
const md5 = createHash('md5').update(content).digest('hex');
const updates = `/api/v1/deviceMgt/devices/${deviceId}/resources`;

describe('contents by link (facts 4.3, 21)', () => {
  let bench: TestPlatform;
  let client: MqttClient;
  let folder: string;
  let caFile: string;
  const requests: any[] = [];

  beforeAll(async () => {
    bench = await startTestPlatform({
      ports: { http: 0, https: 0, mqtt: 0, mqtts: undefined },
      settings: { resourceMaxDownloadsPerLink: 2, resourceLinkTtlMs: linkTtlMs },
    });
    folder = await mkdtemp(join(tmpdir(), 'fleetbench-download-'));
    caFile = join(folder, 'ca.pem');
    await writeFile(caFile, bench.platform.caCertificatePem ?? '');
    client = await mqtt.connectAsync(`mqtt://127.0.0.1:${bench.mqttPort}`, {
      ...{ clientId: deviceId, username: 'json+device', password: bench.masterKey, reconnectPeriod: 0 },
    });
    client.on('message', (_topic, payload) => requests.push(JSON.parse(String(payload))));
    await client.subscribeAsync('dev/rsc/upd', { qos: 1 });
  });
  afterAll(async () => {
    await client.endAsync(true);
    await bench.stop();
    await rm(folder, { recursive: true });
  });

  let resources = 0;
  /** Asks the device for an update of a new resource. @returns what it gets */
  async function ask(metadata: Record<string, string> = {}): Promise<any> {
    const resourceId = `fw${++resources}`;
    for (const update of (await bench.call('GET', `${updates}/updates`)).body) {
      await bench.call('POST', `${updates}/updates/${update.id}/status?force=true`, 'CANCELED');
    }
    await bench.call('POST', '/api/v0/rm', { resourceId, metadata });
    const file = content.toString('base64');
    await bench.call('POST', `/api/v0/rm/${resourceId}/version`, { resourceVersionId: '2', file });
    await bench.call('POST', `${updates}/${resourceId}/updates`, { requestedVersion: '2' });
    await until(() => requests.at(-1)?.id === resourceId);
    return requests.at(-1);
  }
  const linkOf = async (metadata?: Record<string, string>): Promise<string> => (await ask(metadata)).m.uri;
  const get = (uri: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(uri, { method, headers });
  const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());
  const latest = async () => (await bench.call('GET', `${updates}/updates?limit=1`)).body[0];

  it('come whole with their length, without a key', async () => {
    const response = await get(await linkOf());
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-length': '300000',
      'content-type': 'application/octet-stream',
      'accept-ranges': 'bytes',
      etag: `"${md5}"`,
      'cache-control': 'no-store',
    });
    expect((await bytesOf(response)).equals(content)).toBe(true);
    await until(async () => (await latest()).progress === 100);
  });

  it.each([
    ['bytes=0-99', 0, 100],
    ['bytes=100000-', 100_000, 300_000],
    ['bytes=-5', 299_995, 300_000],
    ['bytes=65535-65537', 65_535, 65_538],
    ['bytes=299999-400000', 299_999, 300_000],
  ])('come in the part %s', async (range, start, end) => {
    const response = await get(await linkOf(), { range });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes ${start}-${end - 1}/300000`);
    expect(response.headers.get('content-length')).toBe(String(end - start));
    expect((await bytesOf(response)).equals(content.subarray(start, end))).toBe(true);
  });

  it.each(['bytes=0-1,5-6', 'bytes=5-4', 'lines=1-2'])('come whole where %s is asked for', async (range) => {
    const response = await get(await linkOf(), { range });
    expect(response.status).toBe(200);
    expect((await bytesOf(response)).length).toBe(content.length);
  });

  it('answer 416 where there are no such bytes, with the size', async () => {
    const response = await get(await linkOf(), { range: 'bytes=300000-' });
    expect([response.status, response.headers.get('content-range')]).toEqual([416, 'bytes */300000']);
    expect(await response.json()).toMatchObject({ code: 'RM_RANGE_NOT_SATISFIABLE' });
  });

  it('come in a part only of the content that If-Range names', async () => {
    const uri = await linkOf();
    const part = await get(uri, { range: 'bytes=1-2', 'if-range': `"${md5}"` });
    expect([part.status, (await bytesOf(part)).length]).toEqual([206, 2]);
    for (const stale of ['"other"', `W/"${md5}"`, 'Mon, 23 Nov 2026 10:00:00 GMT']) {
      const whole = await get(uri, { range: 'bytes=1-2', 'if-range': stale });
      expect([whole.status, (await bytesOf(whole)).length]).toEqual([200, content.length]);
    }
  });

  it('tell their size to HEAD, which is no sign of the device', async () => {
    const uri = await linkOf();
    const response = await get(uri, {}, 'HEAD');
    expect([response.status, response.headers.get('content-length')]).toEqual([200, '300000']);
    const part = await get(uri, { range: 'bytes=0-9' }, 'HEAD');
    expect([part.status, part.headers.get('content-length')]).toEqual([206, '10']);
    expect(await latest()).toMatchObject({ status: 'SENT', progress: 0 });
  });

  it('count how far the device has come', async () => {
    const uri = await linkOf();
    await bytesOf(await get(uri, { range: 'bytes=0-149999' }));
    await until(async () => (await latest()).progress >= 45);
    expect(await latest()).toMatchObject({ status: 'IN_PROGRESS' });
    expect((await latest()).progress).toBeLessThanOrEqual(50);
    await bytesOf(await get(uri, { range: 'bytes=150000-' }));
    await until(async () => (await latest()).progress === 100);
  });

  it('count each byte once, so that the last one alone is no sign of the whole', async () => {
    const uri = await linkOf();
    await bytesOf(await get(uri, { range: 'bytes=-1' }));
    await get(uri, { range: 'bytes=300000-' });
    await bytesOf(await get(uri, { range: 'bytes=270000-299999' }));
    await bytesOf(await get(uri, { range: 'bytes=270000-299999' }));
    await until(async () => (await latest()).progress >= 10);
    expect(await latest()).toMatchObject({ status: 'IN_PROGRESS', progress: 10 });
    await bytesOf(await get(uri, { range: 'bytes=0-269999' }));
    await until(async () => (await latest()).progress === 100);
  });

  it('come over HTTPS for a secured resource', async () => {
    const uri = await linkOf({ secured: 'true' });
    expect(uri).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/dl\//);
    const out = join(folder, 'secured.bin');
    await run('curl', ['--silent', '--show-error', '--fail', '--cacert', caFile, '--output', out, uri]);
    expect((await readFile(out)).equals(content)).toBe(true);
    const { http = '' } = bench.platform.endpoints();
    expect((await get(`${http}${new URL(uri).pathname}`)).status).toBe(404);
  });

  it('come to curl and wget, which go on where they stopped', async () => {
    const uri = await linkOf();
    for (const [index, [program = '', ...args]] of [
      ['curl', '--silent', '--fail', '--continue-at', '-', '--output'],
      ['wget', '--quiet', '--continue', '--output-document'],
    ].entries()) {
      const out = join(folder, `part${index}.bin`);
      await writeFile(out, content.subarray(0, 123_456));
      await run(program, [...args, out, uri]);
      expect((await readFile(out)).equals(content), program).toBe(true);
    }
  });

  it('stop at nobody else’s word: unknown, ended and expired links tell nothing', async () => {
    const uri = await linkOf();
    const unknown = uri.replace(/[0-9a-f]{32}$/, '0'.repeat(32));
    expect((await get(unknown)).status).toBe(404);
    expect((await get(`${uri}0`)).status).toBe(404);
    expect((await get(uri.replace(/[0-9a-f]{32}$/, 'x'.repeat(65)))).status).toBe(400);
    await bytesOf(await get(uri));
    bench.clock.advance(linkTtlMs - 1);
    await bytesOf(await get(uri));
    bench.clock.advance(1);
    const response = await get(uri);
    expect([response.status, ((await response.json()) as any).code]).toEqual([410, 'RM_LINK_EXPIRED']);
    // Each download has moved the time in which the new version must come.
    bench.clock.advance(3_600_000 - 2);
    expect((await latest()).status).toBe('IN_PROGRESS');
    bench.clock.advance(1);
    await until(async () => (await latest()).errorCode === 'UPDATE_TIMEOUT');
    expect((await get(uri)).status).toBe(404);
  });

  /** A link to a content that does not fit into the buffers on the way. */
  async function largeLink(): Promise<string> {
    const uri = await linkOf();
    const { id, cid } = requests.at(-1);
    const refusal = JSON.stringify({ res: 'NOT_AUTHORIZED', cid });
    await client.publishAsync('dev/rsc/upd/res', refusal, { qos: 1 });
    const file = randomBytes(8 * 1024 * 1024).toString('base64');
    await bench.call('PUT', `/api/v0/rm/${id}/version/2`, { file });
    await bench.call('POST', `${updates}/${id}/updates`, { requestedVersion: '2' });
    await until(() => requests.at(-1).id === id && requests.at(-1).m.uri !== uri);
    return requests.at(-1).m.uri;
  }
  /** Begins a download and reads no further. */
  const stall = (link: string): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const request = httpRequest(link, (response) => {
        response.once('data', () => {
          response.pause();
          resolve(response);
        });
      });
      request.once('error', reject);
      request.end();
    });
  /** Reads the rest of a download. @returns true when it came to its end */
  const finish = (response: IncomingMessage): Promise<boolean> =>
    new Promise((resolve) => {
      response.on('error', () => {});
      response.once('close', () => resolve(response.complete));
      response.resume();
    });

  it('end the oldest of too many downloads by one link: its device has gone', async () => {
    const link = await largeLink();
    const [first, second] = [await stall(link), await stall(link)];
    const third = await stall(link);
    expect(await finish(first)).toBe(false);
    expect([await finish(second), await finish(third)]).toEqual([true, true]);
  });

  it('stop in the middle when the update is cancelled', async () => {
    const link = await largeLink();
    const response = await stall(link);
    const { id } = await latest();
    await bench.call('POST', `${updates}/updates/${id}/status?force=true`, 'CANCELED');
    expect(await finish(response)).toBe(false);
  });

  it('are given to so many at a time, and to others later', async () => {
    const few = await startTestPlatform({ settings: { resourceMaxDownloads: 1 } });
    const device = await mqtt.connectAsync(`mqtt://127.0.0.1:${few.mqttPort}`, {
      ...{ clientId: deviceId, username: 'json+device', password: few.masterKey, reconnectPeriod: 0 },
    });
    try {
      const got: any[] = [];
      device.on('message', (_topic, payload) => got.push(JSON.parse(String(payload))));
      await device.subscribeAsync('dev/rsc/upd');
      await few.call('POST', '/api/v0/rm', { resourceId: 'fw' });
      const file = randomBytes(8 * 1024 * 1024).toString('base64');
      await few.call('POST', '/api/v0/rm/fw/version', { resourceVersionId: '2', file });
      await few.call('POST', `${updates}/fw/updates`, { requestedVersion: '2' });
      await until(() => got.length > 0);
      const slow = await stall(got[0].m.uri);
      const refused = await get(got[0].m.uri);
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
      expect(((await refused.json()) as any).details).toContain('setting resourceMaxDownloads)');
      slow.destroy();
      await until(async () => (await get(got[0].m.uri, { range: 'bytes=0-0' })).status === 206);
    } finally {
      await device.endAsync(true);
      await few.stop();
    }
  });

  it('name the host that is set in place of the one by which the device came', async () => {
    const wrong = startTestPlatform({ settings: { resourceLinkHost: 'http://x' } });
    await expect(wrong).rejects.toThrow('resourceLinkHost must be a host name');
    const named = await startTestPlatform({ settings: { resourceLinkHost: 'fleet.example.org' } });
    const device = await mqtt.connectAsync(`mqtt://127.0.0.1:${named.mqttPort}`, {
      ...{ clientId: deviceId, username: 'json+device', password: named.masterKey, reconnectPeriod: 0 },
    });
    try {
      const got: any[] = [];
      device.on('message', (_topic, payload) => got.push(JSON.parse(String(payload))));
      await device.subscribeAsync('dev/rsc/upd');
      await named.call('POST', '/api/v0/rm', { resourceId: 'fw', metadata: { secured: 'true' } });
      await named.call('POST', '/api/v0/rm/fw/version', { resourceVersionId: '2', file: 'AAAA' });
      const ask = () => named.call('POST', `${updates}/fw/updates`, { requestedVersion: '2' });
      expect(await ask()).toMatchObject({ status: 409, body: { code: 'RM_DOWNLOAD_UNAVAILABLE' } });
      await named.call('PUT', '/api/v0/rm/fw', { metadata: {} });
      expect((await ask()).status).toBe(201);
      await until(() => got.length > 0);
      expect(got[0].m.uri).toMatch(/^http:\/\/fleet\.example\.org:\d+\/dl\//);
    } finally {
      await device.endAsync(true);
      await named.stop();
    }
  });
});
