import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultSmscSettings } from '../../core/contract/smsc-settings.ts';
import { commandStatus } from '../../core/protocols/smpp/status.ts';
import { tag } from '../../core/protocols/smpp/tlv.ts';
import { until } from '../../core/testing/until.ts';

import {
  bound,
  client,
  clock,
  deliveries,
  handsetsAnswer,
  hourMs,
  listener,
  network,
  otherPhone,
  phone,
  reach,
  refusals,
  smsc,
  startCentre,
  stopCentre,
  up,
  wireClock,
} from '../testing/smsc-bench.ts';

beforeEach(() => startCentre());
afterEach(stopCentre);

describe('binding', () => {
  it.each(['receiver', 'transmitter', 'transceiver'] as const)('lets an account in as %s', async (as) => {
    const { options, body } = await client().bind(as);
    expect(body.systemId).toBe('fleetbench-smsc');
    expect(options.get(tag.scInterfaceVersion)).toEqual(Uint8Array.of(0x34));
    expect(smsc.status().clients).toMatchObject([{ systemId: 'fleetbench', boundAs: as }]);
  });

  it.each([
    [{ systemId: 'nobody', password: 'bench' }, commandStatus.ESME_RINVSYSID],
    [{ systemId: 'fleetbench', password: 'wrong' }, commandStatus.ESME_RINVPASWD],
    [{ systemId: 'fleetbench', password: 'bench', addressRange: '[' }, commandStatus.ESME_RBINDFAIL],
  ])('refuses %j', async (body, status) => {
    const one = client();
    await expect(one.session.request('bind_transceiver', body)).rejects.toMatchObject({ status });
    expect(refusals).toHaveLength(1);
  });

  it('is once only, and before anything else', async () => {
    const one = client();
    const notBound = { code: 'smpp.refused', status: commandStatus.ESME_RINVBNDSTS };
    await expect(one.submit(phone)).rejects.toMatchObject(notBound);
    await one.bind('receiver');
    await expect(one.submit(phone)).rejects.toMatchObject(notBound);
    await expect(one.bind()).rejects.toMatchObject({ status: commandStatus.ESME_RALYBND });
    expect(refusals.map(({ reason }) => reason)).toEqual(['notBound', 'notBound', 'notBound']);
  });

  it('ends with unbind', async () => {
    const one = await bound();
    await one.session.request('unbind');
    await until(() => one.ended !== undefined && smsc.status().clients.length === 0);
  });

  it('must come in time', async () => {
    const idle = client();
    await until(() => smsc.status().clients.length === 1);
    wireClock.advance(defaultSmscSettings.smscBindTimeoutMs);
    await until(() => idle.ended !== undefined);
    expect(refusals).toMatchObject([{ reason: 'silent' }]);
  });

  it('is refused to one connection more than there may be', async () => {
    await listener.close();
    await startCentre({ smscMaxConnections: 1 });
    await bound();
    const second = client();
    await until(() => second.ended !== undefined);
    expect(refusals).toMatchObject([{ reason: 'tooManyConnections' }]);
    expect(refusals[0]?.what).toContain('smscMaxConnections');
  });

  it('asks a silent client whether it is there, and ends one that does not answer', async () => {
    const one = await bound();
    one.socket.pause();
    wireClock.advance(defaultSmscSettings.smscEnquireLinkMs);
    wireClock.advance(defaultSmscSettings.smscEnquireLinkMs);
    wireClock.advance(defaultSmscSettings.smscResponseTimeoutMs);
    await until(() => smsc.status().clients.length === 0);
  });
});

describe('from a client to a handset', () => {
  it('delivers, and sends the receipt that was asked for', async () => {
    const one = await bound();
    const id = await one.submit(phone, { registeredDelivery: 1, sourceAddrTon: 0 });
    await until(() => one.receipts().length === 1);
    expect(deliveries()).toMatchObject([
      { msisdn: phone, message: { from: '20259', to: phone, dataCoding: 0 } },
    ]);
    expect(one.receipts()[0]).toBe(
      `id:${id} sub:001 dlvrd:001 submit date:3001010000 done date:3001010000 stat:DELIVRD err:000 text:STATUS?`,
    );
    const [receipt] = one.received;
    expect(receipt?.body).toMatchObject({ sourceAddr: phone, sourceAddrTon: 1, destinationAddr: '20259' });
    expect(receipt?.options.get(tag.messageState)).toEqual(Uint8Array.of(2));
    await until(() => smsc.status().waiting === 0);
    expect(smsc.status().ended).toEqual({ DELIVERED: 1 });
  });

  it('answers the submission before its receipt', async () => {
    const one = await bound();
    const order: string[] = [];
    const submitted = one.submit('33699999999', { registeredDelivery: 1 }).then(() => order.push('answer'));
    await until(() => one.receipts().length === 1);
    order.push('receipt');
    await submitted;
    expect(order).toEqual(['answer', 'receipt']);
    expect(one.receipts()[0]).toContain('stat:UNDELIV err:001');
  });

  describe('with several connections of an account, sends the receipt', () => {
    it('to the one that submitted the message', async () => {
      const others = [await bound(), await bound('receiver')];
      const one = await bound();
      for (let n = 0; n < 3; n++) await one.submit(phone, { registeredDelivery: 1 });
      await until(() => one.receipts().length === 3);
      expect(others.map((each) => each.receipts())).toEqual([[], []]);
    });

    it('to one that receives, of the same account, when that does not or is gone', async () => {
      const stranger = await bound('transceiver', '', 'other');
      const sender = await bound('transmitter');
      const receiver = await bound('receiver');
      await sender.submit(phone, { registeredDelivery: 1 });
      await until(() => receiver.receipts().length === 1);
      reach('absent');
      await sender.submit(phone, { registeredDelivery: 1 });
      sender.socket.destroy();
      await until(() => smsc.status().clients.length === 2);
      reach();
      await until(() => receiver.receipts().length === 2);
      expect(stranger.receipts()).toEqual([]);
    });

    it('to another at once when its own ends before it has answered', async () => {
      const one = await bound();
      const other = await bound();
      one.answer = undefined;
      await one.submit(phone, { registeredDelivery: 1 });
      await until(() => one.receipts().length === 1);
      one.socket.destroy();
      await until(() => other.receipts().length === 1 && smsc.status().waiting === 0);
    });

    it('when one of the account binds again, also for a message that was written as a handset', async () => {
      const sender = await bound('transmitter');
      await sender.submit(phone, { registeredDelivery: 1, sourceAddr: otherPhone });
      sender.socket.destroy();
      await until(() => smsc.status().clients.length === 0);
      const stranger = await bound('transceiver', '', 'other');
      expect(smsc.status().waiting).toBe(1);
      const again = await bound();
      await until(() => again.receipts().length === 1 && smsc.status().waiting === 0);
      expect(stranger.received).toEqual([]);
    });
  });

  it.each([
    [0, 'DELIVERED', 0],
    [1, 'DELIVERED', 1],
    [2, 'DELIVERED', 0],
    [2, 'failure', 1],
  ])('with registered_delivery %i and %s sends %i receipts', async (registeredDelivery, what, count) => {
    const one = await bound();
    await one.submit(what === 'DELIVERED' ? phone : '33699999999', { registeredDelivery });
    await one.session.request('enquire_link');
    expect(one.receipts()).toHaveLength(count);
  });

  it('keeps what is for a handset that is off, and hands it over in order when it is on', async () => {
    const one = await bound();
    reach('absent');
    for (const text of ['1', '2', '3']) await one.submit(phone, { shortMessage: Buffer.from(text) });
    expect(deliveries()).toEqual([]);
    expect(smsc.status().waiting).toBe(3);
    reach();
    expect(deliveries().map(({ message }) => Buffer.from(message.data).toString())).toEqual(['1', '2', '3']);
    expect(smsc.status().waiting).toBe(0);
  });

  it('tries again after longer and longer times, until the validity is over', async () => {
    const one = await bound();
    handsetsAnswer('lost');
    await one.submit(phone, { registeredDelivery: 1, validityPeriod: '000000001000000R' });
    const counts = [1];
    for (let minute = 1; minute <= 10; minute++) {
      clock.advance(60_000);
      counts.push(deliveries().length);
    }
    expect(counts).toEqual([1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4]);
    await until(() => one.receipts().length === 1);
    expect(one.receipts()[0]).toMatch(/done date:3001010010 stat:EXPIRED err:036/);
    clock.advance(hourMs);
    expect(deliveries()).toHaveLength(4);
  });

  it('waits as long as the settings say when a message says nothing, or too much', async () => {
    const one = await bound();
    reach('full');
    await one.submit(phone);
    await one.submit(phone, { validityPeriod: '010000000000000R' });
    clock.advance(defaultSmscSettings.smscValidityMs);
    expect(smsc.status().waiting).toBe(1);
    clock.advance(defaultSmscSettings.smscMaxValidityMs - defaultSmscSettings.smscValidityMs);
    expect(smsc.status()).toMatchObject({ waiting: 0, ended: { EXPIRED: 2 } });
  });

  it('waits for the moment of a scheduled delivery', async () => {
    const one = await bound();
    await one.submit(phone, { scheduleDeliveryTime: '300101010000000+' });
    reach();
    clock.advance(hourMs - 1);
    expect(deliveries()).toEqual([]);
    clock.advance(1);
    expect(deliveries()).toHaveLength(1);
  });

  it('gives a handset one message after the other, and none whose time was up meanwhile', async () => {
    const one = await bound();
    handsetsAnswer(undefined);
    await one.submit(phone, { shortMessage: Buffer.from('first') });
    await one.submit(phone, { shortMessage: Buffer.from('late'), validityPeriod: '000000000100000R' });
    await one.submit(phone, { shortMessage: Buffer.from('last') });
    expect(deliveries()).toHaveLength(1);
    clock.advance(60_000);
    handsetsAnswer('delivered');
    up({ kind: 'outcome', delivery: deliveries()[0]?.delivery ?? 0, outcome: 'delivered' });
    expect(deliveries().map(({ message }) => Buffer.from(message.data).toString())).toEqual([
      'first',
      'last',
    ]);
    expect(smsc.status()).toMatchObject({ waiting: 0, ended: { DELIVERED: 2, EXPIRED: 1 } });
  });

  it('keeps what is for handsets whose fleet has stopped', async () => {
    const one = await bound();
    handsetsAnswer(undefined);
    await one.submit(phone);
    smsc.removeHandsets(network);
    await one.submit(phone);
    expect(smsc.status().waiting).toBe(2);
    handsetsAnswer('delivered');
    smsc.addHandsets(network, [phone]);
    reach();
    expect(smsc.status().waiting).toBe(0);
  });

  it('takes long messages whole, in parts with a header, and in parts with options', async () => {
    const one = await bound();
    const payload = Buffer.alloc(1000, 0x41);
    await one.session.request(
      'submit_sm',
      { sourceAddr: '1', destinationAddr: phone },
      new Map([[tag.messagePayload, new Uint8Array(payload)]]),
    );
    const header = Buffer.from([5, 0, 3, 7, 2, 1, 0x41]);
    await one.submit(phone, { esmClass: 0x40, shortMessage: header });
    await one.session.request(
      'submit_sm',
      { sourceAddr: '1', destinationAddr: phone, shortMessage: Buffer.from('B') },
      new Map([
        [tag.sarMsgRefNum, Uint8Array.of(1, 2)],
        [tag.sarTotalSegments, Uint8Array.of(2)],
        [tag.sarSegmentSeqnum, Uint8Array.of(2)],
      ]),
    );
    expect(
      deliveries().map(({ message }) => [message.hasHeader, Buffer.from(message.data).toString('hex')]),
    ).toEqual([
      [false, payload.toString('hex')],
      [true, '05000307020141'],
      [true, '0608040102020242'],
    ]);
  });

  it.each([
    [{ destinationAddr: 'abc' }, commandStatus.ESME_RINVDSTADR],
    [{ validityPeriod: 'soon' }, commandStatus.ESME_RINVEXPIRY],
    [{ validityPeriod: '200101000000000+' }, commandStatus.ESME_RINVEXPIRY],
    [{ scheduleDeliveryTime: '1' }, commandStatus.ESME_RINVSCHED],
    [{ registeredDelivery: 3 }, commandStatus.ESME_RINVREGDLVFLG],
    [{ esmClass: 0x40, shortMessage: Buffer.from([9, 1]) }, commandStatus.ESME_RINVMSGLEN],
  ])('refuses %j and goes on', async (body, status) => {
    const one = await bound();
    await expect(one.submit(phone, body)).rejects.toMatchObject({ code: 'smpp.refused', status });
    expect(refusals).toMatchObject([{ reason: 'invalidMessage', systemId: 'fleetbench' }]);
    await one.submit(phone);
    expect(deliveries()).toHaveLength(1);
  });

  it('refuses what is too fast, and what there is no room for', async () => {
    await listener.close();
    await startCentre({ smscMaxMessagesPerS: 2, smscMaxMessages: 3 });
    const one = await bound();
    reach('absent');
    await one.submit(phone);
    await one.submit(phone);
    await expect(one.submit(phone)).rejects.toMatchObject({ status: commandStatus.ESME_RTHROTTLED });
    wireClock.advance(1000);
    await one.submit(phone);
    await expect(one.submit(phone)).rejects.toMatchObject({ status: commandStatus.ESME_RMSGQFUL });
    expect(refusals.map(({ reason }) => reason)).toEqual(['throttled', 'full']);
    expect(refusals.map(({ what }) => what).join()).toMatch(/smscMaxMessagesPerS.*smscMaxMessages\b/);
  });

  it('refuses data beyond the bytes that it keeps', async () => {
    await listener.close();
    await startCentre({ smscMaxBytes: 1000 });
    const one = await bound();
    reach('absent');
    const shortMessage = Buffer.alloc(250);
    await one.submit(phone, { shortMessage });
    await one.submit(phone, { shortMessage });
    await expect(one.submit(phone, { shortMessage })).rejects.toMatchObject({
      status: commandStatus.ESME_RMSGQFUL,
    });
    expect(refusals[0]?.what).toContain('smscMaxBytes');
  });

  it('tells what became of a message, and deletes one that waits', async () => {
    const one = await bound();
    const other = await bound('transceiver', '', 'other');
    reach('absent');
    const id = await one.submit(phone, { registeredDelivery: 1 });
    const query = { messageId: id, sourceAddr: '20259' };
    expect((await one.session.request('query_sm', query)).body).toMatchObject({
      messageState: 1,
      errorCode: 27,
    });
    await expect(other.session.request('query_sm', query)).rejects.toMatchObject({
      status: commandStatus.ESME_RINVMSGID,
    });
    await one.session.request('cancel_sm', { messageId: id, sourceAddr: '20259', destinationAddr: phone });
    expect((await one.session.request('query_sm', query)).body).toMatchObject({
      ...{ messageState: 4, finalDate: '300101000000000+' },
    });
    await until(() => one.receipts().some((text) => text.includes('stat:DELETED')));
    await expect(
      one.session.request('cancel_sm', { messageId: id, sourceAddr: '20259', destinationAddr: phone }),
    ).rejects.toMatchObject({ status: commandStatus.ESME_RCANCELFAIL });
    reach();
    expect(deliveries()).toEqual([]);
  });
});
