import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultSmscSettings } from '../../core/contract/smsc-settings.ts';
import { Deadlines } from '../../core/platform/deadlines.ts';
import { layouts } from '../../core/protocols/smpp/layouts.ts';
import { encodePdu, type Pdu } from '../../core/protocols/smpp/pdu.ts';
import { commandStatus } from '../../core/protocols/smpp/status.ts';
import fc from '../../core/testing/properties.ts';
import { until } from '../../core/testing/until.ts';
import { Smsc } from '../../simulators/sms/smsc/smsc.ts';

import {
  bound,
  clock,
  deliveries,
  downs,
  listener,
  otherPhone,
  phone,
  reach,
  refusals,
  smsc,
  startCentre,
  stopCentre,
  submitAsHandset,
  up,
  wireClock,
} from '../testing/smsc-bench.ts';

beforeEach(() => startCentre());
afterEach(stopCentre);

describe('from a handset to a client', () => {
  it('hands over, and tells the handset', async () => {
    const one = await bound('receiver');
    submitAsHandset('20259', 'ON');
    await until(() => downs.length === 2);
    expect(downs).toEqual([
      { kind: 'accepted', msisdn: phone, ref: 1 },
      { kind: 'report', msisdn: phone, ref: 1, reason: undefined },
    ]);
    expect(one.received).toMatchObject([
      { body: { sourceAddr: phone, sourceAddrTon: 1, destinationAddr: '20259', esmClass: 0 } },
    ]);
  });

  it('keeps it until somebody binds who takes it', async () => {
    submitAsHandset('20259', 'ON');
    await bound('transmitter');
    const wrong = await bound('receiver', '^999$');
    expect(smsc.status().waiting).toBe(1);
    const right = await bound('receiver', '^20259$');
    await until(() => smsc.status().waiting === 0);
    expect([wrong.received.length, right.received.length]).toEqual([0, 1]);
  });

  it('prefers who takes this very number', async () => {
    const all = await bound('transceiver');
    const one = await bound('transceiver', '^20259$', 'other');
    submitAsHandset('20259', 'ON');
    submitAsHandset('33555', 'ON', 2);
    await until(() => smsc.status().waiting === 0);
    expect([all.received, one.received].map((list) => list.map(({ body }) => body.destinationAddr))).toEqual([
      ['33555'],
      ['20259'],
    ]);
  });

  it('leaves the messages of a handset with one of several that take them, for they may be parts of one', async () => {
    const all = [await bound(), await bound('transceiver', '', 'other')];
    for (const one of all) one.answer = undefined;
    for (let ref = 1; ref <= 4; ref++) submitAsHandset('20259', String(ref), ref);
    up({
      ...{ kind: 'submit', msisdn: otherPhone, ref: 1 },
      message: { from: otherPhone, to: '20259', dataCoding: 0, hasHeader: false, data: Buffer.from('x') },
    });
    await until(() => all.reduce((sum, { received }) => sum + received.length, 0) === 5);
    const senders = all.map(({ received }) => received.map(({ body }) => body.sourceAddr));
    expect(senders.toSorted((a, b) => b.length - a.length)).toEqual([Array(4).fill(phone), [otherPhone]]);
  });

  it('offers again what was refused for now, and gives up what was refused for good', async () => {
    const one = await bound();
    one.answer = commandStatus.ESME_RX_T_APPN;
    submitAsHandset('20259', 'ON');
    await until(() => one.received.length === 1);
    await one.session.request('enquire_link');
    one.answer = commandStatus.ESME_RX_P_APPN;
    clock.advance(60_000);
    await until(() => downs.length === 2);
    expect(downs[1]).toEqual({
      ...{ kind: 'report', msisdn: phone, ref: 1 },
      reason: 'It was refused: the application refused it.',
    });
  });

  it('offers to the next client what one has not answered for', async () => {
    const silent = await bound();
    silent.answer = undefined;
    submitAsHandset('20259', 'ON');
    await until(() => silent.received.length === 1);
    silent.socket.destroy();
    await until(() => smsc.status().clients.length === 0);
    const next = await bound();
    await until(() => next.received.length === 1 && smsc.status().waiting === 0);
  });

  it('hands out no more than the window', async () => {
    await listener.close();
    await startCentre({ smscWindow: 2 });
    const one = await bound();
    one.answer = undefined;
    for (let ref = 1; ref <= 5; ref++) submitAsHandset('20259', String(ref), ref);
    await one.session.request('enquire_link');
    expect(one.received).toHaveLength(2);
    one.answer = commandStatus.ESME_ROK;
    for (const pdu of [...one.received]) one.session.answer(pdu);
    await until(() => one.received.length === 5 && smsc.status().waiting === 0);
    expect(one.received.map(({ body }) => Buffer.from(body.shortMessage).toString()).join('')).toBe('12345');
  });

  it('goes from one handset to another, and to nobody else', async () => {
    const one = await bound();
    reach(undefined, otherPhone);
    submitAsHandset(`+${otherPhone}`, 'HELLO');
    expect(downs).toMatchObject([
      { kind: 'accepted' },
      { kind: 'deliver', msisdn: otherPhone, message: { from: phone } },
      { kind: 'report', msisdn: phone, reason: undefined },
    ]);
    await one.session.request('enquire_link');
    expect(one.received).toEqual([]);
  });
});

describe('what is wrong on the wire', () => {
  const header = (length: number, id: number, sequence = 1): Buffer => {
    const bytes = Buffer.alloc(16);
    bytes.writeUInt32BE(length, 0);
    bytes.writeUInt32BE(id, 4);
    bytes.writeUInt32BE(sequence, 12);
    return bytes;
  };

  it.each([
    ['a command that nobody knows', header(16, 0x99), commandStatus.ESME_RINVCMDID, 'generic_nack'],
    [
      'a body that ends too soon',
      header(16, layouts.submit_sm.id),
      commandStatus.ESME_RINVCMDLEN,
      'submit_sm_resp',
    ],
  ])('%s is answered, counted, and the session goes on', async (_what, bytes, status, command) => {
    const one = await bound();
    const answers: Pdu[] = [];
    one.socket.removeAllListeners('data');
    one.socket.on('data', (chunk: Buffer) => {
      answers.push({ id: chunk.readUInt32BE(4), status: chunk.readUInt32BE(8) } as never);
    });
    one.socket.write(bytes);
    await until(() => answers.length === 1);
    expect(answers).toEqual([{ id: layouts[command as 'generic_nack'].id, status }]);
    expect(refusals).toMatchObject([{ reason: 'malformed', systemId: 'fleetbench' }]);
    expect(smsc.status()).toMatchObject({ clients: [{ boundAs: 'transceiver' }], dropped: { malformed: 1 } });
  });

  it('a length that cannot be ends the session', async () => {
    const one = await bound();
    one.socket.write(header(3, 1));
    await until(() => one.ended !== undefined);
    expect(one.dropped.join()).toContain('generic_nack');
    expect(refusals).toMatchObject([{ reason: 'malformed' }]);
  });

  it('commands of centres, and answers to nothing, are counted', async () => {
    const one = await bound();
    one.socket.write(encodePdu({ command: 'outbind', sequence: 9 }));
    one.socket.write(encodePdu({ command: 'deliver_sm_resp', sequence: 99 }));
    await one.session.request('enquire_link');
    await expect(one.session.request('deliver_sm')).rejects.toMatchObject({
      status: commandStatus.ESME_RINVCMDID,
    });
    expect(refusals.map(({ reason }) => reason)).toEqual(['unknownCommand', 'malformed', 'unknownCommand']);
  });

  it('is told of no more often than people can read', async () => {
    const one = await bound();
    for (let n = 0; n < 50; n++) one.socket.write(header(16, 0x99, n + 1));
    await until(() => smsc.status().dropped.malformed === 50);
    expect(refusals).toHaveLength(defaultSmscSettings.smscRefusalMaxPerSecond);
    wireClock.advance(1000);
    one.socket.write(header(16, 0x99));
    await until(() => refusals.length === defaultSmscSettings.smscRefusalMaxPerSecond + 1);
    expect(refusals.at(-1)?.omittedBefore).toBe(30);
  });

  it('never ends the centre, whatever it is', async () => {
    const valid = fc.constantFrom(
      encodePdu({
        command: 'bind_transceiver',
        sequence: 1,
        body: { systemId: 'fleetbench', password: 'bench' },
      }),
      encodePdu({
        ...{ command: 'submit_sm', sequence: 2 },
        body: {
          sourceAddr: '1',
          destinationAddr: phone,
          registeredDelivery: 1,
          shortMessage: Buffer.from('x'),
        },
      }),
      encodePdu({ command: 'query_sm', sequence: 3, body: { messageId: '0000000001' } }),
      encodePdu({ command: 'enquire_link', sequence: 4 }),
    );
    const damaged = fc
      .tuple(valid, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat())
      .map(([bytes, changes, cut]) => {
        const copy = Uint8Array.from(bytes);
        for (const [at, value] of changes) copy[at % copy.length] = value;
        return cut % 5 === 0 ? copy.subarray(0, cut % copy.length) : copy;
      });
    const chunk = fc.oneof(fc.uint8Array({ maxLength: 60 }), valid, damaged);
    await fc.assert(
      fc.asyncProperty(fc.array(chunk, { minLength: 1, maxLength: 6 }), async (chunks) => {
        const socket = connect(listener.port, '127.0.0.1');
        socket.on('error', () => {});
        await once(socket, 'connect');
        for (const bytes of chunks) socket.write(bytes);
        socket.end();
        socket.resume();
        await once(socket, 'close');
      }),
      { numRuns: 150 },
    );
    const one = await bound();
    const before = deliveries().length;
    await one.submit(phone);
    await until(() => deliveries().length > before);
  });
});

it('starts with no account that is none', () => {
  const start = (smscAccounts: string[]) =>
    new Smsc({
      ...{ clock, wireClock, refused: () => {} },
      deadlines: (name, reached) => new Deadlines(clock, name, reached),
      settings: { ...defaultSmscSettings, smscAccounts },
    });
  for (const account of ['nobody', ':x', 'a:ninechars', 'a b:c', 'sixteencharacters:x']) {
    expect(() => start([account]), account).toThrow(/smscAccounts/);
  }
  expect(() => start([])).not.toThrow();
});
