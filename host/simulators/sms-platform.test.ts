import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SmsFleetInput } from '../../core/contract/simulators.ts';
import { until } from '../../core/testing/until.ts';
import { base, TestBench } from './test-bench.ts';

const phone = '33600000001';
const deviceId = `urn:lo:nsid:sms:${phone}`;
const device = `/api/v1/deviceMgt/devices/${deviceId}`;

describe('the platform at the simulated short message centre', () => {
  const test = new TestBench({
    ports: { http: 0, https: undefined, mqtt: undefined, mqtts: undefined, smpp: 0 },
  });
  let fleetId: string;

  const fleet: SmsFleetInput = {
    ...{ name: 'Phones', connector: 'sms', count: 1, radio: { delayMs: 0, spreadMs: 0 } },
    ...{ answers: [], payload: undefined },
  };
  const handset = (rest = '') => `${base}/${fleetId}/devices/1${rest}`;
  const shown = async () => (await test.call('GET', handset())).body.sms.messages;
  const act = (action: string) => test.call('POST', handset('/actions'), { action });
  const stored = async () => (await test.call('GET', `/api/v0/data/streams/${deviceId}`)).body;
  const command = async (value: object): Promise<string> => {
    const request = { connector: 'sms', value };
    const { body } = await test.call('POST', `${device}/commands`, {
      request,
      policy: { ackMode: 'NETWORK' },
    });
    return body.id;
  };
  const commandOf = async (id: string) => (await test.call('GET', `/api/v1/deviceMgt/commands/${id}`)).body;
  const centre = async () => (await test.call('GET', '/bench/v1/sms/centre')).body;

  beforeAll(async () => {
    await test.bench.start();
    await until(async () => (await centre()).state === 'BOUND');
    fleetId = await test.createAndStart(fleet);
  });
  afterAll(() => test.bench.stop());

  it.each([
    ['a short text', { text: 'Temp 21 °C' }, 'Temp 21 °C'],
    ['a long text', { text: 'Łódź '.repeat(60) }, 'Łódź '.repeat(60)],
    ['bytes', { text: '00FF10', form: 'binary' }, '00ff10'],
  ])('%s that is typed on a handset is a message of its device, with a trace', async (_, what, payload) => {
    const before = (await stored()).length;
    expect((await test.call('POST', handset('/send'), what)).status).toBe(200);
    await until(async () => (await stored()).length > before);
    const [message] = await stored();
    expect(message).toMatchObject({
      value: { payload },
      metadata: {
        ...{ source: deviceId, connector: 'sms' },
        network: { sms: { msisdn: phone, serverPhoneNumber: '20259' } },
      },
    });
    const { body: traces } = await test.call('GET', '/bench/v1/traces?limit=1');
    expect(traces[0]).toMatchObject({ connector: 'sms', sender: phone, target: '20259', outcome: 'ok' });
    await until(async () => (await shown()).at(-1).state === 'delivered');
  });

  it.each([
    ['a text', { type: 'TEXT', payload: 'reboot now' }, 'reboot now'],
    ['a long text', { type: 'TEXT', payload: 'Привет '.repeat(30) }, 'Привет '.repeat(30)],
    ['bytes', { type: 'BINARY', payload: '0A30F5' }, '0a30f5'],
  ])(
    '%s that is sent as a command is on the screen of the handset, and DELIVERED',
    async (_, value, text) => {
      const id = await command(value);
      await until(async () => (await commandOf(id)).status === 'PROCESSED');
      expect(await commandOf(id)).toMatchObject({ deliveryStatus: 'DELIVERED' });
      expect((await shown()).at(-1)).toMatchObject({ direction: 'received', peer: '20259', text });
    },
  );

  it('waits with DELIVERED for a handset that is off', async () => {
    await act('switchOff');
    await until(async () => (await test.call('GET', handset())).body.state === 'off');
    const id = await command({ type: 'TEXT', payload: 'are you there' });
    await until(async () => (await commandOf(id)).deliveryStatus === 'SENT');
    expect(await commandOf(id)).toMatchObject({ status: 'PROCESSING' });
    await act('switchOn');
    await until(async () => (await commandOf(id)).status === 'PROCESSED');
    expect(await commandOf(id)).toMatchObject({ deliveryStatus: 'DELIVERED' });
  });

  it('leaves messages to other numbers to whoever binds for them', async () => {
    await test.call('POST', handset('/send'), { to: '4711', text: 'not for the platform' });
    await until(async () => (await shown()).at(-1).state === 'sent');
    expect((await test.call('GET', '/bench/v1/sms/drops')).body).toEqual({});
  });

  it('notes when the device was heard, and written to', async () => {
    const { body } = await test.call('GET', `${device}/interfaces/sms:${phone}`);
    expect(body.activity).toEqual({
      lastUplink: { timestamp: expect.any(String), serverPhoneNumber: '20259' },
      lastDownlink: { timestamp: expect.any(String), serverPhoneNumber: '20259' },
    });
  });

  it('is a client of the centre, which tells so', async () => {
    const { body } = await test.call('GET', `${base}/smsc`);
    expect(body).toMatchObject({
      clients: [
        {
          ...{ systemId: 'fleetbench', boundAs: 'transceiver', addressRange: '^(20259|3320259|12345)$' },
          ...{ submitted: expect.any(Number), delivered: expect.any(Number), load: 0 },
        },
      ],
      ...{ handsets: 1, waiting: 1, waitingMax: 100_000, dropped: {} },
    });
    // It gets a receipt for each that it submits, and what the handset writes.
    expect(body.clients[0].submitted).toBeGreaterThanOrEqual(5);
    expect(body.clients[0].delivered).toBeGreaterThan(body.clients[0].submitted);
    expect(body.ended.DELIVERED).toBeGreaterThan(0);
  });

  it('binds again after a reset, and none of it is an error', async () => {
    expect((await test.call('POST', '/bench/v1/reset')).status).toBeLessThan(300);
    await until(async () => (await centre()).state === 'BOUND');
    const { body } = await test.call('GET', '/api/v0/auditlog/messages?subcategory=sms');
    expect(body).toEqual([]);
  });
});
