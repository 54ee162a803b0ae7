import { afterEach, describe, expect, it } from 'vitest';
import type { PlatformSettings } from '../settings.ts';
import { records, TestTwin, twinDevice } from '../testing/test-twin.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const read = { type: 'READ', paths: ['/3/0'] };

const running: TestTwin[] = [];
async function start(settings: Partial<PlatformSettings> = {}, registered = true): Promise<TestTwin> {
  const twin = await TestTwin.start(settings);
  running.push(twin);
  if (registered) await twin.register({ '3': [0] });
  return twin;
}
async function afterPowerLoss(before: TestTwin): Promise<TestTwin> {
  const after = await before.afterPowerLoss();
  running.push(after);
  return after;
}
afterEach(async () => {
  for (const twin of running.splice(0)) await twin[Symbol.asyncDispose]();
});

const status = async (twin: TestTwin, { id }: { id: string }): Promise<string> => {
  await twin.settle();
  return (await twin.ask(`GET /operations/${id}`)).status;
};

describe('an operation of a twin (manual 7.8.6)', () => {
  it('waits for the device, and goes out once it can be reached, one after the other', async () => {
    const twin = await start({}, false);
    const first = await twin.ask('POST /operations', read);
    const second = await twin.ask('POST /operations', { type: 'EXECUTE', paths: ['/3/0/4'] });
    expect(twin.link.sent).toEqual([]);
    await twin.register({ '3': [0] });
    const delivery = await twin.next();
    expect(delivery.request).toMatchObject({ kind: 'read' });
    await twin.settle();
    expect(twin.link.sent).toEqual([]);
    expect([await status(twin, first), await status(twin, second)]).toEqual(['SENT', 'PENDING']);
    twin.answer(delivery, { kind: 'ok', values: records(['/3/0/9', 'INTEGER', 44]) });
    expect((await twin.next()).request).toMatchObject({ kind: 'execute', argument: '' });
    expect(await status(twin, first)).toBe('OK');
    expect((await twin.ask('GET /objects/3/0')).attributes).toMatchObject([
      { path: '/3/0/9', content: { reportedValue: '44' } },
    ]);
  });

  it('is counted before it is sent', async () => {
    const twin = await start();
    const send = twin.link.send.bind(twin.link);
    let atThatMoment: Promise<TestTwin> | undefined;
    twin.link.send = (via, delivery) => {
      atThatMoment = afterPowerLoss(twin);
      send(via, delivery);
    };
    const made = await twin.ask('POST /operations', read);
    await twin.next();
    const after = (await atThatMoment) as TestTwin;
    expect(await status(after, made)).toBe('SENT');
    await after.register({ '3': [0] });
    await after.settle();
    expect(after.link.sent).toEqual([]);
  });

  it('that waited goes on after a loss of power, with the time that it has left', async () => {
    const before = await start({}, false);
    const made = await before.ask('POST /operations', read);
    await before.pass(2 * dayMs);
    const after = await afterPowerLoss(before);
    await after.pass(dayMs - 1);
    expect(await status(after, made)).toBe('PENDING');
    await after.pass(1);
    expect(await status(after, made)).toBe('EXPIRED');
  });

  it('that was sent before a loss of power is tried again when its time is over, counted', async () => {
    const before = await start();
    const made = await before.ask('POST /operations', { ...read, policy: { attempts: 2 } });
    const first = await before.next();
    const after = await afterPowerLoss(before);
    await after.register({ '3': [0] });
    await after.pass(25 * minuteMs - 1);
    expect(after.link.sent).toEqual([]);
    await after.pass(1);
    const second = await after.next();
    expect(second).toMatchObject({ correlation: first.correlation, attempt: 2 });
    after.answer(second, { kind: 'ok', values: [] });
    expect(await status(after, made)).toBe('OK');
  });

  it('expires after 3 days without the device, and after 25 minutes without a word', async () => {
    const twin = await start();
    twin.link.online = false;
    const waiting = await twin.ask('POST /operations', read);
    await twin.pass(3 * dayMs - 1);
    expect(await status(twin, waiting)).toBe('PENDING');
    await twin.pass(1);
    expect(await status(twin, waiting)).toBe('EXPIRED');
    twin.link.online = true;
    const sent = await twin.ask('POST /operations', read);
    const delivery = await twin.next();
    await twin.pass(25 * minuteMs - 1);
    expect(await status(twin, sent)).toBe('SENT');
    await twin.pass(1);
    expect(await status(twin, sent)).toBe('EXPIRED');
    expect(twin.link.withdrawn).toMatchObject([{ correlation: delivery.correlation, attempt: 1 }]);
    // A late answer changes nothing.
    twin.answer(delivery, { kind: 'ok', values: [] });
    expect(await status(twin, sent)).toBe('EXPIRED');
  });

  it('is tried again after 25 minutes, and 3 days later is given up', async () => {
    const twin = await start();
    const made = await twin.ask('POST /operations', { ...read, policy: { attempts: 2 } });
    await twin.next();
    twin.link.online = false;
    await twin.pass(25 * minuteMs);
    expect(await status(twin, made)).toBe('RETRYING');
    await twin.pass(3 * dayMs);
    expect(await status(twin, made)).toBe('EXPIRED');
  });

  it.each([
    ['a 4.xx answer', { kind: 'deviceError', code: 404, reason: '4.04 not found' }, 'DEVICE_ERROR'],
    ['a refusal', { kind: 'rejected', reason: 'Reset' }, 'DEVICE_REJECTED'],
    ['an answer that cannot be read', { kind: 'unreadable', reason: 'broken TLV' }, 'RESPONSE_INVALID'],
    ['what the device cannot be asked', { kind: 'invalid', reason: 'LwM2M 1.0' }, 'OPERATION_INVALID'],
  ] as const)('fails for good by %s, whatever attempts are left', async (_what, outcome, code) => {
    const twin = await start();
    const made = await twin.ask('POST /operations', { ...read, policy: { attempts: 3 } });
    twin.answer(await twin.next(), outcome);
    await twin.settle();
    const { error } = await twin.ask(`GET /operations/${made.id}`);
    expect(error).toMatchObject({ code, details: outcome.reason });
    if (code === 'DEVICE_ERROR') expect(error.deviceCode).toEqual({ value: 404, reason: '4.04 not found' });
    await twin.pass(minuteMs);
    expect(twin.link.sent).toEqual([]);
    const { body } = await twin.bench.call('GET', '/api/v0/auditlog/messages?type=twin_report');
    expect(body[0] ?? body.data?.[0]).toMatchObject({
      subcategory: 'lwm2m',
      source: { deviceId: twinDevice },
    });
  });

  it.each([
    ['a 5.xx answer', { kind: 'deviceError', code: 503, reason: '5.03' }, 'DEVICE_ERROR'],
    ['no answer', { kind: 'timeout', reason: 'no answer in 93 s' }, 'DEVICE_TIMEOUT'],
  ] as const)('is tried again after %s, as often as it may be', async (_what, outcome, code) => {
    const twin = await start();
    const made = await twin.ask('POST /operations', { ...read, policy: { attempts: 2 } });
    const first = await twin.next();
    twin.answer(first, outcome);
    expect(await status(twin, made)).toBe('RETRYING');
    expect(twin.link.sent).toEqual([]);
    await twin.pass(5000);
    const second = await twin.next();
    expect(second).toMatchObject({ correlation: first.correlation, attempt: 2 });
    twin.answer(first, { kind: 'ok', values: [] });
    expect(await status(twin, made)).toBe('SENT');
    twin.answer(second, outcome);
    expect(await status(twin, made)).toBe('FAILED');
    expect((await twin.ask(`GET /operations/${made.id}`)).error.code).toBe(code);
  });

  it('that did not leave is pending as before, and its attempt is not counted', async () => {
    const twin = await start();
    const made = await twin.ask('POST /operations', read);
    twin.answer(await twin.next(), { kind: 'unsent', reason: 'asleep' });
    expect(await status(twin, made)).toBe('PENDING');
    await twin.pass(1000);
    expect((await twin.next()).attempt).toBe(1);
  });

  it('is not cancelled once it is sent', async () => {
    const twin = await start();
    const made = await twin.ask('POST /operations', read);
    await twin.next();
    const { status: code, body } = await twin.call(`PUT /operations/${made.id}/status`, 'CANCELED');
    expect(code).toBe(409);
    expect(body.details).toContain('SENT');
  });

  it('is refused beyond the limit of active ones, and the oldest ended ones go', async () => {
    const twin = await start({ twinOperationMaxActive: 2, twinOperationMaxEnded: 2 });
    for (let number = 0; number < 4; number++) {
      await twin.ask('POST /operations', { ...read, contextToken: String(number) });
      twin.answer(await twin.next(), { kind: 'ok', values: [] });
      await twin.settle();
    }
    twin.link.online = false;
    await twin.ask('POST /operations', read);
    await twin.ask('POST /operations', read);
    const { status: code, body } = await twin.call('POST /operations', read);
    expect(code).toBe(403);
    expect(body.details).toContain('twinOperationMaxActive');
    const ended = await twin.ask('GET /operations?status=OK');
    expect(ended.map(({ contextToken }: any) => contextToken)).toEqual(['2', '3']);
    expect(await twin.ask('GET /operations?status=UNKNOWN&status=CANCELLED')).toEqual([]);
  });

  it('ends with its device, and follows it to another id', async () => {
    const twin = await start({}, false);
    await twin.ask('POST /operations', read);
    const url = '/api/v1/deviceMgt/devices';
    const other = 'urn:lo:nsid:lwm2m:other';
    expect((await twin.bench.call('PATCH', `${url}/${twinDevice}`, { id: other })).status).toBe(200);
    expect((await twin.bench.call('GET', `${url}/${other}/twin/operations`)).body).toHaveLength(1);
    await twin.register({ '3': [0] });
    await twin.next();
    expect((await twin.bench.call('DELETE', `${url}/${other}`)).status).toBe(204);
    await twin.addDevice({ id: other });
    expect((await twin.bench.call('GET', `${url}/${other}/twin/operations`)).body).toEqual([]);
    expect((await twin.bench.call('GET', `${url}/${other}/twin/supported-objects`)).body).toEqual([]);
  });

  it('is for devices that have a twin', async () => {
    const twin = await start({}, false);
    await twin.bench.call('POST', '/api/v1/deviceMgt/devices', { id: 'urn:lo:nsid:test:plain' });
    const url = '/api/v1/deviceMgt/devices/urn:lo:nsid:test:plain/twin';
    for (const [method, path, body] of [
      ['POST', '/operations', read],
      ['GET', '/operations', undefined],
      ['GET', '/objects', undefined],
      ['POST', '/observations', { paths: ['/3'] }],
    ] as const)
      expect(await twin.bench.call(method, `${url}${path}`, body)).toMatchObject({
        status: 404,
        body: { code: 'DM_TWIN_NOT_FOUND' },
      });
  });
});
