import { afterEach, describe, expect, it } from 'vitest';
import type { PlatformSettings } from '../settings.ts';
import { records, TestTwin, twinDevice } from '../testing/test-twin.ts';

const rules = '/api/v1/deviceMgt/twin/data/rules';
let twin: TestTwin;
async function start(paths: readonly string[], settings: Partial<PlatformSettings> = {}): Promise<void> {
  twin = await TestTwin.start(settings);
  if (paths.length > 0) await twin.bench.call('POST', rules, { type: 'PASSTHROUGH', paths });
  await twin.register({ '3': [0], '6': [0], '3303': [0], '33000': [0] });
}
afterEach(() => twin[Symbol.asyncDispose]());

const messages = async (): Promise<any[]> =>
  (await twin.bench.call('GET', `/api/v0/data/streams/${twinDevice}`)).body;
const temperature = (value: number, timestampMs?: number) =>
  ['/3303/0/5700', 'FLOAT', value, ...(timestampMs === undefined ? [] : [timestampMs])] as never;

describe('reported values (manual 7.8.9 to 7.8.11)', () => {
  it('become no message without a rule, nor beyond its paths, nor as the answer to a request', async () => {
    await start(['/3303/0/5700']);
    await twin.report(records(['/3/0/9', 'INTEGER', 44], ['/3303/0/5701', 'STRING', 'Cel']));
    const { id } = await twin.ask('POST /operations', { type: 'READ', paths: ['/3303/0'] });
    twin.answer(await twin.next(), { kind: 'ok', values: records(temperature(20)) });
    await twin.settle();
    expect((await twin.ask(`GET /operations/${id}`)).status).toBe('OK');
    await twin.ask('POST /observations', { paths: ['/3303/0'] });
    twin.answer(await twin.next(), { kind: 'ok', values: records(temperature(21)) });
    await twin.settle();
    expect(await messages()).toEqual([]);
    await twin.report(records(['/3/0/9', 'INTEGER', 43], temperature(22)));
    expect(await messages()).toMatchObject([
      { model: 'twin_json', value: { temperature: { '0': { sensorValue: 22 } } } },
    ]);
  });

  it('with several times are a message for each, and the twin has the newest', async () => {
    await start(['/']);
    const times = [3000, 1000, 2000].map((offset) => Date.UTC(2030, 0, 1) + offset);
    await twin.report(records(...times.map((timeMs, index) => temperature(index, timeMs))));
    const stored = await messages();
    expect(stored.map(({ timestamp, value }) => [timestamp, value.temperature['0'].sensorValue])).toEqual([
      ['2030-01-01T00:00:03.000Z', 0],
      ['2030-01-01T00:00:02.000Z', 2],
      ['2030-01-01T00:00:01.000Z', 1],
    ]);
    expect((await twin.ask('GET /objects/3303/0')).attributes[0].content).toEqual({
      reportedValue: '0',
      timestamp: '2030-01-01T00:00:03.000Z',
    });
  });

  it('take the place of what a clock that was ahead has left, and are dropped when they are older than what is known', async () => {
    await start([]);
    const nowMs = twin.clock.now();
    const shown = async () => (await twin.ask('GET /objects/3303/0')).attributes[0].content.reportedValue;
    await twin.report(records(temperature(1, nowMs + 86_400_000)));
    expect(await shown()).toBe('1');
    await twin.report(records(temperature(2)));
    expect(await shown()).toBe('2');
    await twin.report(records(temperature(3, nowMs - 1000)));
    expect(await shown()).toBe('2');
  });

  it('of object 6 give the message its location, completed by what the twin knows', async () => {
    await start(['/']);
    const values = records(
      ['/6/0/0', 'FLOAT', 48.117],
      ['/6/0/1', 'FLOAT', -1.677],
      ['/6/0/2', 'FLOAT', 40],
      ['/6/0/3', 'FLOAT', 10],
    );
    await twin.report(values);
    await twin.report(records(['/6/0/0', 'FLOAT', 48.2]));
    await twin.report(records(temperature(20)));
    await twin.report(records(['/6/0/0', 'FLOAT', 95]));
    const [outside, none, moved, whole] = await messages();
    expect(whole.location).toEqual({ lat: 48.117, lon: -1.677, alt: 40, accuracy: 10 });
    expect(moved.location).toEqual({ lat: 48.2, lon: -1.677, alt: 40, accuracy: 10 });
    expect(none.location).toBeUndefined();
    expect(outside.location).toBeUndefined();
    expect(outside.value).toEqual({ location: { '0': { latitude: 95 } } });
  });

  it('are routed to FIFOs like any message, and have a trace', async () => {
    await start(['/']);
    await twin.bench.call('POST', '/api/v0/topics/fifo', { name: 'twins' });
    await twin.bench.call('POST', '/api/v1/event2action/actionPolicies', {
      ...{ name: 'lwm2m', enabled: true },
      triggers: { dataMessage: { version: 1, filter: { connectors: ['lwm2m'] } } },
      actions: { fifoPublish: [{ fifoName: 'twins' }] },
    });
    await twin.report(records(temperature(20)));
    expect((await twin.bench.call('GET', '/api/v0/topics/fifo/twins')).body.messages).toBe(1);
    const [{ id }] = await messages();
    const [trace] = twin.bench.platform.traces.latest(twin.bench.tenantId, 1);
    expect(trace).toMatchObject({ messageId: id, connector: 'lwm2m', target: 'send', outcome: 'ok' });
    expect(trace?.payload.text).toBe('bytes of the wire');
    expect(trace?.steps.map(({ stage }) => stage)).toContain('store');
  });

  it('that no model names are under their numbers', async () => {
    await start(['/']);
    await twin.report(records(['/33000/0/7', 'STRING', 'x'], ['/33000/0/8/1', 'BOOLEAN', true]));
    expect((await messages())[0].value).toEqual({ '33000': { '0': { '7': 'x', '8': { '1': true } } } });
    expect((await twin.ask('GET /objects/33000/0')).attributes).toMatchObject([
      { path: '/33000/0/7', content: { reportedValue: 'x' } },
      { path: '/33000/0/8', contents: [{ path: '/33000/0/8/1', reportedValue: '1' }] },
    ]);
  });

  it('of two objects, or attributes, of one name are kept apart: the second is under its number', async () => {
    await start(['/']);
    const float = (path: string, value: number) => [path, 'FLOAT', value] as const;
    await twin.register({ '6': [0], '3336': [0], '3421': [0] }, true);
    await twin.report(
      records(
        ...[float('/6/0/0', 48), ['/3336/0/6051', 'FLOAT', 49] as const],
        ...[float('/3421/0/27', 2), float('/3421/0/28', 3)],
      ),
    );
    await twin.report(records(['/3336/0/6051', 'FLOAT', 50]));
    expect((await messages()).map(({ value }) => value)).toEqual([
      { '3336': { '0': { numericLatitude: 50 } } },
      {
        location: { '0': { latitude: 48 } },
        '3336': { '0': { numericLatitude: 49 } },
        singlePhaseElectricalMeter: { '0': { activeEnergyAACombinedTotal: 2, '28': 3 } },
      },
    ]);
  });

  it('survive a loss of power from the moment they may be acknowledged', async () => {
    await start(['/']);
    await twin.report(records(temperature(20)));
    const after = await twin.afterPowerLoss();
    try {
      expect((await after.ask('GET /objects/3303/0')).attributes).toMatchObject([
        { content: { reportedValue: '20' } },
      ]);
      const { body } = await after.bench.call('GET', `/api/v0/data/streams/${twinDevice}`);
      expect(body).toHaveLength(1);
    } finally {
      await after[Symbol.asyncDispose]();
    }
  });

  it('beyond the limits are not kept, which the audit log tells; they are messages all the same', async () => {
    await start(['/'], { twinMaxValues: 1, twinMaxValueBytes: 10 });
    await twin.report(records(temperature(20)));
    await twin.report(records(['/3/0/0', 'STRING', 'x'], ['/3/0/1', 'STRING', 'longer than ten']));
    expect(await messages()).toHaveLength(2);
    expect((await twin.ask('GET /objects/3/0')).attributes).toEqual([]);
    const { body } = await twin.bench.call('GET', '/api/v0/auditlog/messages?type=twin_report');
    expect(JSON.stringify(body)).toMatch(
      /twinMaxValues\).*twinMaxValueBytes|twinMaxValueBytes\).*twinMaxValues/,
    );
  });

  it('of instances that are not registered any more are dropped', async () => {
    await start([]);
    await twin.report(records(temperature(20), ['/3/0/9', 'INTEGER', 44]));
    await twin.register({ '3': [0] }, true);
    expect((await twin.call('GET /objects/3303')).status).toBe(404);
    expect((await twin.ask('GET /objects/3/0')).attributes).toHaveLength(1);
  });
});
