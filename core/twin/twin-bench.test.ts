import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Lwm2mPath } from '../protocols/lwm2m/path.ts';
import { records, TestTwin, twinDevice } from '../testing/test-twin.ts';

let twin: TestTwin;
beforeAll(async () => {
  twin = await TestTwin.start();
  await twin.register({ '3': [0], '3303': [0], '33333': [0], '5@1.9': [0] });
});
afterAll(() => twin[Symbol.asyncDispose]());
beforeEach(() => expect(twin.link.sent).toEqual([]));

const url = `/bench/v1/devices/${twinDevice}/twin`;
const call = (method: string, path: string, body?: unknown) => twin.bench.call(method, `${url}${path}`, body);
const ask = async (body: unknown) => (await call('POST', '/operations', body)).body;
const get = async (id: string) => (await call('GET', `/operations/${id}`)).body;

describe('what the compatible API has no operation for', () => {
  it('creates an instance with values that nobody can write later', async () => {
    const values = [{ path: '/3303/1/5700', value: 21.5 }];
    const { id, type } = await ask({ type: 'CREATE', paths: ['/3303/1'], values });
    expect(type).toBe('CREATE');
    const delivery = await twin.next();
    expect(delivery.request).toMatchObject({ kind: 'create', path: Lwm2mPath.parse('/3303/1') });
    expect((delivery.request as any).values).toEqual(records(['/3303/1/5700', 'FLOAT', 21.5]));
    twin.answer(delivery, { kind: 'ok' });
    await twin.settle();
    expect(await get(id)).toMatchObject({ status: 'OK', attempt: 1 });
  });

  it('deletes an instance, and executes with arguments', async () => {
    await ask({ type: 'DELETE', paths: ['/3303/1'] });
    const deletion = await twin.next();
    expect(deletion.request).toEqual({ kind: 'delete', path: Lwm2mPath.parse('/3303/1') });
    twin.answer(deletion, { kind: 'ok' });
    const { argument } = await ask({ type: 'EXECUTE', paths: ['/3/0/4'], argument: "0='now'" });
    expect(argument).toBe("0='now'");
    const execution = await twin.next();
    expect(execution.request).toMatchObject({ kind: 'execute', argument: "0='now'" });
    twin.answer(execution, { kind: 'ok' });
    await twin.settle();
  });

  it('discovers, and keeps what was found', async () => {
    const { id } = await ask({ type: 'DISCOVER', paths: ['/3/0'] });
    const links = [
      { path: Lwm2mPath.parse('/3/0/9'), attributes: { pmin: 5 } },
      { path: Lwm2mPath.parse('/3/0/6'), attributes: {}, dimension: 2 },
    ];
    twin.answer(await twin.next(), { kind: 'ok', links });
    await twin.settle();
    expect((await get(id)).links).toEqual([
      { path: '/3/0/9', attributes: { pmin: 5 } },
      { path: '/3/0/6', attributes: {}, dimension: 2 },
    ]);
  });

  it('is left out of the lists of the compatible API', async () => {
    const own = (await call('GET', '/operations')).body;
    const compatible = await twin.ask('GET /operations');
    expect(own.map(({ type }: any) => type)).toEqual(
      expect.arrayContaining(['CREATE', 'DELETE', 'DISCOVER']),
    );
    expect(compatible.map(({ type }: any) => type)).toEqual(['EXECUTE']);
    expect(Object.keys(compatible[0])).not.toContain('argument');
    const [created] = own;
    expect((await twin.call(`GET /operations/${created.id}`)).status).toBe(404);
  });

  it.each([
    [{ type: 'CREATE', paths: ['/3303'] }, 'body.paths[0]: must lead to an object instance'],
    [{ type: 'DELETE', paths: ['/3303/0/5700'] }, 'body.paths[0]: must lead to an object instance'],
    [{ type: 'DELETE', paths: ['/3303/0'], values: [] }, 'body.values: is not for DELETE'],
    [{ type: 'DISCOVER', paths: ['/'] }, 'body.paths[0]: must lead to an object, an object instance'],
    [{ type: 'READ', paths: ['/3/0'], argument: '1' }, 'body.argument: is for EXECUTE only'],
    [
      { type: 'CREATE', paths: ['/3303/1'], values: [{ path: '/3303/2/5700', value: 1 }] },
      'body.values[0].path: must be at or below /3303/1',
    ],
    [{ type: 'REMOVE', paths: ['/3'] }, 'must be one of READ, WRITE'],
  ])('is refused: %#', async (body, details) => {
    const answer = await call('POST', '/operations', body);
    expect([answer.status, answer.body.details]).toEqual([400, expect.stringContaining(details)]);
  });

  it('is refused by the compatible API', async () => {
    expect((await twin.call('POST /operations', { type: 'CREATE', paths: ['/3303/1'] })).status).toBe(400);
  });
});

describe('an operation', () => {
  it('tells each state that it came to, when and why, and when it expires', async () => {
    const { id } = await ask({ type: 'READ', paths: ['/3/0/9'], policy: { attempts: 2 } });
    twin.answer(await twin.next(), { kind: 'deviceError', code: 503, reason: '5.03 service unavailable' });
    await twin.settle();
    const waiting = await get(id);
    expect(Date.parse(waiting.expires) - Date.parse(waiting.updated)).toBe(3 * 24 * 3600 * 1000);
    await twin.pass(6000);
    twin.answer(await twin.next(), { kind: 'deviceError', code: 404, reason: '4.04 not found' });
    await twin.settle();
    const { steps, expires, attempt } = await get(id);
    expect(steps.map(({ status, attempt: begun, reason }: any) => [status, begun, reason])).toEqual([
      ['PENDING', 0, undefined],
      ['SENT', 1, undefined],
      ['RETRYING', 1, '5.03 service unavailable'],
      ['SENT', 2, undefined],
      ['FAILED', 2, '4.04 not found'],
    ]);
    expect([expires, attempt]).toEqual([undefined, 2]);
    await twin.pass(6000);
  });

  it('is deleted once it has ended', async () => {
    const { id } = await ask({ type: 'READ', paths: ['/3/0/9'] });
    const delivery = await twin.next();
    const early = await call('DELETE', `/operations/${id}`);
    expect([early.status, early.body.code]).toEqual([409, expect.any(String)]);
    twin.answer(delivery, { kind: 'ok', values: records(['/3/0/9', 'INTEGER', 44]) });
    await twin.settle();
    expect((await call('DELETE', `/operations/${id}`)).status).toBe(204);
    expect((await call('GET', `/operations/${id}`)).status).toBe(404);
  });
});

it('counts the notifications of an observation, and says why it failed', async () => {
  const { id } = await twin.ask('POST /observations', { paths: ['/3303/0'] });
  const delivery = await twin.next();
  twin.answer(delivery, { kind: 'ok', values: [] });
  await twin.settle();
  await twin.report(records(['/3303/0/5700', 'FLOAT', 20]), delivery.correlation);
  const list = async () => (await call('GET', '/observations')).body;
  expect(await list()).toMatchObject([
    {
      id,
      status: 'OBSERVING',
      notifications: 1,
      lastNotification: expect.any(String),
      since: expect.any(String),
    },
  ]);
  twin.answer({ ...delivery, attempt: 0 }, { kind: 'deviceError', code: 404, reason: '4.04 not found' });
  await twin.settle();
  expect(await list()).toMatchObject([{ status: 'FAILED', reason: '4.04 not found' }]);
});

it('has the objects of a device with the models that they are read by, and none where none is known', async () => {
  const { objects } = (await call('GET', '')).body;
  const brief = objects.map(({ objectId, version, model }: any) => [
    objectId,
    version,
    model?.name,
    model?.version,
  ]);
  expect(brief).toEqual([
    [3, undefined, 'Device', expect.stringMatching(/^1\./)],
    [5, '1.9', 'Firmware Update', '1.2'],
    [3303, undefined, 'Temperature', '1.1'],
    [33333, undefined, undefined, undefined],
  ]);
  expect(objects[2].instanceIds).toEqual([0]);
});
