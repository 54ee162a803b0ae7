import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { records, TestTwin, twinDevice } from '../testing/test-twin.ts';
import { until } from '../testing/until.ts';

const url = '/api/v0/deviceMgt/campaigns';
let twin: TestTwin;
beforeEach(async () => {
  twin = await TestTwin.start();
});
afterEach(() => twin[Symbol.asyncDispose]());

async function plan(...operations: object[]): Promise<string> {
  const body = { name: 'twins', targets: { idList: [twinDevice] }, operations };
  const answer = await twin.bench.call('POST', url, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  // It begins by the platform's clock.
  await twin.pass(1);
  await until(async () => (await target(answer.body.id))?.operations.length > 0);
  return answer.body.id;
}
const target = async (id: string): Promise<any> =>
  (await twin.bench.call('GET', `${url}/${id}/targets`)).body.data[0];
const read = { action: 'twin-operation', definition: { type: 'READ', paths: ['/3/0'] } };

describe('twins in campaigns (facts 6)', () => {
  it('are asked, observed, and observed no more, one after the other', async () => {
    const observe = { action: 'twin-add-observation', definition: { paths: ['/3/0'], name: 'campaign' } };
    const id = await plan(read, observe, { action: 'twin-clear-observations' });
    expect(await target(id)).toMatchObject({
      status: 'pending',
      operations: [{ operationStatus: 'pending' }],
    });
    await twin.register({ '3': [0] });
    const first = await twin.next();
    await until(async () => (await target(id)).status === 'inProgress');
    const [operation] = await twin.ask('GET /operations');
    expect((await target(id)).operations[0].operationId).toBe(operation.id);
    twin.answer(first, { kind: 'ok', values: records(['/3/0/9', 'INTEGER', 44]) });
    const second = await twin.next();
    expect(second.request).toMatchObject({ kind: 'observe' });
    twin.answer(second, { kind: 'ok', values: [] });
    await until(async () => (await target(id)).status === 'success');
    expect((await target(id)).operations).toMatchObject(
      ['twin-operation', 'twin-add-observation', 'twin-clear-observations'].map((action) => ({
        ...{ action, operationStatus: 'success' },
      })),
    );
    expect(await twin.ask('GET /observations')).toEqual([]);
    expect(twin.link.endedObservations).toEqual([second.correlation]);
  });

  it('fail as the device does, and are begun anew as often as asked', async () => {
    const id = await plan({ ...read, definition: { ...read.definition, maxRetry: 1 } });
    await twin.register({ '3': [0] });
    const refusal = { kind: 'deviceError', code: 404, reason: '4.04 not found' } as const;
    for (let attempt = 0; attempt < 2; attempt++) {
      const delivery = await twin.next();
      twin.answer(delivery, refusal);
      await twin.settle();
      if (attempt === 0) await twin.pass(5000);
    }
    await until(async () => (await target(id)).status === 'failure');
    expect((await target(id)).operations[0]).toMatchObject({
      currentRetry: 1,
      error: { origin: 'DEVICE', code: 'DEVICE_ERROR', deviceCode: '404', details: '4.04 not found' },
    });
  });

  it('are taken back when the campaign is canceled', async () => {
    const id = await plan(read);
    await until(async () => (await twin.ask('GET /operations')).length === 1);
    expect((await twin.bench.call('PUT', `${url}/${id}/cancel`)).status).toBe(200);
    await until(async () => (await target(id)).status === 'canceled');
    expect(await twin.ask('GET /operations')).toMatchObject([{ status: 'CANCELLED' }]);
  });

  it('are checked when the campaign is planned', async () => {
    const operations = [{ action: 'twin-operation', definition: { type: 'EXECUTE', paths: ['/3'] } }];
    const body = { name: 'twins', targets: { idList: [twinDevice] }, operations };
    const answer = await twin.bench.call('POST', url, body);
    expect(answer.status).toBe(400);
    expect(answer.body.details).toContain('body.operations.0.definition.paths[0]');
  });
});
