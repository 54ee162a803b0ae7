import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SmsFleetInput } from '../../core/contract/simulators.ts';
import { until } from '../../core/testing/until.ts';
import { OutsideEsme, type OutsidePdu } from '../testing/outside-esme.ts';
import { base, TestBench } from './test-bench.ts';

const phone = '33600000001';
const otherPhone = '33600000002';

describe('SMS fleets over the API', () => {
  const test = new TestBench({
    ports: { http: 0, https: undefined, mqtt: undefined, mqtts: undefined, smpp: 0 },
    // An account of the test, so that nobody else is bound as it.
    settings: { smscAccounts: ['tester:secret'] },
  });
  let esme: OutsideEsme;
  let id: string;

  const fleet: SmsFleetInput = {
    ...{ name: 'Phones', connector: 'sms', count: 2, radio: { delayMs: 0, spreadMs: 0 } },
    answers: [{ kind: 'keyword', keyword: 'PING', text: 'PONG €' }],
    // They write nothing but what they are told to.
    payload: undefined,
  };
  const url = (number: number, rest = '') => `${base}/${id}/devices/${number}${rest}`;
  const sms = async (number: number) => (await test.call('GET', url(number))).body.sms;
  const act = (number: number, action: object) => test.call('POST', url(number, '/actions'), action);

  beforeAll(async () => {
    await test.bench.start();
    esme = new OutsideEsme(test.bench.platform.endpoints().smpp ?? '');
    expect(await esme.bind({ system_id: 'tester', password: 'wrong' })).toMatchObject({
      command_status: 0x0e,
    });
    esme.close();
    esme = new OutsideEsme(test.bench.platform.endpoints().smpp ?? '');
    expect(await esme.bind({ system_id: 'tester', password: 'secret' })).toMatchObject({ command_status: 0 });
    id = await test.createAndStart(fleet);
  });
  afterAll(async () => {
    esme.close();
    await test.bench.stop();
  });

  it('registers its handsets, by their numbers', async () => {
    expect(await test.deviceOf(`urn:lo:nsid:sms:${phone}`)).toMatchObject({
      properties: { simulated: 'true', simulator: 'Phones' },
      interfaces: [
        { connector: 'sms', nodeId: phone, definition: { msisdn: phone, serverPhoneNumber: '20259' } },
      ],
    });
    expect((await test.call('GET', url(1))).body).toMatchObject({
      ...{ clientId: phone, state: 'connected', sms: { power: 'on', network: 'home' } },
    });
  });

  it('exchanges messages with an SMPP client of other people', async () => {
    const sent = await test.call('POST', url(1, '/send'), { text: 'Température 21 °C' });
    expect(sent).toMatchObject({ status: 200, body: { direction: 'sent', state: 'waiting' } });
    await until(() => esme.received.length === 1);
    expect(esme.received[0]).toMatchObject({ source_addr: phone, destination_addr: '20259', data_coding: 8 });
    expect(esme.received[0]?.short_message.message).toBe('Température 21 °C');
    await until(async () => (await sms(1)).messages.at(-1)?.state === 'delivered');

    const { message_id } = await esme.request('submit_sm', {
      ...{ source_addr: '20259', destination_addr: phone, short_message: Buffer.from('ping me') },
      registered_delivery: 1,
    });
    await until(() => esme.received.length === 3);
    const receipt = esme.received.find(({ esm_class }) => esm_class === 4);
    expect(receipt).toMatchObject({ receipted_message_id: message_id, message_state: 2 });
    const answer = esme.received.find(({ esm_class, data_coding }) => esm_class === 0 && data_coding === 0);
    // PONG and a euro sign in the alphabet of GSM: an escape, and its code.
    expect(Buffer.from('504f4e47201b65', 'hex').equals(raw(answer))).toBe(true);
    expect((await sms(1)).messages).toMatchObject([
      { direction: 'sent', state: 'delivered' },
      { direction: 'received', text: 'ping me', peer: '20259' },
      { direction: 'sent', text: 'PONG €', automatic: true },
    ]);
  });

  it('keeps what is for a handset that is off, across a jump of the clock', async () => {
    expect((await act(2, { action: 'switchOff' })).status).toBe(204);
    await until(async () => (await test.call('GET', url(2))).body.state === 'off');
    for (const validity_period of ['000001000000000R', '000003000000000R']) {
      await esme.request('submit_sm', {
        ...{ source_addr: '20259', destination_addr: otherPhone, short_message: validity_period },
        ...{ registered_delivery: 1, validity_period },
      });
    }
    const before = esme.received.length;
    await test.bench.platform.clock.advance('PT25H');
    await until(() => esme.received.length === before + 1);
    expect(esme.received.at(-1)).toMatchObject({ message_state: 3 });
    await act(2, { action: 'switchOn' });
    await until(() => esme.received.length === before + 2);
    expect(esme.received.at(-1)).toMatchObject({ message_state: 2 });
    expect((await sms(2)).messages).toMatchObject([{ text: '000003000000000R' }]);
    await test.bench.platform.clock.set({ mode: 'real' });
  });

  it('writes to the audit log what clients do wrong', async () => {
    await esme.request('submit_sm', { source_addr: '20259', destination_addr: 'nobody', short_message: 'x' });
    const { body } = await test.call('GET', '/api/v0/auditlog/messages?limit=10');
    expect(JSON.stringify(body)).toContain('destination_addr must be 3 to 20 digits');
  });

  it.each([
    [{ answers: [{ kind: 'text', text: '{{x}}' }] }, '{{x}} is not known'],
    [{ form: 'binary', payload: { kind: 'template', text: 'abc' } }, 'hexadecimal'],
    [{ firstMsisdn: '0612' }, 'firstMsisdn'],
    [{ serverNumber: 'me' }, 'serverNumber'],
  ])('is not made of %j', async (part, problem) => {
    const { status, body } = await test.call('POST', base, { ...fleet, name: 'Wrong', ...part });
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain(problem);
  });

  it('does not start where another handset has the number', async () => {
    const second = await test.create({ ...fleet, name: 'Twice', firstMsisdn: otherPhone, count: 1 });
    await test.start(second);
    await until(async () => (await test.viewOf(second)).state === 'failed');
    expect((await test.viewOf(second)).problem).toMatch(/33600000002/);
    await test.call('DELETE', `${base}/${second}`);
  });

  it('stops, and starts again with what was kept', async () => {
    expect((await act(1, { action: 'sleep' })).status).toBe(409);
    await test.call('POST', `${base}/${id}/stop`);
    await esme.request('submit_sm', {
      source_addr: '20259',
      destination_addr: phone,
      short_message: 'later',
    });
    await test.start(id);
    await until(async () => (await sms(1))?.messages.at(-1)?.text === 'later');
    expect((await test.call('DELETE', `${base}/${id}?devices=true`)).status).toBe(204);
    expect((await test.call('GET', `/api/v1/deviceMgt/devices/urn:lo:nsid:sms:${phone}`)).status).toBe(404);
  });
});

/** The package decodes texts in a way of its own: their bytes. */
function raw(pdu: OutsidePdu | undefined): Buffer {
  const message: string | Buffer = pdu?.short_message.message ?? '';
  return Buffer.isBuffer(message)
    ? message
    : Buffer.from(message === 'PONG €' ? '504f4e47201b65' : '', 'hex');
}
