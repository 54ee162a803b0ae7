import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SmsAction, SmsAnswer, SmsDetails, SmsMessage } from '../../core/contract/simulated-sms.ts';
import { fleetTemplate, type SmsFleetInput } from '../../core/contract/simulators.ts';
import { VirtualClock } from '../../core/platform/virtual-clock.ts';
import { messageOfText } from '../../core/protocols/smpp/outgoing-message.ts';
import { simulatorSeams } from '../../core/testing/simulator-seams.ts';
import { Fleet } from '../fleet/fleet.ts';
import type { AirMessage, AirOutcome, AirUp } from './air.ts';

const phone = '33600000001';
const centre = '20259';

let clock: VirtualClock;
let wireClock: VirtualClock;
let fleet: Fleet;
let ups: AirUp[];
let nextDelivery: number;

async function start(template: Partial<SmsFleetInput> = {}): Promise<void> {
  await fleet?.stop();
  clock = new VirtualClock(Date.UTC(2030, 0, 1));
  wireClock = new VirtualClock();
  ups = [];
  nextDelivery = 1;
  const made = fleetTemplate.parse({
    ...{ name: 'phones', connector: 'sms', radio: { delayMs: 0, spreadMs: 0 } },
    ...template,
  });
  fleet = new Fleet({ template: made, url: '', key: '' }, simulatorSeams(clock, wireClock), {
    air: (up) => ups.push(up),
  });
  await fleet.start();
}

const airMessage = (text: string, more: Partial<AirMessage> = {}): AirMessage => ({
  ...{ from: centre, to: phone, dataCoding: 0, hasHeader: false, data: new Uint8Array(Buffer.from(text)) },
  ...more,
});

function deliver(message: AirMessage): number {
  const delivery = nextDelivery++;
  fleet.receive({ kind: 'deliver', msisdn: phone, delivery, message });
  return delivery;
}

const outcomeOf = (delivery: number): AirOutcome | undefined =>
  ups.find((up) => up.kind === 'outcome' && up.delivery === delivery)?.kind === 'outcome'
    ? (ups.find((up) => up.kind === 'outcome' && up.delivery === delivery) as { outcome: AirOutcome }).outcome
    : undefined;
const submits = () => ups.filter((up) => up.kind === 'submit');
const reaches = () => ups.filter((up) => up.kind === 'reach').map(({ unreachable }) => unreachable ?? 'on');
const act = (action: SmsAction) => fleet.device(1).act(action);
const write = (text: string, more: object = {}) => fleet.device(1).send({ text, form: 'text', ...more });
const sms = (): SmsDetails => fleet.device(1).details().sms as SmsDetails;
const last = (): SmsMessage => sms().messages.at(-1) as SmsMessage;
const textOf = ({ message }: { message: AirMessage }) => Buffer.from(message.data).toString();

beforeEach(() => start());
afterEach(async () => {
  await fleet.stop();
  expect([...clock.pendingTimers(), ...wireClock.pendingTimers()]).toEqual([]);
});

describe('what one types', () => {
  it('is sending, sent and delivered, as the network says', async () => {
    expect(await write('Hello')).toMatchObject({ direction: 'sent', payload: '48656c6c6f', bytes: 5 });
    expect(submits()).toMatchObject([{ msisdn: phone, message: { from: phone, to: centre, dataCoding: 0 } }]);
    expect(last()).toMatchObject({
      ...{ direction: 'sent', peer: centre, text: 'Hello', hex: '48656c6c6f', encoding: 'GSM 7-bit' },
      ...{ segments: 1, state: 'sending', automatic: false, time: '2030-01-01T00:00:00.000Z' },
    });
    fleet.receive({ kind: 'accepted', msisdn: phone, ref: 1 });
    expect(last().state).toBe('sent');
    fleet.receive({ kind: 'report', msisdn: phone, ref: 1, reason: undefined });
    expect(last().state).toBe('delivered');
    expect(fleet.report()).toMatchObject({ sent: 1, acknowledged: 1, errors: 0 });
  });

  it('fails with the reason that the network gives', async () => {
    await write('Hello');
    fleet.receive({ kind: 'refused', msisdn: phone, ref: 1, reason: 'full' });
    expect(last()).toMatchObject({ state: 'failed', reason: 'full' });
    await write('Hello');
    fleet.receive({ kind: 'accepted', msisdn: phone, ref: 2 });
    fleet.receive({ kind: 'report', msisdn: phone, ref: 2, reason: 'too late' });
    expect(last()).toMatchObject({ state: 'failed', reason: 'too late' });
    expect(fleet.report().errors).toBe(2);
  });

  it.each([
    ['€uro', 'GSM 7-bit', 1],
    ['Ж', 'UCS-2', 1],
    ['a'.repeat(160), 'GSM 7-bit', 1],
    ['a'.repeat(161), 'GSM 7-bit', 2],
    ['Ж'.repeat(71), 'UCS-2', 2],
  ])('%s goes as %s in %i', async (text, encoding, segments) => {
    await write(text);
    expect(last()).toMatchObject({ text, encoding, segments });
    expect(submits()).toHaveLength(segments);
    for (const { ref } of submits().slice(0, -1)) fleet.receive({ kind: 'accepted', msisdn: phone, ref });
    if (segments > 1) expect(last().state).toBe('sending');
    fleet.receive({ kind: 'accepted', msisdn: phone, ref: segments });
    expect(last().state).toBe('sent');
  });

  it('has frames that end as the network answers for each, whatever becomes of the message', async () => {
    const states = () =>
      fleet
        .device(1)
        .details()
        .frames.map(({ state }) => state);
    await write('a'.repeat(320));
    expect(states()).toEqual(['waiting', 'waiting', 'waiting']);
    fleet.receive({ kind: 'refused', msisdn: phone, ref: 1, reason: 'full' });
    await act({ action: 'emptyInbox' });
    fleet.receive({ kind: 'accepted', msisdn: phone, ref: 2 });
    fleet.receive({ kind: 'report', msisdn: phone, ref: 2, reason: 'too late' });
    expect(states()).toEqual(['waiting', 'acknowledged', 'failed']);
    await start({ radio: { delayMs: 0, spreadMs: 0, loss: 1 } });
    await write('Hello');
    expect(states()).toEqual(['failed']);
  });

  it('goes as bytes when it is binary, and nothing else does', async () => {
    await write('01 a0 ff', { form: 'binary', to: '+33600000009' });
    expect(submits()).toMatchObject([{ message: { to: '+33600000009', dataCoding: 4 } }]);
    expect(last()).toMatchObject({ encoding: '8-bit', hex: '01a0ff' });
    await expect(write('abc', { form: 'binary' })).rejects.toMatchObject({ code: 'api.invalidParameter' });
    await expect(fleet.device(1).send({ topic: 'x', payload: '' })).rejects.toMatchObject({
      code: 'simulators.wrongState',
    });
  });

  it('takes its time, on the clock of the platform', async () => {
    await start({ radio: { delayMs: 1000, spreadMs: 0 } });
    await write('Hello');
    clock.advance(999);
    expect(submits()).toHaveLength(0);
    clock.advance(1);
    expect(submits()).toHaveLength(1);
  });

  it('is lost where the radio loses it, and cannot leave a handset that is off or let in nowhere', async () => {
    await start({ radio: { delayMs: 0, spreadMs: 0, loss: 1 }, roaming: { barred: true } });
    await write('Hello');
    expect(last()).toMatchObject({ state: 'failed', reason: 'The network did not answer.' });
    await act({ action: 'switchOff' });
    await expect(write('Hello')).rejects.toMatchObject({ details: expect.stringContaining('switch it on') });
    await act({ action: 'switchOn' });
    await act({ action: 'roam' });
    await expect(write('Hello')).rejects.toMatchObject({ details: expect.stringContaining('come home') });
  });
});

describe('what comes', () => {
  it('is shown, and the network is told', () => {
    expect(outcomeOf(deliver(airMessage('LED ON')))).toBe('delivered');
    expect(last()).toMatchObject({ direction: 'received', peer: centre, text: 'LED ON', state: 'received' });
    expect(fleet.device(1).details().frames).toMatchObject([
      { topic: `SMS ${centre} to ${phone}`, payload: '4c4544204f4e' },
    ]);
    expect(fleet.report()).toMatchObject({ received: 1, connected: 1 });
  });

  it('is put together from its parts, in whatever order they come, and twice', () => {
    const text = 'Ж'.repeat(150);
    const parts = messageOfText(text, { longMessages: 'UDH16', defaultAlphabet: 'GSM7', reference: 7 });
    const messages = parts.map(({ body: { dataCoding, shortMessage } }) =>
      airMessage('', { dataCoding, hasHeader: true, data: shortMessage }),
    );
    expect(messages).toHaveLength(3);
    for (const index of [2, 0, 2, 1])
      expect(outcomeOf(deliver(messages[index] as AirMessage))).toBe('delivered');
    expect(sms().messages).toMatchObject([{ text, segments: 3, encoding: 'UCS-2' }]);
  });

  it.each([
    ['8-bit data', airMessage('', { dataCoding: 4, data: Uint8Array.of(1, 0xff) }), '01ff'],
    ['UCS-2 of an odd length', airMessage('', { dataCoding: 8, data: Uint8Array.of(4) }), '04'],
    ['a header that ends behind it', airMessage('', { hasHeader: true, data: Uint8Array.of(9, 1) }), '0901'],
    ['an unknown alphabet', airMessage('', { dataCoding: 5, data: Uint8Array.of(1) }), '01'],
  ])('%s is bytes to it', (_what, message, text) => {
    expect(outcomeOf(deliver(message))).toBe('delivered');
    expect(last()).toMatchObject({ text, encoding: '8-bit' });
  });

  it('waits at the network while the handset is off, barred or full', async () => {
    await start({ roaming: { barred: true } });
    await act({ action: 'switchOff' });
    expect(fleet.device(1).view().state).toBe('off');
    expect(fleet.report().connected).toBe(0);
    expect(outcomeOf(deliver(airMessage('1')))).toBe('absent');
    await act({ action: 'switchOn' });
    await act({ action: 'roam' });
    expect(sms().network).toBe('barred');
    expect(outcomeOf(deliver(airMessage('2')))).toBe('barred');
    await act({ action: 'comeHome' });
    await act({ action: 'fillInbox' });
    expect(sms().inbox).toMatchObject({ used: 20, size: 20 });
    expect(outcomeOf(deliver(airMessage('3')))).toBe('full');
    await act({ action: 'emptyInbox' });
    expect(outcomeOf(deliver(airMessage('4')))).toBe('delivered');
    expect(reaches()).toEqual(['on', 'absent', 'on', 'barred', 'on', 'full', 'on']);
  });

  it('is refused once an inbox that refuses is full, and pushes the oldest out of another', async () => {
    await start({ inbox: { size: 2, whenFull: 'refuse' } });
    for (const text of ['1', '2']) expect(outcomeOf(deliver(airMessage(text)))).toBe('delivered');
    expect(outcomeOf(deliver(airMessage('3')))).toBe('full');
    expect(reaches()).toEqual(['on', 'full']);
    await start({ inbox: { size: 2 } });
    for (const text of ['1', '2', '3']) deliver(airMessage(text));
    expect(sms().messages.map(({ text }) => text)).toEqual(['2', '3']);
  });

  it('is lost for the part that the settings say, the same in each run', async () => {
    const run = async (seed: number) => {
      await start({ seed, radio: { delayMs: 0, spreadMs: 0, loss: 0.3 } });
      return Array.from({ length: 60 }, () => outcomeOf(deliver(airMessage('x'))));
    };
    const first = await run(1);
    expect(first.filter((outcome) => outcome === 'lost').length).toBeGreaterThan(5);
    expect(first.filter((outcome) => outcome === 'delivered').length).toBeGreaterThan(25);
    expect(await run(1)).toEqual(first);
    expect(await run(2)).not.toEqual(first);
  });

  it('takes longer abroad', async () => {
    await start({ radio: { delayMs: 100, spreadMs: 0 }, roaming: { delayMs: 900 } });
    await act({ action: 'roam' });
    const delivery = deliver(airMessage('x'));
    clock.advance(999);
    expect(outcomeOf(delivery)).toBeUndefined();
    clock.advance(1);
    expect(outcomeOf(delivery)).toBe('delivered');
  });

  it('of a handset that is switched off meanwhile does not come', async () => {
    await start({ radio: { delayMs: 100, spreadMs: 0 } });
    const delivery = deliver(airMessage('x'));
    await act({ action: 'switchOff' });
    clock.advance(100);
    expect(outcomeOf(delivery)).toBe('absent');
    expect(sms().messages).toEqual([]);
  });
});

describe('answers by itself', () => {
  const answers: SmsAnswer[] = [
    {
      kind: 'keyword',
      keyword: 'temp',
      text: 'T={{random 20 20}} of {{device}}',
      delayMs: 0,
      spreadMs: 0,
      share: 1,
    },
    { kind: 'echo', prefix: '> ', delayMs: 5000, spreadMs: 0, share: 1 },
  ];

  it.each([
    ['temp', 'T=20 of handset-1'],
    ['TEMP?', 'T=20 of handset-1'],
    [' Temp now', 'T=20 of handset-1'],
    ['temperature', '> temperature'],
  ])('%s with %s', async (text, answer) => {
    await start({ answers, idPattern: 'handset-{n}' });
    deliver(airMessage(text));
    clock.advance(5000);
    expect(submits().map(textOf)).toEqual([answer]);
    expect(last()).toMatchObject({ automatic: true, peer: centre });
  });

  it('in another way from when one says so, and not to a name', async () => {
    await act({
      action: 'setAnswers',
      answers: [{ kind: 'text', text: 'OK', delayMs: 0, spreadMs: 0, share: 1 }],
    });
    deliver(airMessage('x'));
    deliver(airMessage('x', { from: 'Fleetbench' }));
    expect(submits().map(textOf)).toEqual(['OK']);
    const broken = act({
      action: 'setAnswers',
      answers: [{ kind: 'text', text: '{{what}}', delayMs: 0, spreadMs: 0, share: 1 }],
    });
    await expect(broken).rejects.toMatchObject({ code: 'api.invalidParameter' });
  });

  it('no more often than the program can bear', async () => {
    await start({ answers: [{ kind: 'echo' }] });
    for (let n = 0; n < 100; n++) deliver(airMessage(String(n)));
    expect(submits()).toHaveLength(20);
    wireClock.advance(1000);
    deliver(airMessage('again'));
    expect(submits()).toHaveLength(21);
  });
});

describe('a fleet', () => {
  it('writes what its generator makes, each handset in its own part of the period', async () => {
    const made = { kind: 'template', text: '{{n}} {{device}}' } as const;
    await start({ count: 2, jitter: 0, periodMs: 1000, idPattern: 'h{n}', payload: made });
    wireClock.advance(2400);
    expect(submits().map((one) => `${one.msisdn} ${textOf(one)}`)).toEqual([
      '33600000002 1 h2',
      '33600000001 1 h1',
      '33600000002 2 h2',
      '33600000001 2 h1',
      '33600000002 3 h2',
    ]);
  });

  it('has some off and some abroad, the same ones in each run', async () => {
    const run = async () => {
      await start({ count: 100, offShare: 0.3, roaming: { share: 0.2 } });
      wireClock.advance(1000);
      return Array.from({ length: 100 }, (_, index) => fleet.device(index + 1).details().sms);
    };
    const first = await run();
    const off = first.filter((one) => one?.power === 'off').length;
    const away = first.filter((one) => one?.network === 'roaming').length;
    expect(off).toBeGreaterThan(15);
    expect(off).toBeLessThan(45);
    expect(away).toBeGreaterThan(8);
    expect(away).toBeLessThan(35);
    expect(await run()).toEqual(first);
    expect(fleet.report().connected).toBe(100 - off);
  });

  it('keeps to numbers of one length, and to inboxes that fit', () => {
    const parse = (more: object) => fleetTemplate.safeParse({ name: 'x', connector: 'sms', ...more });
    expect(parse({ firstMsisdn: '999990', count: 10 }).success).toBe(true);
    expect(parse({ firstMsisdn: '999990', count: 11 }).error?.issues[0]?.path).toEqual(['firstMsisdn']);
    expect(parse({ count: 10_000 }).success).toBe(true);
    expect(parse({ count: 10_000, inbox: { size: 21 } }).error?.issues[0]?.path).toEqual(['inbox', 'size']);
  });
});
