import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { records, TestTwin, twinDevice } from '../../testing/test-twin.ts';
import { until } from '../../testing/until.ts';

let twin: TestTwin;
beforeEach(async () => {
  twin = await TestTwin.start();
});
afterEach(() => twin[Symbol.asyncDispose]());

const hex = (digits: number) => expect.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`));
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

/** Reads, and the device answers with these values. */
async function read(path: string, ...values: Parameters<typeof records>): Promise<void> {
  const { id } = await twin.ask('POST /operations', { type: 'READ', paths: [path] });
  twin.answer(await twin.next(), { kind: 'ok', values: records(...values) });
  await until(async () => (await twin.ask(`GET /operations/${id}`)).status === 'OK');
}

describe('the views of a twin (manual 7.8.5)', () => {
  const definition = (id: number) => `urn:oma:lwm2m:oma:${id}`;
  const [september, november] = ['2021-09-30T09:25:06.687Z', '2021-11-15T17:14:06.687Z'];
  const attributes = [
    { pathSegment: '5', path: '/1/0/5', content: { reportedValue: '1', timestamp: september } },
    {
      pathSegment: '25',
      path: '/1/0/25',
      contents: [
        { reportedValue: 'v1/1.1.2', timestamp: november, path: '/1/0/25/0' },
        { reportedValue: 'v1/1.BIS', timestamp: november, path: '/1/0/25/1' },
      ],
    },
  ];

  beforeEach(async () => {
    await twin.register({ '1': [0, 1], '2': [0, 1], '3': [0], '4': [], '5@1.1': [] });
    await read(
      '/1',
      ['/1/0/5', 'INTEGER', 1, Date.parse(september)],
      ['/1/0/25/0', 'STRING', 'v1/1.1.2', Date.parse(november)],
      ['/1/0/25/1', 'STRING', 'v1/1.BIS', Date.parse(november)],
      ['/1/1/3', 'INTEGER', 1, Date.parse(september)],
    );
  });

  it('7.8.5.5: supported objects', async () => {
    expect(await twin.ask('GET /supported-objects')).toEqual([
      'urn:oma:lwm2m:oma:1',
      'urn:oma:lwm2m:oma:2',
      'urn:oma:lwm2m:oma:3',
      'urn:oma:lwm2m:oma:4',
      'urn:oma:lwm2m:oma:5:1.1',
    ]);
  });

  it('7.8.5.6: instantiated objects, with their instances and without', async () => {
    const instances = (id: number, ...of: number[]) =>
      of.map((instance) => ({ objectDefinitionId: definition(id), path: `/${id}/${instance}` }));
    const child = (id: number) => ({ objectDefinitionId: definition(id), path: `/${id}` });
    const root = { objectDefinitionId: 'urn:oma:lwm2m', path: '/' };
    expect(await twin.ask('GET /objects?expand=1')).toEqual({
      ...root,
      children: [
        { ...child(1), instances: instances(1, 0, 1) },
        { ...child(2), instances: instances(2, 0, 1) },
        { ...child(3), instances: instances(3, 0) },
      ],
    });
    const children = [child(1), child(2), child(3)];
    expect(await twin.ask('GET /objects')).toEqual({ ...root, children });
    expect(await twin.ask('GET /objects?expand=0')).toEqual({ ...root, children });
    expect((await twin.call('GET /objects?expand=yes')).status).toBe(400);
  });

  it('7.8.5.7: an object with the values of its instances, and without', async () => {
    const of = { objectDefinitionId: definition(1) };
    const disable = {
      pathSegment: '3',
      path: '/1/1/3',
      content: { reportedValue: '1', timestamp: september },
    };
    expect(await twin.ask('GET /objects/1?expand=1')).toEqual({
      ...of,
      path: '/1',
      instances: [
        { ...of, path: '/1/0', attributes },
        { ...of, path: '/1/1', attributes: [disable] },
      ],
    });
    const instances = [
      { ...of, path: '/1/0' },
      { ...of, path: '/1/1' },
    ];
    expect(await twin.ask('GET /objects/1')).toEqual({ ...of, path: '/1', instances });
    expect((await twin.ask('GET /objects/5')).objectDefinitionId).toBe('urn:oma:lwm2m:oma:5:1.1');
    expect((await twin.call('GET /objects/9')).status).toBe(404);
    expect((await twin.call('GET /objects/nine')).status).toBe(400);
  });

  it('7.8.5.8: an instance', async () => {
    const of = { objectDefinitionId: definition(1) };
    expect(await twin.ask('GET /objects/1/0')).toEqual({ ...of, path: '/1/0', attributes });
    expect((await twin.call('GET /objects/1/7')).status).toBe(404);
  });

  it('stay when the device has gone, and after a restart would be read from the store', async () => {
    twin.gone();
    const of = { objectDefinitionId: definition(1) };
    expect(await twin.ask('GET /objects/1/0')).toEqual({ ...of, path: '/1/0', attributes });
    expect(await twin.ask('GET /supported-objects')).toHaveLength(5);
  });
});

describe('the calls of the manual (7.8.6.7 to 7.8.8.4)', () => {
  it('7.8.6.7 and 7.8.6.9: an operation is created, goes out and is read', async () => {
    await twin.register({ '1': [0] });
    const asked = { type: 'READ', paths: ['/1/0'], contextToken: 'this is a simple READ' };
    const { status, body } = await twin.call('POST /operations', asked);
    expect(status).toBe(201);
    expect(body).toEqual({ id: hex(32), ...asked, status: 'PENDING', created: time, updated: body.created });
    twin.answer(await twin.next(), { kind: 'ok', values: [] });
    await twin.settle();
    expect(await twin.ask(`GET /operations/${body.id}`)).toEqual({ ...body, status: 'OK', updated: time });
  });

  it('7.8.6.8: a pending one is canceled, in either spelling', async () => {
    for (const spelling of ['CANCELED', 'CANCELLED']) {
      const { id } = await twin.ask('POST /operations', { type: 'READ', paths: ['/1/0'] });
      expect((await twin.call(`PUT /operations/${id}/status`, spelling)).status).toBe(200);
      expect((await twin.ask(`GET /operations/${id}`)).status).toBe('CANCELLED');
      expect((await twin.call(`PUT /operations/${id}/status`, spelling)).status).toBe(409);
    }
    expect((await twin.call('PUT /operations/ab/status', 'CANCELED')).status).toBe(404);
  });

  it('7.8.6.10: they are listed, and filtered', async () => {
    await twin.register({ '1': [0] });
    const make = (body: object) => twin.ask('POST /operations', { type: 'READ', ...body });
    const fine = await make({ paths: ['/1/0'], contextToken: 'ABC123' });
    twin.answer(await twin.next(), { kind: 'ok', values: [] });
    const invalid = await make({ paths: ['/1/0/200', '/1/0/7'] });
    await until(async () => (await twin.ask(`GET /operations/${invalid.id}`)).status === 'FAILED');
    twin.link.online = false;
    const waiting = await twin.ask('POST /operations', { type: 'EXECUTE', paths: ['/1/0/8'] });
    expect(await twin.ask('GET /operations?status=OK&status=FAILED&status=EXPIRED&type=READ')).toEqual([
      { ...fine, status: 'OK', updated: time },
      {
        ...invalid,
        status: 'FAILED',
        error: { code: 'OPERATION_INVALID', details: expect.stringContaining('/1/0/200') },
        updated: time,
      },
    ]);
    const ids = async (query: string) =>
      (await twin.ask(`GET /operations?${query}`)).map((operation: { id: string }) => operation.id);
    expect(await ids('')).toEqual([fine.id, invalid.id, waiting.id]);
    expect(await ids('type=EXECUTE')).toEqual([waiting.id]);
    expect(await ids('contextToken=ABC123')).toEqual([fine.id]);
    expect(await ids('contextToken=ABC')).toEqual([]);
    expect(await ids('path=/1/0/7')).toEqual([invalid.id]);
    expect(await ids('status=CANCELED')).toEqual([]);
    expect((await twin.call('GET /operations?status=DONE')).status).toBe(400);
  });

  it('7.8.8: an observation is created, read, listed and canceled', async () => {
    const asked = { paths: ['/6/0'], name: 'Observation on the location Object' };
    const { status, body } = await twin.call('POST /observations', asked);
    expect(status).toBe(201);
    const made = { id: hex(24), ...asked, status: 'PENDING', created: time };
    expect(body).toEqual(made);
    await twin.register({ '6': [0] });
    twin.answer(await twin.next(), { kind: 'ok', values: [] });
    await twin.settle();
    const observing = { ...body, status: 'OBSERVING' };
    expect(await twin.ask(`GET /observations/${body.id}`)).toEqual(observing);
    const other = await twin.ask('POST /observations', { paths: ['/3303/0'] });
    twin.answer(await twin.next(), { kind: 'deviceError', code: 404, reason: '4.04 not found' });
    await twin.settle();
    expect(await twin.ask('GET /observations')).toEqual([observing, { ...other, status: 'FAILED' }]);
    const canceled = await twin.call(`DELETE /observations/${body.id}`);
    expect(canceled).toEqual({ status: 204, body: undefined });
    expect((await twin.call(`GET /observations/${body.id}`)).status).toBe(404);
  });

  it('7.8.9 and 7.8.10: one data rule of a tenant', async () => {
    const url = '/api/v1/deviceMgt/twin/data/rules';
    const asked = { name: 'my passthrough', type: 'PASSTHROUGH', paths: ['/'] };
    const { status, body } = await twin.bench.call('POST', url, asked);
    expect(status).toBe(201);
    expect(body).toEqual({ id: hex(24), ...asked, created: time });
    const refused = await twin.bench.call('POST', url, asked);
    expect(refused.status).toBe(403);
    expect(refused.body.details).toContain('twinDataRuleMaxPerTenant');
    const other = { ...asked, paths: ['/3303'] };
    expect((await twin.bench.call('PUT', `${url}/${body.id}`, other)).body).toEqual({ ...body, ...other });
    expect((await twin.bench.call('GET', url)).body).toEqual([{ ...body, ...other }]);
    expect((await twin.bench.call('DELETE', `${url}/${body.id}`)).status).toBe(204);
    expect((await twin.bench.call('GET', `${url}/${body.id}`)).status).toBe(404);
    expect((await twin.bench.call('POST', url, asked)).status).toBe(201);
  });
});

describe('data messages (manual 7.8.11)', () => {
  it('are those of the examples', async () => {
    await twin.bench.call('DELETE', `/api/v1/deviceMgt/devices/${twinDevice}`);
    await twin.addDevice({ tags: ['lwm2m-simulator'] });
    await twin.bench.call('POST', '/api/v1/deviceMgt/twin/data/rules', { type: 'PASSTHROUGH', paths: ['/'] });
    await twin.register({ '3': [0] });
    const seconds = Date.parse('2022-04-11T12:03:58Z') / 1000;
    const takenMs = Date.parse('2022-04-11T12:03:58.695Z');
    const values = records(
      ['/3/0/0', 'STRING', 'Leshan Demo Device', takenMs],
      ['/3/0/1', 'STRING', 'Model 500', takenMs],
      ['/3/0/2', 'STRING', 'LT-500-000-0001', takenMs],
      ['/3/0/3', 'STRING', '1.0.0', takenMs],
      ['/3/0/9', 'INTEGER', 44, takenMs],
      ['/3/0/10', 'INTEGER', 6278, takenMs],
      ['/3/0/11/0', 'INTEGER', 0, takenMs],
      ['/3/0/13', 'TIME', seconds, takenMs],
      ['/3/0/14', 'STRING', 'Z', takenMs],
      ['/3/0/15', 'STRING', 'Etc/UTC', takenMs],
      ['/3/0/16', 'STRING', 'U', takenMs],
      ['/3/0/17', 'STRING', 'Demo', takenMs],
      ['/3/0/18', 'STRING', '1.0.1', takenMs],
      ['/3/0/19', 'STRING', '1.0.2', takenMs],
      ['/3/0/20', 'INTEGER', 6, takenMs],
      ['/3/0/21', 'INTEGER', 19400, takenMs],
    );
    await twin.report(values);
    const { body } = await twin.bench.call('GET', `/api/v0/data/streams/${twinDevice}`);
    expect(body).toEqual([
      {
        id: hex(24),
        streamId: twinDevice,
        timestamp: '2022-04-11T12:03:58.695Z',
        model: 'twin_json',
        value: {
          device: {
            '0': {
              deviceType: 'Demo',
              utcOffset: 'Z',
              serialNumber: 'LT-500-000-0001',
              timezone: 'Etc/UTC',
              memoryFree: 6278,
              errorCode: { '0': 0 },
              supportedBindingAndModes: 'U',
              manufacturer: 'Leshan Demo Device',
              currentTime: '2022-04-11T12:03:58Z',
              batteryStatus: 6,
              memoryTotal: 19400,
              modelNumber: 'Model 500',
              hardwareVersion: '1.0.1',
              firmwareVersion: '1.0.0',
              softwareVersion: '1.0.2',
              batteryLevel: 44,
            },
          },
        },
        tags: ['lwm2m-simulator'],
        extra: {},
        metadata: {
          source: twinDevice,
          group: { id: 'root', path: '/' },
          connector: 'lwm2m',
          network: { lwm2m: { ep: 'urn:lo:lwm2m:mydevice' } },
        },
        created: time,
      },
    ]);
  });
});
