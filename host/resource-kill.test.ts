import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { get as httpGet } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { UpdateJson } from '../core/contract/resource-updates.ts';
import type { VersionJson } from '../core/contract/resources.ts';
import { runFleetbench } from '../core/testing/fleetbench-process.ts';
import { masterKey, startRealProgram } from './testing/real-program.ts';

const deviceId = 'urn:lo:nsid:kill:updated';
const updates = `/api/v1/deviceMgt/devices/${deviceId}/resources/fw/updates`;
const md5 = (content: Uint8Array): string => createHash('md5').update(content).digest('base64');

let folder: string;
let dataDir: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fleetbench-kill-'));
  dataDir = join(folder, 'data');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The real program on the folder, and its API. */
async function start() {
  const { program, endpoints, call } = await startRealProgram(folder);
  const upload = (version: string, content: Uint8Array) =>
    call<VersionJson>('POST', '/api/v0/rm/fw/version', {
      ...{ resourceVersionId: version, file: Buffer.from(content).toString('base64') },
    });
  const versions = async () =>
    (await call<{ data: VersionJson[] }>('GET', '/api/v0/rm/fw/version?size=1000')).data;
  return { program, endpoints, call, upload, versions };
}

const connect = (url: string | undefined) =>
  mqtt.connectAsync(url ?? '', {
    ...{ clientId: deviceId, username: 'json+device', password: masterKey, reconnectPeriod: 0 },
  });

describe('a kill of the real program', () => {
  it.each([1, 3, 8])(
    'after %i uploads leaves each that was answered, whole, and no file of another',
    async (killAfter) => {
      const before = await start();
      await using _program = before.program;
      await before.call('POST', '/api/v0/rm', { resourceId: 'fw' });
      const answered = new Map<string, string>();
      const given = new Map<string, string>();
      const upload = async (index: number): Promise<void> => {
        const content = randomBytes(100_000 + index);
        given.set(`${index}`, md5(content));
        const { checksum } = await before.upload(`${index}`, content);
        answered.set(`${index}`, checksum);
        if (answered.size === killAfter) before.program.child.kill('SIGKILL');
      };
      await Promise.allSettled(Array.from({ length: 16 }, (_, index) => upload(index)));
      await before.program.ended;
      expect(answered.size).toBeGreaterThanOrEqual(killAfter);

      const after = await start();
      await using again = after.program;
      const found = await after.versions();
      const checksums = new Map(found.map((each) => [each.resourceVersionId, each.checksum]));
      for (const [version, checksum] of answered) expect(checksums.get(version), version).toBe(checksum);
      // Who was not answered may have been stored all the same, whole or not at all.
      for (const [version, checksum] of checksums) expect(checksum).toBe(given.get(version));
      const files = await readdir(join(dataDir, 'resources'));
      const contents = await Promise.all(files.map((name) => readFile(join(dataDir, 'resources', name))));
      expect(contents.map(md5).sort()).toEqual([...checksums.values()].sort());
      expect(again.child.exitCode).toBeNull();
    },
  );

  it('leaves a folder that goes into another one with all its contents', { timeout: 90_000 }, async () => {
    const { program, call, upload } = await start();
    await using _program = program;
    await call('POST', '/api/v0/rm', { resourceId: 'fw' });
    for (const version of ['1', '2']) await upload(version, randomBytes(100_000));
    await program.signal('SIGKILL');
    const files = await readdir(join(dataDir, 'resources'));
    expect(files).toHaveLength(2);
    const other = join(folder, 'other');
    const out = join(folder, 'out.jsonl');
    for (const args of [
      ['data', 'export', '--data-dir', dataDir, '--out', out],
      ['data', 'import', '--data-dir', other, out],
      ['data', 'check', '--data-dir', other],
    ]) {
      const { code, stderr } = await runFleetbench(args);
      expect([code, stderr], args.join(' ')).toEqual([0, '']);
    }
    expect((await readdir(join(other, 'resources'))).sort()).toEqual(files.sort());
  });

  it('in the middle of a download lets the device go on where it stopped', { timeout: 60_000 }, async () => {
    const content = randomBytes(4_000_000);
    const before = await start();
    await using _program = before.program;
    await before.call('POST', '/api/v0/rm', { resourceId: 'fw' });
    await before.upload('2', content);
    const device = await connect(before.endpoints.mqtt);
    await device.subscribeAsync('dev/rsc/upd', { qos: 1 });
    const asked = new Promise<{ cid: number; m: { uri: string; md5: string } }>((resolve) =>
      device.once('message', (_topic, payload) => resolve(JSON.parse(String(payload)))),
    );
    await before.call('POST', updates, { requestedVersion: '2' });
    const { cid, m } = await asked;
    await device.publishAsync('dev/rsc/upd/res', JSON.stringify({ res: 'OK', cid }), { qos: 1 });
    // The device gets a part, and the program is killed while more is on its way.
    const first = await new Promise<Buffer>((resolve, reject) => {
      const chunks: Buffer[] = [];
      const request = httpGet(m.uri, (response) => {
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          if (Buffer.concat(chunks).byteLength > 500_000) before.program.child.kill('SIGKILL');
        });
        response.on('error', () => {});
        response.on('close', () => resolve(Buffer.concat(chunks)));
      });
      request.on('error', reject);
    });
    await before.program.ended;
    await device.endAsync(true);
    const had = first.subarray(0, 400_000);

    const after = await start();
    await using again = after.program;
    const [update] = await after.call<UpdateJson[]>('GET', updates.replace('/fw/updates', '/updates'));
    expect(update).toMatchObject({ status: 'IN_PROGRESS', requestedVersion: '2' });
    const link = `${after.endpoints.http}${new URL(m.uri).pathname}`;
    const headers = { Range: `bytes=${had.byteLength}-`, 'If-Range': `"${m.md5}"` };
    const rest = await fetch(link, { headers });
    expect(rest.status).toBe(206);
    const whole = Buffer.concat([had, Buffer.from(await rest.arrayBuffer())]);
    expect(whole.equals(content)).toBe(true);
    const back = await connect(after.endpoints.mqtt);
    await back.publishAsync('dev/rsc', '{"rsc":{"fw":{"v":"2"}}}', { qos: 1 });
    await back.endAsync(true);
    const latest = await after.call<UpdateJson>('GET', `${updates}/latest`);
    expect(latest).toMatchObject({ id: update?.id, status: 'DONE', progress: 100 });
    expect(again.child.exitCode).toBeNull();
  });
});
