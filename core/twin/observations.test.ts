import { afterEach, describe, expect, it } from 'vitest';
import type { PlatformSettings } from '../settings.ts';
import { records, TestTwin } from '../testing/test-twin.ts';

const running: TestTwin[] = [];
async function start(settings: Partial<PlatformSettings> = {}): Promise<TestTwin> {
  const twin = await TestTwin.start(settings);
  running.push(twin);
  return twin;
}
afterEach(async () => {
  for (const twin of running.splice(0)) await twin[Symbol.asyncDispose]();
});

const objects = { '3303': [0], '3': [0] };
const asked = { paths: ['/3303/0'] };
const noAnswer = { kind: 'timeout', reason: 'no answer' } as const;

async function status(twin: TestTwin): Promise<string[]> {
  await twin.settle();
  return (await twin.ask('GET /observations')).map((each: { status: string }) => each.status);
}

/** An observation that the device has taken; its number. */
async function observed(twin: TestTwin, body: object = asked): Promise<number> {
  await twin.ask('POST /observations', body);
  const delivery = await twin.next();
  twin.answer(delivery, { kind: 'ok', values: [] });
  await twin.settle();
  return delivery.correlation;
}

describe('an observation (manual 7.8.7)', () => {
  it('begins when the device registers, and anew with each registration', async () => {
    const twin = await start();
    await twin.ask('POST /observations', asked);
    expect(await status(twin)).toEqual(['PENDING']);
    await twin.register(objects);
    const first = await twin.next();
    expect(first.request).toMatchObject({ kind: 'observe', paths: [expect.anything()] });
    twin.answer(first, { kind: 'ok', values: records(['/3303/0/5700', 'FLOAT', 21.5]) });
    expect(await status(twin)).toEqual(['OBSERVING']);
    expect((await twin.ask('GET /objects/3303/0')).attributes).toHaveLength(1);
    twin.gone();
    expect(await status(twin)).toEqual(['PENDING']);
    await twin.register(objects);
    expect((await twin.next()).correlation).toBe(first.correlation);
  });

  it('begins anew after a loss of power, when the device registers', async () => {
    const before = await start();
    await before.register(objects);
    const number = await observed(before);
    const after = await before.afterPowerLoss();
    running.push(after);
    expect(await status(after)).toEqual(['PENDING']);
    await after.register(objects);
    expect((await after.next()).correlation).toBe(number);
  });

  it('fails at once by a 4.xx answer, and is tried again with the next registration alone', async () => {
    const twin = await start();
    await twin.register(objects);
    await twin.ask('POST /observations', asked);
    twin.answer(await twin.next(), { kind: 'deviceError', code: 405, reason: '4.05' });
    expect(await status(twin)).toEqual(['FAILED']);
    await twin.register(objects, true);
    await twin.settle();
    expect(twin.link.sent).toEqual([]);
    await twin.register(objects);
    await twin.next();
  });

  it('is tried at each update while failures may pass, five times in all', async () => {
    const twin = await start();
    await twin.register(objects);
    await twin.ask('POST /observations', asked);
    for (let attempt = 1; attempt <= 5; attempt++) {
      expect(await status(twin)).toEqual(['PENDING']);
      twin.answer(await twin.next(), noAnswer);
      await twin.settle();
      expect(twin.link.sent).toEqual([]);
      await twin.register(objects, true);
    }
    expect(await status(twin)).toEqual(['FAILED']);
    expect(twin.link.sent).toEqual([]);
  });

  it('takes notifications, and refuses those that nobody asked for', async () => {
    const twin = await start();
    await twin.register(objects);
    const number = await observed(twin);
    const values = records(['/3303/0/5700', 'FLOAT', 22]);
    expect(await twin.report(values, number)).toBeUndefined();
    const { attributes } = await twin.ask('GET /objects/3303/0');
    expect(attributes).toMatchObject([{ path: '/3303/0/5700', content: { reportedValue: '22' } }]);
    expect(await twin.report(values, number + 1)).toBe('unwanted');
    const [{ id }] = await twin.ask('GET /observations');
    await twin.call(`DELETE /observations/${id}`);
    expect(twin.link.endedObservations).toEqual([number]);
    expect(await twin.report(values, number)).toBe('unwanted');
  });

  it('that was canceled while its request was under way is ended when the device takes it', async () => {
    const twin = await start();
    await twin.register(objects);
    const { id } = await twin.ask('POST /observations', asked);
    const delivery = await twin.next();
    await twin.call(`DELETE /observations/${id}`);
    twin.answer(delivery, { kind: 'ok', values: [] });
    expect(twin.link.endedObservations).toEqual([delivery.correlation, delivery.correlation]);
    await twin.ask('POST /operations', { type: 'READ', paths: ['/3'] });
    expect((await twin.next()).request.kind).toBe('read');
  });

  it('fails when the device ends it by an error', async () => {
    const twin = await start();
    await twin.register(objects);
    const correlation = await observed(twin);
    twin.answer({ correlation, attempt: 0 }, { kind: 'deviceError', code: 404, reason: '4.04 gone' });
    expect(await status(twin)).toEqual(['FAILED']);
  });

  it('replaces what it has told in whole: instances that are gone are gone', async () => {
    const twin = await start();
    await twin.register({ '3': [0] });
    const number = await observed(twin, { paths: ['/3/0/11'] });
    await twin.report(records(['/3/0/11/0', 'INTEGER', 0], ['/3/0/11/1', 'INTEGER', 5]), number);
    await twin.report(records(['/3/0/11/0', 'INTEGER', 0]), number);
    const { attributes } = await twin.ask('GET /objects/3/0');
    expect(attributes[0].contents).toHaveLength(1);
  });

  it('is one of as many as may be, over as many paths as may be', async () => {
    const twin = await start({ twinObservationMaxPerDevice: 1, twinObservationMaxPaths: 2 });
    const wide = await twin.call('POST /observations', { paths: ['/3', '/4', '/5'] });
    expect(wide).toMatchObject({ status: 400 });
    expect(wide.body.details).toContain('twinObservationMaxPaths');
    await twin.ask('POST /observations', { paths: ['/3/0/9', '/3303/0/5700'] });
    const { status: code, body } = await twin.call('POST /observations', asked);
    expect(code).toBe(403);
    expect(body.details).toContain('twinObservationMaxPerDevice');
    for (const paths of [[], ['/'], ['3'], ['/3/0/1/2/3'], ['/03'], ['/70000']])
      expect((await twin.call('POST /observations', { paths })).status, paths.join()).toBe(400);
  });
});
