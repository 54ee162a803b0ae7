import { afterAll, beforeAll, expect, it } from 'vitest';
import { isoTime } from '../../platform/clock.ts';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';

/** The examples of manual 8.1, in its order, request in, answer out, field by field. */
const groups = '/api/v1/deviceMgt/groups';

let bench: TestPlatform;
/** Times of the root group, of france and of lyon. */
let started: string;
let made: string;
let france: { id: string };
let lyon: { id: string };
const now = (): string => isoTime(bench.clock.now());

beforeAll(async () => {
  bench = await startTestPlatform();
  started = now();
  bench.clock.advance(60_000);
  made = now();
  france = (await bench.call('POST', groups, { pathNode: 'france', description: '' })).body;
});
afterAll(() => bench.stop());

it('8.1.2: a group is made', async () => {
  const request = { pathNode: 'lyon', parentId: france.id, description: 'City of Lyon' };
  const answer = await bench.call('POST', groups, request);
  lyon = answer.body;
  expect(answer).toEqual({
    status: 201,
    body: {
      id: expect.stringMatching(/^[A-Za-z0-9]{6}$/),
      pathNode: 'lyon',
      path: '/france/lyon',
      parentId: france.id,
      description: 'City of Lyon',
      created: made,
      updated: made,
    },
  });
});

it('8.1.3, 8.1.5: it is changed, and got', async () => {
  bench.clock.advance(60_000);
  const request = { pathNode: 'paris', parentId: france.id, description: 'City of Paris' };
  const body = {
    id: lyon.id,
    pathNode: 'paris',
    path: '/france/paris',
    parentId: france.id,
    description: 'City of Paris',
    created: made,
    updated: now(),
  };
  expect(await bench.call('PUT', `${groups}/${lyon.id}`, request)).toEqual({ status: 200, body });
  expect(await bench.call('GET', `${groups}/${lyon.id}`)).toEqual({ status: 200, body });
});

it('8.1.4: all are listed, the root group first', async () => {
  expect(await bench.call('GET', `${groups}?limit=20&offset=0`)).toEqual({
    status: 200,
    body: [
      { id: 'root', path: '/', created: started, updated: started },
      {
        id: france.id,
        pathNode: 'france',
        path: '/france',
        parentId: 'root',
        description: '',
        created: made,
        updated: made,
      },
      {
        id: lyon.id,
        pathNode: 'paris',
        path: '/france/paris',
        parentId: france.id,
        description: 'City of Paris',
        created: made,
        updated: now(),
      },
    ],
  });
});

it('8.1.6: it is deleted when it has no devices', async () => {
  const device = 'urn:lo:nsid:sensor:temp001';
  await bench.call('POST', '/api/v1/deviceMgt/devices', { id: device, group: { id: lyon.id } });
  expect(await bench.call('DELETE', `${groups}/${lyon.id}`)).toEqual({
    status: 403,
    body: {
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      code: 'DM_GROUP_UNDELETABLE',
      message: 'The group cannot be deleted.',
      details: '/france/paris: it has 1 device',
    },
  });
  await bench.call('DELETE', `/api/v1/deviceMgt/devices/${device}`);
  expect(await bench.call('DELETE', `${groups}/${lyon.id}`)).toEqual({ status: 204, body: undefined });
  expect((await bench.call('GET', `${groups}/${lyon.id}`)).status).toBe(404);
});
