import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';

const campaigns = '/api/v0/deviceMgt/campaigns';
const command = (definition: object = {}) => ({
  action: 'command',
  version: 1,
  definition: { request: { connector: 'mqtt', value: { req: 'go', arg: {} } }, ...definition },
});
const configure = (value: number, definition: object = {}) => ({
  action: 'configure',
  version: 1,
  definition: { assetParameters: { period: { type: 'INT32', valueInt32: value } }, ...definition },
});

describe('a campaign that has not begun', () => {
  let bench: TestPlatform;

  beforeAll(async () => {
    bench = await startTestPlatform();
  });
  afterAll(() => bench.stop());
  beforeEach(() => bench.platform.reset());

  const create = async (body: object) => {
    const targets = { filterQuery: 'tag==a' };
    const answer = await bench.call('POST', campaigns, { name: 'c', targets, ...body });
    expect([answer.status, answer.body.details]).toEqual([201, undefined]);
    return answer.body;
  };
  const get = async (id: string) => (await bench.call('GET', `${campaigns}/${id}`)).body;

  it('takes other devices by the name that they have in answers too', async () => {
    const planning = { startDate: '2100-01-01T00:00:00Z' };
    const { id } = await create({ planning, operations: [command()] });
    const patch = (body: object) => bench.call('PATCH', `${campaigns}/${id}`, body);
    const read = await get(id);
    expect((await patch({ ...read, target: { filterQuery: 'tag==b' } })).body.target).toEqual({
      filterQuery: 'tag==b',
    });
    const both = await patch({ target: read.target, targets: read.target });
    expect([both.status, both.body.details]).toEqual([
      400,
      'body.target: give either targets or target, which mean the same',
    ]);
  });

  it('keeps its operations and window when they are given anew before it begins', async () => {
    const planning = { startDate: '2100-01-01T00:00:00Z', endDate: '2100-01-02T00:00:00Z' };
    const { id } = await create({ planning, operations: [command()] });
    const patch = (body: object) => bench.call('PATCH', `${campaigns}/${id}`, body);
    const operations = [configure(7, { maxRetry: 2 }), command({ maxRetry: 1 })];
    const moved = { startDate: '2101-01-01T00:00:00.000Z', endDate: '2101-01-03T00:00:00.000Z' };
    expect((await patch({ operations, planning: moved })).body).toMatchObject({
      operations,
      planning: moved,
    });
    const { body } = await patch({ planning: { startDate: '2102-01-01T00:00:00Z' } });
    expect(body.details).toBe('body.planning.endDate: must be after startDate');
    expect((await patch({ planning: { endDate: null } })).body.planning).toEqual({
      startDate: moved.startDate,
    });
    expect(await get(id)).toMatchObject({ operations, campaignStatus: 'SCHEDULED' });
  });
});
