import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { base, counting, TestBench } from './test-bench.ts';

let test: TestBench;
let dataDir: string;

async function open(options: ConstructorParameters<typeof TestBench>[0] = {}): Promise<void> {
  test = new TestBench(options);
  await test.bench.start();
}

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'fleetbench-simulators-'));
});
afterEach(async () => {
  await test.bench.stop();
  await rm(dataDir, { recursive: true, force: true });
});

describe('definitions of fleets', () => {
  it('survive a restart, stopped, and the keys of a killed program do not', async () => {
    await open({ dataDir });
    const id = await test.createAndStart({ name: 'Kept' });
    const [key] = await test.simulatorKeys();
    await test.bench.stop();
    await open({ dataDir });
    expect((await test.call('GET', base)).body).toMatchObject([
      { id, state: 'stopped', template: { name: 'Kept' } },
    ]);
    expect(await test.simulatorKeys()).toEqual([]);
    const { description } = key;
    await test.call('POST', '/api/v0/apiKeys', { label: 'simulator', description, roles: ['DEVICE_ACCESS'] });
    await test.start(id);
    await test.connected(id);
    expect(await test.simulatorKeys()).toHaveLength(1);
  });

  it('are put aside when their file is damaged', async () => {
    await writeFile(join(dataDir, 'simulators.json'), '{"version":1,"fleets":[{}]}');
    await open({ dataDir });
    expect((await test.call('GET', base)).body).toEqual([]);
    await test.create();
    await test.bench.stop();
    await open({ dataDir });
    expect((await test.call('GET', base)).body).toHaveLength(1);
  });

  it('are removed, with their devices when asked', async () => {
    await open({ dataDir });
    const id = await test.createAndStart({ count: 3 });
    expect((await test.call('DELETE', `${base}/${id}`)).status).toBe(204);
    expect((await test.call('GET', '/api/v1/deviceMgt/devices')).body).toHaveLength(3);
    const again = await test.createAndStart({ count: 3 });
    expect((await test.call('DELETE', `${base}/${again}?devices=true`)).status).toBe(204);
    expect((await test.call('GET', '/api/v1/deviceMgt/devices')).body).toEqual([]);
    expect((await test.call('GET', base)).body).toEqual([]);
    expect(await test.call('GET', `${base}/${again}`)).toMatchObject({
      status: 404,
      body: { code: 'SIMULATOR_NOT_FOUND' },
    });
  });

  it('can be seen before they are started', async () => {
    await open();
    const id = await test.create({ count: 5 });
    expect((await test.call('GET', `${base}/${id}/devices?limit=2&offset=4`)).body).toMatchObject([
      { number: 5, clientId: 'urn:lo:nsid:sim:device-5', state: 'stopped' },
    ]);
    expect((await test.call('GET', `${base}/${id}/devices/5`)).body).toMatchObject({
      frames: [],
      nextPayload: '{"value":{"n":1}}',
    });
    expect((await test.call('GET', `${base}/${id}/devices/6`)).status).toBe(404);
    expect(
      (await test.call('POST', `${base}/${id}/devices/5/send`, { topic: 'a', payload: '' })).status,
    ).toBe(409);
  });

  it('can be taken from the gallery', async () => {
    await open();
    const { body } = await test.call('GET', `${base}/templates`);
    expect(body.length).toBeGreaterThanOrEqual(4);
    for (const { template } of body) expect((await test.call('POST', base, template)).status).toBe(201);
  });

  it('are refused when they are wrong', async () => {
    await open();
    const wrong: [object, RegExp][] = [
      [{ name: '' }, /body\.name/],
      [{ count: 0 }, /body\.count/],
      [{ count: 10_001 }, /body\.count/],
      [{ count: 2, idPattern: 'same' }, /body\.idPattern: must hold \{n\}/],
      [{ idPattern: 'urn:lo:nsid:sim' }, /body\.idPattern/],
      [{ idPattern: 'a b{n}' }, /body\.idPattern/],
      [{ periodMs: 10, count: 10_000 }, /body\.periodMs: is too short for so many devices/],
      [{ groupPath: 'plant' }, /body\.groupPath: must be a path/],
      [{ topic: 'dev/#' }, /body\.topic/],
      [
        { payload: { kind: 'template', text: 'a\n{{x}}' } },
        /body\.payload\.text: line 2, column 1: \{\{x\}\} is not known/,
      ],
      [{ payload: { kind: 'csv', text: 'a,b\n1' } }, /body\.payload\.text: .*line 2/],
      [{ payload: { kind: 'fields', fields: { 'a.b': { kind: 'counter' } } } }, /payload\.fields/],
      [{ payload: { kind: 'fields', fields: { a: { kind: 'x' } } } }, /payload\.fields\.a/],
      [
        {
          payload: {
            kind: 'fields',
            fields: {},
            location: {
              points: [
                [0, 0],
                [0, 0],
              ],
            },
          },
        },
        /location\.points/,
      ],
    ];
    for (const [change, expected] of wrong) {
      const { status, body } = await test.call('POST', base, { ...counting, ...change });
      expect([change, status, body.details]).toEqual([change, 400, expect.stringMatching(expected)]);
    }
  });

  it('have names of their own, and are asked for by those who may', async () => {
    await open();
    const id = await test.create();
    expect(await test.call('POST', base, counting)).toMatchObject({
      status: 409,
      body: { code: 'SIMULATOR_DUPLICATE' },
    });
    const { body } = await test.call('POST', '/api/v0/apiKeys', { label: 'reader', roles: ['DEVICE_R'] });
    expect((await test.call('GET', `${base}/${id}`, undefined, body.value)).status).toBe(200);
    expect((await test.call('POST', `${base}/${id}/start`, undefined, body.value)).status).toBe(403);
    expect((await test.call('GET', base, undefined, '')).status).toBe(401);
  });
});
