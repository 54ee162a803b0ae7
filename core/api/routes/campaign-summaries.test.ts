import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';

const campaigns = '/api/v0/deviceMgt/campaigns';
const summaries = '/bench/v1/campaigns';
const planning = { startDate: '2100-01-01T00:00:00.000Z' };
const operations = [
  { action: 'command', definition: { request: { connector: 'mqtt', value: { req: 'go' } } } },
];
const many = 10_000;

let bench: TestPlatform;
beforeAll(async () => {
  bench = await startTestPlatform();
});
afterAll(() => bench.stop());

it('campaigns are told without the lists of their devices, and in all else as by the compatible calls', async () => {
  const idList = Array.from({ length: many }, (_, index) => `urn:lo:nsid:fleet:device-${index}`);
  for (const [name, targets] of [
    ['listed', { idList }],
    ['filtered', { filterQuery: 'tags==a' }],
  ] as const) {
    expect((await bench.call('POST', campaigns, { name, targets, planning, operations })).status).toBe(201);
  }
  const whole = (await bench.call('GET', `${campaigns}?sort=name`)).body;
  const short = (await bench.call('GET', `${summaries}?sort=name`)).body;
  const [filtered, listed] = whole.data;
  expect(listed.target.idList).toHaveLength(many);
  expect(short).toEqual({
    ...whole,
    data: [filtered, { ...listed, target: { named: many } }],
  });
  expect(JSON.stringify(short).length).toBeLessThan(3000);
  expect((await bench.call('GET', `${summaries}/${listed.id}`)).body).toEqual(short.data[1]);
  expect((await bench.call('GET', `${summaries}?status=RUNNING`)).body).toMatchObject({ totalCount: 0 });
  expect((await bench.call('GET', `${summaries}/none`)).status).toBe(404);
});
