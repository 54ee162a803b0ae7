import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MqttDevice, type Reaction } from '../../testing/mqtt-device.ts';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';
import { until } from '../../testing/until.ts';

const campaigns = '/api/v0/deviceMgt/campaigns';
const idOf = (name: string): string => `urn:lo:nsid:fleet:${name}`;
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

describe('campaigns over MQTT devices (facts 6)', () => {
  let bench: TestPlatform;
  let password: string;

  beforeAll(async () => {
    bench = await startTestPlatform({ settings: { campaignMaxTargets: 50, campaignMaxAtWork: 3 } });
    password = await bench.key(['DEVICE_ACCESS']);
  });
  afterAll(() => bench.stop());
  beforeEach(() => bench.platform.reset());

  const register = async (name: string, tags: string[] = ['a']): Promise<string> => {
    const interfaces = [{ connector: 'mqtt', enabled: true, definition: { clientId: idOf(name) } }];
    const body = { id: idOf(name), tags, interfaces };
    expect((await bench.call('POST', '/api/v1/deviceMgt/devices', body)).status).toBe(200);
    return idOf(name);
  };
  const connect = (name: string, reactions?: Record<string, Reaction>): Promise<MqttDevice> =>
    MqttDevice.connect(bench.mqttPort, { clientId: idOf(name), password }, reactions);
  const create = async (body: object) => {
    const answer = await bench.call('POST', campaigns, {
      name: 'c',
      targets: { filterQuery: 'tag==a' },
      ...body,
    });
    expect([answer.status, answer.body.details]).toEqual([201, undefined]);
    return answer.body;
  };
  const get = async (id: string) => (await bench.call('GET', `${campaigns}/${id}`)).body;
  const becomes = (id: string, status: string) =>
    until(async () => (await get(id)).campaignStatus === status);
  const targets = async (id: string, query = '') =>
    (await bench.call('GET', `${campaigns}/${id}/targets${query}`)).body.data;
  const counts = async (id: string) => {
    const { totalTargetsPerStatus } = await get(id);
    return Object.fromEntries(Object.entries(totalTargetsPerStatus).filter(([, count]) => count !== 0));
  };
  const commandsOf = async (name: string) =>
    (await bench.call('GET', `/api/v1/deviceMgt/devices/${idOf(name)}/commands?sort=created`)).body;

  it('brings every device through the operations, one after the other', async () => {
    const names = ['d1', 'd2', 'd3', 'd4', 'd5', 'd6', 'd7'];
    const devices: MqttDevice[] = [];
    for (const name of names) {
      await register(name);
      devices.push(await connect(name));
    }
    await register('other', ['b']);
    const made = await create({
      description: 'all of them',
      operations: [configure(60), command()],
    });
    expect(made).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      name: 'c',
      description: 'all of them',
      planning: { startDate: made.created },
      target: { filterQuery: 'tag==a' },
      operations: [
        {
          action: 'configure',
          version: 1,
          definition: { assetParameters: { period: { type: 'INT32', valueInt32: 60 } }, maxRetry: 0 },
        },
        {
          action: 'command',
          version: 1,
          definition: { request: { connector: 'mqtt', value: { req: 'go', arg: {} } }, maxRetry: 0 },
        },
      ],
      options: { dynamicallyAddEligibleDevice: false },
      campaignStatus: 'SCHEDULED',
      created: expect.any(String),
      updated: made.created,
      numberOfTargets: 0,
      totalTargetsPerStatus: {
        ...{ notStarted: 0, pending: 0, inProgress: 0, success: 0, failure: 0, canceled: 0 },
      },
    });
    bench.clock.advance(0);
    await becomes(made.id, 'COMPLETE');
    expect(await get(made.id)).toMatchObject({ numberOfTargets: 7, totalTargetsPerStatus: { success: 7 } });
    for (const device of devices)
      expect(device.received.map(({ topic }) => topic)).toEqual(['dev/cfg/upd', 'dev/cmd']);
    const [first] = await targets(made.id, '?size=1');
    const [{ id: commandId }] = await commandsOf('d1');
    const times = { started: made.created, updated: made.created, ended: made.created };
    expect(first).toEqual({
      deviceId: idOf('d1'),
      status: 'success',
      operations: [
        {
          action: 'configure',
          operationId: `${made.id}-1-1-0`,
          operationStatus: 'success',
          currentRetry: 0,
          ...times,
        },
        { action: 'command', operationId: commandId, operationStatus: 'success', currentRetry: 0, ...times },
      ],
    });
    const page = (await bench.call('GET', `${campaigns}/${made.id}/targets?size=3&page=2&status=success`))
      .body;
    expect([page.totalCount, page.data.map(({ deviceId }: any) => deviceId)]).toEqual([7, [idOf('d7')]]);
    expect(await targets(made.id, '?status=failure')).toEqual([]);
    const log = (await bench.call('GET', `/api/v0/auditlog/messages?source.campaignId=${made.id}`)).body;
    expect(log.map(({ description }: any) => description).sort()).toEqual([
      'Campaign c began',
      'Campaign c ended as COMPLETE',
    ]);
  });

  it('waits for its start, and at its end takes back what devices did not fetch', async () => {
    await register('here');
    await register('away');
    await connect('here');
    const startMs = bench.clock.now() + 3_600_000;
    const at = (ms: number): string => new Date(ms).toISOString();
    const { id } = await create({
      planning: { startDate: at(startMs), endDate: at(startMs + 7 * 86_400_000) },
      operations: [command({ policy: { expirationInSeconds: 2_000_000 } })],
    });
    bench.clock.advance(3_599_999);
    expect((await get(id)).campaignStatus).toBe('SCHEDULED');
    bench.clock.advance(1);
    await until(async () => (await get(id)).totalTargetsPerStatus.success === 1);
    expect([(await get(id)).campaignStatus, await counts(id)]).toEqual([
      'RUNNING',
      { success: 1, pending: 1 },
    ]);
    bench.clock.advance(7 * 86_400_000);
    await becomes(id, 'INCOMPLETE');
    expect(await counts(id)).toEqual({ success: 1, canceled: 1 });
    expect((await commandsOf('away'))[0].status).toBe('CANCELED');
  });

  it('tries again as often as it is told, and says why a device failed', async () => {
    await register('slow');
    await register('wrong');
    const slow = await connect('slow', { 'dev/cmd': () => undefined, 'dev/cfg/upd': (report) => report });
    let refusals = 0;
    const refuse: Reaction = ({ cid, cfg }) =>
      refusals++ === 0 ? { cid, cfg: { period: { t: 'i32', v: 1 } } } : { cid, cfg };
    const wrong = await connect('wrong', {
      'dev/cfg/upd': refuse,
      'dev/cmd': ({ cid }) => ({ res: {}, cid }),
    });
    const policy = { ackTimeoutInSeconds: 10 };
    const { id } = await create({
      operations: [configure(60, { maxRetry: 1 }), command({ policy, maxRetry: 2 })],
    });
    bench.clock.advance(0);
    for (const attempt of [1, 2, 3]) {
      await until(() => slow.received.filter(({ topic }) => topic === 'dev/cmd').length === attempt);
      bench.clock.advance(10_000);
    }
    await becomes(id, 'INCOMPLETE');
    const [first, second] = await targets(id);
    expect(first).toMatchObject({
      status: 'failure',
      operations: [
        { operationStatus: 'success', currentRetry: 0 },
        { operationStatus: 'failure', currentRetry: 2, error: { origin: 'DEVICE', code: 'ACK_TIMEOUT' } },
      ],
    });
    expect((await commandsOf('slow')).map(({ status }: any) => status)).toEqual(['ERROR', 'ERROR', 'ERROR']);
    expect(second).toMatchObject({
      status: 'success',
      operations: [{ operationStatus: 'success', currentRetry: 1 }, { operationStatus: 'success' }],
    });
    expect(wrong.received.filter(({ topic }) => topic === 'dev/cfg/upd')).toHaveLength(2);
    const [failed] = (
      await bench.call('GET', `/api/v0/auditlog/messages?source.deviceId=${idOf('slow')}&level=error`)
    ).body;
    expect(failed).toMatchObject({
      description: 'A device failed in campaign c',
      detailedDescription: 'ACK_TIMEOUT',
      source: { campaignId: id },
    });
  });

  it('says which value a device has in place of the one asked for', async () => {
    await register('stubborn');
    await connect('stubborn', { 'dev/cfg/upd': ({ cid }) => ({ cid, cfg: { period: { t: 'i32', v: 1 } } }) });
    const { id } = await create({ operations: [configure(60)] });
    bench.clock.advance(0);
    await becomes(id, 'INCOMPLETE');
    const error = {
      origin: 'DEVICE',
      code: 'ASSET_ORIGINATED_ERROR',
      details: 'period: the device has 1 (INT32)',
    };
    expect((await targets(id))[0].operations[0].error).toEqual(error);
  });

  it('is canceled: who has begun may end, who waits does not begin', async () => {
    await register('busy');
    await register('away');
    const busy = await connect('busy', { 'dev/cmd': () => undefined });
    const { id } = await create({ operations: [command(), configure(60)] });
    bench.clock.advance(0);
    await until(() => busy.received.length === 1);
    await until(async () => (await get(id)).totalTargetsPerStatus.inProgress === 1);
    const { status, body } = await bench.call('PUT', `${campaigns}/${id}/cancel`);
    expect([status, body.campaignStatus]).toEqual([200, 'CANCELING']);
    await until(async () => (await get(id)).totalTargetsPerStatus.canceled === 1);
    expect((await commandsOf('away'))[0].status).toBe('CANCELED');
    expect((await get(id)).campaignStatus).toBe('CANCELING');
    const { cid } = busy.received[0]?.payload ?? {};
    busy.client.publish('dev/cmd/res', JSON.stringify({ res: {}, cid }), 1, 5);
    await becomes(id, 'CANCELED');
    expect((await commandsOf('busy'))[0].status).toBe('PROCESSED');
    const found = (await targets(id)).find(({ deviceId }: any) => deviceId === idOf('busy'));
    expect(found).toMatchObject({
      status: 'canceled',
      operations: [{ operationStatus: 'success' }],
    });
    expect((await bench.call('PUT', `${campaigns}/${id}/cancel`)).status).toBe(200);
  });

  it('is canceled by force: also what devices have under way', async () => {
    await register('busy');
    const busy = await connect('busy', { 'dev/cmd': () => undefined });
    const { id } = await create({ operations: [command()] });
    bench.clock.advance(0);
    await until(() => busy.received.length === 1);
    await bench.call('PUT', `${campaigns}/${id}/cancel`);
    await bench.call('PUT', `${campaigns}/${id}/cancel?force=true`);
    await becomes(id, 'CANCELED');
    expect((await commandsOf('busy'))[0].status).toBe('CANCELED');
    const ended = await create({ operations: [command()], targets: { idList: [idOf('nobody')] } });
    bench.clock.advance(0);
    await becomes(ended.id, 'INCOMPLETE');
    expect((await bench.call('PUT', `${campaigns}/${ended.id}/cancel`)).body.code).toBe(
      'DM_CAMPAIGN_INVALID_STATUS',
    );
  });

  it('is deleted when it does not run, or by force', async () => {
    await register('away');
    const planned = await create({
      planning: { startDate: '2100-01-01T00:00:00Z' },
      operations: [command()],
    });
    expect((await bench.call('DELETE', `${campaigns}/${planned.id}`)).status).toBe(200);
    expect((await bench.call('GET', `${campaigns}/${planned.id}`)).status).toBe(404);
    const { id } = await create({ operations: [command()] });
    bench.clock.advance(0);
    await until(async () => (await get(id)).totalTargetsPerStatus.pending === 1);
    expect((await bench.call('DELETE', `${campaigns}/${id}`)).status).toBe(409);
    expect([200, 202]).toContain((await bench.call('DELETE', `${campaigns}/${id}?force=true`)).status);
    await until(async () => (await bench.call('GET', `${campaigns}/${id}`)).status === 404);
    expect((await commandsOf('away'))[0].status).toBe('CANCELED');
  });

  it('takes in devices that come to fit while it runs, when it is told to', async () => {
    await register('first');
    await register('later', ['b']);
    const options = { dynamicallyAddEligibleDevice: true };
    const planning = { endDate: new Date(bench.clock.now() + 3_600_000).toISOString() };
    const { id } = await create({ options, planning, operations: [command()] });
    bench.clock.advance(0);
    await until(async () => (await get(id)).numberOfTargets === 1);
    await register('new');
    await register('stranger', ['c']);
    await bench.call('PATCH', `/api/v1/deviceMgt/devices/${idOf('later')}`, { tags: ['a', 'b'] });
    await until(async () => (await get(id)).totalTargetsPerStatus.pending === 3);
    for (const name of ['first', 'later', 'new']) await connect(name);
    await until(async () => (await get(id)).totalTargetsPerStatus.success === 3);
    expect((await get(id)).campaignStatus).toBe('RUNNING');
    expect((await targets(id)).map(({ deviceId }: any) => deviceId)).toEqual(
      ['first', 'new', 'later'].map(idOf),
    );
    bench.clock.advance(3_600_000);
    await becomes(id, 'COMPLETE');
  });

  it('follows devices that get another id, and counts those that go as failed', async () => {
    await register('moving');
    await register('going');
    const { id } = await create({ operations: [command()] });
    bench.clock.advance(0);
    await until(async () => (await get(id)).totalTargetsPerStatus.pending === 2);
    await bench.call('PATCH', `/api/v1/deviceMgt/devices/${idOf('moving')}`, { id: idOf('moved') });
    await bench.call('DELETE', `/api/v1/deviceMgt/devices/${idOf('going')}`);
    await until(async () => (await get(id)).totalTargetsPerStatus.failure === 1);
    await MqttDevice.connect(bench.mqttPort, { clientId: idOf('moving'), password });
    await becomes(id, 'INCOMPLETE');
    const found = Object.fromEntries((await targets(id)).map((each: any) => [each.deviceId, each]));
    expect(found[idOf('moved')].status).toBe('success');
    expect(found[idOf('going')].operations[0].error.code).toBe('DM_DEVICE_NOT_FOUND');
  });

  it.each([
    [
      'its command',
      async (name: string) => {
        const [{ id }] = await commandsOf(name);
        return `/api/v1/deviceMgt/commands/${id}`;
      },
      command(),
    ],
    [
      'its parameter',
      async (name: string) => `/api/v1/deviceMgt/devices/${idOf(name)}/config/parameters/period`,
      configure(60),
    ],
  ] as const)('counts a device as canceled when somebody deletes %s', async (_what, pathOf, operation) => {
    await register('away');
    const { id } = await create({ operations: [operation] });
    bench.clock.advance(0);
    await until(async () => (await get(id)).totalTargetsPerStatus.pending === 1);
    expect((await bench.call('DELETE', await pathOf('away'))).status).toBeLessThan(300);
    await becomes(id, 'INCOMPLETE');
    expect(await counts(id)).toEqual({ canceled: 1 });
  });

  it('goes on when the commands that filled the queue of a device are deleted', async () => {
    await register('full');
    const made: string[] = [];
    for (let count = 0; count < 10; count++) {
      const body = { request: { connector: 'mqtt', value: { req: `own ${count}` } } };
      made.push(
        (await bench.call('POST', `/api/v1/deviceMgt/devices/${idOf('full')}/commands`, body)).body.id,
      );
    }
    const { id } = await create({ operations: [command()] });
    bench.clock.advance(0);
    await becomes(id, 'RUNNING');
    for (const commandId of made) await bench.call('DELETE', `/api/v1/deviceMgt/commands/${commandId}`);
    await until(async () => (await get(id)).totalTargetsPerStatus.pending === 1);
  });

  it('takes in what fits when it is told to, and ends when it is told not to any more', async () => {
    await register('first');
    const planning = { endDate: new Date(bench.clock.now() + 3_600_000).toISOString() };
    const { id } = await create({ planning, operations: [command()] });
    bench.clock.advance(0);
    await until(async () => (await get(id)).totalTargetsPerStatus.pending === 1);
    await register('second');
    const set = (dynamicallyAddEligibleDevice: boolean) =>
      bench.call('PATCH', `${campaigns}/${id}`, { options: { dynamicallyAddEligibleDevice } });
    await set(true);
    await until(async () => (await get(id)).numberOfTargets === 2);
    for (const name of ['first', 'second']) await connect(name);
    await until(async () => (await get(id)).totalTargetsPerStatus.success === 2);
    expect((await get(id)).campaignStatus).toBe('RUNNING');
    await set(false);
    await becomes(id, 'COMPLETE');
  });

  it('waits for room in the queue of a device', async () => {
    await register('full');
    for (let count = 0; count < 10; count++) {
      const body = { request: { connector: 'mqtt', value: { req: `own ${count}` } } };
      await bench.call('POST', `/api/v1/deviceMgt/devices/${idOf('full')}/commands`, body);
    }
    const { id } = await create({ operations: [command()] });
    bench.clock.advance(0);
    await becomes(id, 'RUNNING');
    const device = await connect('full');
    await becomes(id, 'COMPLETE');
    expect(device.received.map(({ payload }) => payload.req).at(-1)).toBe('go');
    expect(await commandsOf('full')).toHaveLength(11);
  });

  it('takes commands of older clients, and notices what a connector refuses', async () => {
    await register('old');
    const device = await connect('old');
    const old = { action: 'command', version: 0, definition: { event: 'blink', data: { times: 3 } } };
    const { id } = await create({ operations: [old] });
    bench.clock.advance(0);
    await becomes(id, 'COMPLETE');
    expect(device.received[0]?.payload).toMatchObject({ req: 'blink', arg: { times: 3 } });
    const bad = command({ request: { connector: 'mqtt', value: { what: 1 } } });
    const refused = await create({ operations: [bad], targets: { idList: [idOf('old')] } });
    bench.clock.advance(0);
    await becomes(refused.id, 'INCOMPLETE');
    const [{ error }] = (await targets(refused.id))[0].operations;
    expect([error.code, error.details]).toEqual([
      'GENERIC_INVALID_PARAMETER_ERROR',
      expect.stringContaining('request.value'),
    ]);
  });

  it('does not begin with more devices than it may have', async () => {
    for (let count = 0; count < 51; count++) await register(`n${count}`);
    const { id } = await create({ operations: [command()] });
    bench.clock.advance(0);
    await becomes(id, 'SERVER_ERROR');
    expect((await get(id)).error).toBe(
      'filterQuery fits 51 devices; a campaign has at most 50 (setting campaignMaxTargets)',
    );
  });

  it('changes before it begins, and less of it afterwards', async () => {
    await register('away');
    const startDate = new Date(bench.clock.now() + 60_000).toISOString();
    const { id } = await create({ planning: { startDate }, operations: [command()] });
    const patch = (body: object) => bench.call('PATCH', `${campaigns}/${id}`, body);
    const changed = await patch({ name: 'x', description: 'y', targets: { idList: [idOf('away')] } });
    expect([changed.status, changed.body]).toEqual([
      200,
      expect.objectContaining({
        name: 'x',
        description: 'y',
        target: { idList: [idOf('away')] },
        numberOfTargets: 1,
      }),
    ]);
    bench.clock.advance(60_000);
    await until(async () => (await get(id)).totalTargetsPerStatus.pending === 1);
    const late = await patch({ operations: [configure(1)], planning: { startDate: '2100-01-01T00:00:00Z' } });
    expect([late.status, late.body.details]).toEqual([
      409,
      'operations, planning.startDate: can be changed only before it begins; its status is RUNNING.',
    ]);
    // All of it as it was read, with another name, is a change of the name.
    const whole = await patch({ ...(await get(id)), name: 'whole' });
    expect([whole.status, whole.body]).toEqual([200, { ...(await get(id)), name: 'whole' }]);
    const endDate = new Date(bench.clock.now() + 1000).toISOString();
    expect((await patch({ planning: { endDate }, name: 'z' })).body).toMatchObject({
      name: 'z',
      planning: { endDate },
    });
    bench.clock.advance(1000);
    await becomes(id, 'INCOMPLETE');
    expect((await patch({ planning: { endDate: null } })).status).toBe(409);
    expect((await patch({ description: null })).body.description).toBeUndefined();
    expect((await patch({ options: { dynamicallyAddEligibleDevice: true } })).status).toBe(409);
    expect((await patch({ ...(await get(id)), name: 'ended' })).body.name).toBe('ended');
  });

  it('lists campaigns in pages, by status and order', async () => {
    const planning = { startDate: '2100-01-01T00:00:00Z' };
    for (const name of ['b', 'a', 'c']) await create({ name, planning, operations: [command()] });
    const list = async (query: string) => {
      const { body } = await bench.call('GET', `${campaigns}?${query}`);
      return [body.totalCount, body.data.map(({ name }: any) => name)];
    };
    expect(await list('')).toEqual([3, ['c', 'a', 'b']]);
    expect(await list('sort=name&size=2')).toEqual([3, ['a', 'b']]);
    expect(await list('sort=-name&size=2&page=1')).toEqual([3, ['a']]);
    expect(await list('status=RUNNING,COMPLETE')).toEqual([0, []]);
    expect(await list('status=SCHEDULED')).toEqual([3, ['c', 'a', 'b']]);
    expect((await bench.call('GET', `${campaigns}?sort=size`)).body.details).toContain(
      'must be one of id, name',
    );
  });

  const fine = { name: 'c', targets: { filterQuery: 'tag==a' }, operations: [command()] };
  it.each([
    [{ name: undefined }, 'body.name'],
    [{ targets: {} }, 'body.targets.idList: give either idList or filterQuery'],
    [{ targets: { filterQuery: 'tag=', idList: [idOf('a')] } }, 'give either idList or filterQuery'],
    [{ targets: { filterQuery: 'tag=' } }, 'body.targets.filterQuery: '],
    [{ targets: { filterQuery: 'colour==red' } }, 'colour'],
    [{ targets: { idList: ['x'] } }, 'body.targets.idList.0: must be urn:lo:nsid'],
    [{ targets: { idList: Array.from({ length: 51 }, (_, n) => idOf(`n${n}`)) } }, 'campaignMaxTargets'],
    [{ operations: [] }, 'body.operations: must hold an operation'],
    [{ operations: [{ action: 'dance' }] }, 'body.operations.0.action: must be one of configure, command'],
    [{ operations: [{ action: 'command', version: 7 }] }, 'body.operations.0.version: must be 1, or 0'],
    [{ operations: [configure(0.5)] }, 'period.valueInt32: must be a whole number'],
    [
      { operations: [command({ maxRetry: 99 })] },
      'maxRetry: must be at most 10, got 99 (setting campaignMaxRetries)',
    ],
    [{ planning: { startDate: 'soon' } }, 'body.planning.startDate: must be an ISO 8601 date'],
    [{ planning: { endDate: '2001-01-01T00:00:00Z' } }, 'body.planning.endDate: is over already'],
    [
      { planning: { startDate: '2100-01-02T00:00:00Z', endDate: '2100-01-01T00:00:00Z' } },
      'body.planning.endDate: must be after startDate',
    ],
  ])('refuses %j', async (change, details) => {
    const { status, body } = await bench.call('POST', campaigns, { ...fine, ...change });
    expect([status, body.code]).toEqual([400, 'GENERIC_INVALID_PARAMETER_ERROR']);
    expect(body.details).toContain(details);
  });
});
