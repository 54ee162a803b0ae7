import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MqttFleetInput } from '../../core/contract/simulators.ts';
import { until } from '../../core/testing/until.ts';
import { TestBench } from './test-bench.ts';

const device = 'urn:lo:nsid:sim:device-1';
const devices = '/api/v1/deviceMgt/devices';

describe('a simulated device that is asked for something, over the real broker', () => {
  const test = new TestBench({ ports: { http: 0, https: 0, mqtt: 0, mqtts: undefined } });
  let fleet = '';
  beforeAll(() => test.bench.start());
  afterAll(() => test.bench.stop());

  /** One device that behaves so, in place of the one before. */
  async function behave(responders: MqttFleetInput['responders']): Promise<void> {
    if (fleet !== '') await test.call('DELETE', `/bench/v1/simulators/${fleet}?devices=true`);
    await test.call('PUT', '/bench/v1/clock', { mode: 'real' });
    fleet = await test.createAndStart({ periodMs: 3_600_000, ...(responders && { responders }) });
    await until(async () => {
      const { interfaces } = await test.deviceOf(device);
      return (
        interfaces[0].capabilities.command.available && interfaces[0].capabilities.configuration.available
      );
    });
  }
  const command = async (value: object, policy: object = {}): Promise<string> => {
    const body = { request: { connector: 'mqtt', value }, policy };
    const made = await test.call('POST', `${devices}/${device}/commands`, body);
    expect(made.status).toBe(201);
    return made.body.id;
  };
  const get = async (id: string) => (await test.call('GET', `/api/v1/deviceMgt/commands/${id}`)).body;
  const ends = async (id: string) => {
    await until(async () => ['PROCESSED', 'ERROR'].includes((await get(id)).status));
    return get(id);
  };
  const audited = async (): Promise<string> =>
    JSON.stringify((await test.call('GET', '/api/v0/auditlog/messages')).body);
  const configure = async (parameters: object): Promise<void> => {
    const { status } = await test.call('POST', `${devices}/${device}/config`, { parameters });
    expect(status).toBe(200);
  };
  const parameters = async () => (await test.call('GET', `${devices}/${device}/config`)).body.parameters;
  const statuses = async () =>
    Object.fromEntries(
      Object.entries<{ syncStatus?: string; status?: string }>(await parameters()).map(([key, entry]) => [
        key,
        entry.syncStatus ?? entry.status,
      ]),
    );

  it('does it at once when its template says nothing else', async () => {
    await behave(undefined);
    expect(await ends(await command({ req: 'buzz' }))).toMatchObject({
      status: 'PROCESSED',
      response: { value: { done: true } },
    });
    await configure({ period: { type: 'INT32', value: 60 }, name: { type: 'STRING', value: 'x' } });
    await until(async () => Object.values(await statuses()).every((status) => status === 'OK'));
    expect(await statuses()).toEqual({ period: 'OK', name: 'OK' });
  });

  it('answers with an error, twice, or what is written for a command', async () => {
    await behave([
      { kind: 'command', request: 'open', outcome: 'error', response: { error: 'jammed' } },
      { kind: 'command', request: 'twice', outcome: 'duplicate' },
      { kind: 'command', response: { level: 75 } },
    ]);
    expect((await ends(await command({ req: 'open' }))).response).toEqual({ value: { error: 'jammed' } });
    expect((await ends(await command({ req: 'dim' }))).response).toEqual({ value: { level: 75 } });
    expect(await ends(await command({ req: 'twice' }))).toMatchObject({ status: 'PROCESSED' });
    await until(async () => /repeat|again|duplicate/i.test(await audited()));
  });

  it('answers too late, on the platform’s clock, or never', async () => {
    await behave([
      { kind: 'command', request: 'slow', delayMs: 90_000 },
      { kind: 'command', outcome: 'never' },
    ]);
    await test.call('PUT', '/bench/v1/clock', { mode: 'frozen' });
    const advance = (duration: string) => test.call('POST', '/bench/v1/clock/advance', { duration });
    const slow = await command({ req: 'slow' }, { ackTimeoutInSeconds: 60 });
    await until(async () => (await get(slow)).deliveryStatus === 'DELIVERED');
    await advance('PT60S');
    expect(await ends(slow)).toMatchObject({ status: 'ERROR', errorCode: 'ACK_TIMEOUT' });
    await advance('PT30S');
    await until(async () => /late/i.test(await audited()));
    const never = await command({ req: 'nothing' }, { ackTimeoutInSeconds: 60 });
    await until(async () => (await get(never)).deliveryStatus === 'DELIVERED');
    await advance('PT60S');
    expect(await ends(never)).toMatchObject({ status: 'ERROR', errorCode: 'ACK_TIMEOUT' });
  });

  it('takes its time from the moment of a jump at which it was asked', async () => {
    await behave([{ kind: 'command', delayMs: 12_000 }]);
    await test.call('PUT', '/bench/v1/clock', { mode: 'frozen' });
    const advance = (duration: string) => test.call('POST', '/bench/v1/clock/advance', { duration });
    const { time } = (await test.call('GET', '/bench/v1/clock')).body;
    const { body: campaign } = await test.call('POST', '/api/v0/deviceMgt/campaigns', {
      name: 'in an hour',
      planning: { startDate: new Date(Date.parse(time) + 3_600_000).toISOString() },
      targets: { idList: [device] },
      operations: [
        {
          ...{ action: 'command', version: 1 },
          definition: { request: { connector: 'mqtt', value: { req: 'w', arg: {} } } },
        },
      ],
    });
    const latest = async () => (await test.call('GET', `${devices}/${device}/commands?limit=1`)).body[0];
    await advance('PT1H');
    await until(async () => (await latest())?.deliveryStatus === 'DELIVERED');
    await advance('PT11.999S');
    // What it sends on the same connection comes after an answer, had it given one.
    await test.call('POST', `/bench/v1/simulators/${fleet}/devices/1/send`, {
      topic: 'dev/data',
      payload: '{"value":{}}',
    });
    expect(await latest()).toMatchObject({ status: 'PROCESSING', deliveryStatus: 'DELIVERED' });
    await advance('PT0.001S');
    await until(async () => (await latest()).status === 'PROCESSED');
    const path = `/api/v0/deviceMgt/campaigns/${campaign.id}`;
    await until(async () => (await test.call('GET', path)).body.campaignStatus === 'COMPLETE');
  });

  it('reports what it has, and refuses a part of what is asked for', async () => {
    await behave([
      {
        ...{ kind: 'configuration', outcome: 'partly', refuses: ['period'] },
        has: { period: { type: 'INT32', value: 60 } },
      },
    ]);
    await until(async () => (await parameters()).period?.reported?.value === 60);
    await configure({ period: { type: 'INT32', value: 5 }, name: { type: 'STRING', value: 'x' } });
    await until(async () => (await statuses()).period === 'FAILED' && (await statuses()).name === 'OK');
    expect((await parameters()).period.reported.value).toBe(60);
  });

  const resource = 'X11_firmware';
  const content = Buffer.alloc(50_000, 'firmware');
  async function update(metadata: Record<string, string> = {}): Promise<void> {
    await test.call('POST', '/api/v0/rm', { resourceId: resource, metadata });
    await test.call('PUT', `/api/v0/rm/${resource}`, { metadata });
    const file = content.toString('base64');
    await test.call('POST', `/api/v0/rm/${resource}/version`, { resourceVersionId: '1.2', file });
    const path = `${devices}/${device}/resources/${resource}/updates`;
    expect((await test.call('POST', path, { requestedVersion: '1.2' })).status).toBe(201);
  }
  const latest = async () =>
    (await test.call('GET', `${devices}/${device}/resources/${resource}/updates/latest`)).body;
  const versions = async () =>
    (await test.call('GET', `${devices}/${device}?fields=resources`)).body.resources;

  it('reports its versions, fetches a new one and installs it', async () => {
    await behave([{ kind: 'resource', has: { [resource]: '1.1' } }]);
    await until(async () => (await versions())?.[resource] === '1.1');
    await update();
    await until(async () => (await latest()).status === 'DONE');
    expect(await latest()).toMatchObject({ initialVersion: '1.1', progress: 100 });
    expect(await versions()).toEqual({ [resource]: '1.2' });
  });

  it('fetches over HTTPS, as slowly as its template says, with progress', async () => {
    await behave([{ kind: 'resource', bytesPerS: 10_000, has: { [resource]: '1.1' } }]);
    await until(async () => (await versions())?.[resource] === '1.1');
    await test.call('PUT', '/bench/v1/clock', { mode: 'frozen' });
    await update({ secured: 'true' });
    await until(async () => (await latest()).progress === 20);
    expect((await latest()).status).toBe('IN_PROGRESS');
    const seen: number[] = [];
    await until(async () => {
      const { progress, status } = await latest();
      seen.push(progress);
      if (status === 'IN_PROGRESS') await test.call('POST', '/bench/v1/clock/advance', { duration: 'PT1S' });
      return status === 'DONE';
    });
    expect(seen).toEqual([...seen].sort((x, y) => x - y));
    expect(new Set(seen).size).toBeGreaterThanOrEqual(3);
    expect((await latest()).status).toBe('DONE');
  });

  it('refuses an update, or fails on the way', async () => {
    await behave([{ kind: 'resource', outcome: 'NOT_AUTHORIZED', has: { [resource]: '1.1' } }]);
    await until(async () => (await versions())?.[resource] === '1.1');
    await update();
    await until(async () => (await latest()).errorCode === 'NOT_AUTHORIZED');
    await behave([{ kind: 'resource', outcome: 'fail', error: { errorCode: 'CRC', errorDetails: 'bad' } }]);
    await update();
    await until(async () => (await latest()).deviceErrorCode === 'CRC');
  });
});
