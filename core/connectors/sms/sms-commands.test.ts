import { beforeAll, describe, expect, it } from 'vitest';
import { readContent } from '../../protocols/smpp/incoming-message.ts';
import { commandStatus } from '../../protocols/smpp/status.ts';
import { smsBench, smsDevice, smsNumber } from '../../testing/sms-bench.ts';
import { until } from '../../testing/until.ts';

const bench = smsBench({ smppSendWindow: 2, smsMaxParts: 3 });
const { centre } = bench;
beforeAll(() => bench.register());

const text = (payload: string, more: object = {}) => ({ type: 'TEXT', payload, ...more });
const newest = () => centre.submitted.at(-1);
const submittedText = (from = 0): string =>
  centre.submitted
    .slice(from)
    .map((pdu) => Buffer.from(readContent(pdu).content).toString('latin1'))
    .join('');
const network = { ackMode: 'NETWORK' };

describe('commands: manual 8.3, facts 2.5', () => {
  it('a TEXT is PROCESSED once the centre has it', async () => {
    const id = await bench.command(text('reboot now'));
    expect(await bench.reaches(id, 'PROCESSED')).toMatchObject({
      deliveryStatus: 'SENT',
      policy: { ackMode: 'NONE' },
      history: expect.arrayContaining([expect.objectContaining({ nodeId: smsNumber })]),
    });
    expect(newest()?.body).toMatchObject({
      ...{
        sourceAddrTon: 0,
        sourceAddr: '20259',
        destAddrTon: 1,
        destAddrNpi: 1,
        destinationAddr: smsNumber,
      },
      ...{ registeredDelivery: 0, dataCoding: 0, esmClass: 0 },
    });
    expect(submittedText(-1)).toBe('reboot now');
    await until(async () => (await bench.interface()).activity?.lastDownlink !== undefined);
    expect((await bench.interface()).activity.lastDownlink).toMatchObject({ serverPhoneNumber: '20259' });
  });

  it('a BINARY goes as 8-bit data, from the number that it names', async () => {
    const value = { type: 'BINARY', payload: '00fF10', serverPhoneNumber: '+3320259' };
    await bench.reaches(await bench.command(value), 'PROCESSED');
    expect(newest()?.body).toMatchObject({ sourceAddrTon: 1, sourceAddr: '3320259', dataCoding: 4 });
    expect(Buffer.from(newest()?.body.shortMessage ?? []).toString('hex')).toBe('00ff10');
  });

  it.each<[object, string]>([
    [{ type: 'TEXT' }, 'payload: must be a text that is not empty'],
    [{ payload: 'x' }, 'type: must be "TEXT" or "BINARY"'],
    [{ type: 'BINARY', payload: '0' }, 'payload: must be bytes in hexadecimal digits'],
    [text('x', { serverPhoneNumber: '1' }), 'serverPhoneNumber: must be one of 20259, +3320259, 12345'],
    [text('x', { more: 1 }), 'more: not known'],
    [text('x'.repeat(460)), 'payload: needs 4 short messages, of smsMaxParts (3) at most'],
  ])('%j is refused with what is wrong', async (value, problem) => {
    const request = { request: { connector: 'sms', value }, policy: {} };
    const { status, body } = await bench.platform.call(
      'POST',
      `/api/v1/deviceMgt/devices/${smsDevice}/commands`,
      request,
    );
    expect([status, body.details]).toEqual([400, expect.stringContaining(problem)]);
  });

  it('APPLICATIVE cannot be had', async () => {
    await expect(bench.command(text('x'), { ackMode: 'APPLICATIVE' })).rejects.toThrow('ackMode');
  });
});

describe('delivery receipts', () => {
  it('make a command DELIVERED', async () => {
    let messageId = '';
    centre.onSubmit = (_, id) => {
      messageId = id;
      return commandStatus.ESME_ROK;
    };
    const id = await bench.command(text('with receipt'), network);
    await until(async () => (await bench.commandOf(id)).deliveryStatus === 'SENT');
    expect(await bench.commandOf(id)).toMatchObject({ status: 'PROCESSING' });
    expect(newest()?.body.registeredDelivery).toBe(1);
    expect(await centre.receipt({ messageId, state: 'ENROUTE' })).toBe(0);
    // Only the text, as some centres send it.
    expect(await centre.receipt({ messageId, state: 'DELIVERED' }, false)).toBe(0);
    expect(await bench.commandOf(id)).toMatchObject({ status: 'PROCESSED', deliveryStatus: 'DELIVERED' });
    expect(bench.platform.platform.sms.view().awaitedReceipts).toBe(0);
  });

  it('of all parts have to come', async () => {
    const ids: string[] = [];
    centre.onSubmit = (_, id) => {
      ids.push(id);
      return commandStatus.ESME_ROK;
    };
    const from = centre.submitted.length;
    const id = await bench.command(text('p'.repeat(400)), network);
    await until(async () => (await bench.commandOf(id)).deliveryStatus === 'SENT');
    expect(submittedText(from)).toBe('p'.repeat(400));
    const [first = '', second = '', third = ''] = ids;
    for (const messageId of [third, first]) await centre.receipt({ messageId, state: 'DELIVERED' });
    expect(await bench.commandOf(id)).toMatchObject({ status: 'PROCESSING' });
    await centre.receipt({ messageId: second, state: 'DELIVERED' });
    expect(await bench.commandOf(id)).toMatchObject({ status: 'PROCESSED' });
  });

  it('that say that it failed end the attempt, and the next one is sent', async () => {
    const ids: string[] = [];
    centre.onSubmit = (_, id) => {
      ids.push(id);
      return commandStatus.ESME_ROK;
    };
    const id = await bench.command(text('fails'), { ...network, attempts: 2 });
    for (const [attempt, status] of [
      [1, 'PROCESSING'],
      [2, 'ERROR'],
    ] as const) {
      await until(() => ids.length === attempt);
      const messageId = ids.at(-1) ?? '';
      await until(async () => (await bench.commandOf(id)).deliveryStatus === 'SENT');
      await centre.receipt({ messageId, state: 'UNDELIVERABLE' });
      await until(() => attempt === 2 || ids.length === 2);
      await bench.reaches(id, status);
    }
    expect(await bench.commandOf(id)).toMatchObject({ errorCode: 'SMS_UNDELIVERABLE' });
  });

  it('may come before the centre has confirmed the message', async () => {
    let receipt: Promise<number> | undefined;
    centre.onSubmit = (_, messageId) => {
      receipt = centre.receipt({ messageId, state: 'DELIVERED' });
      return commandStatus.ESME_ROK;
    };
    const id = await bench.command(text('fast'), network);
    expect(await bench.reaches(id, 'PROCESSED')).toMatchObject({ deliveryStatus: 'DELIVERED' });
    expect(await receipt).toBe(0);
  });

  it('that never come end the command by its time-out', async () => {
    centre.onSubmit = () => commandStatus.ESME_ROK;
    const id = await bench.command(text('lost'), { ...network, ackTimeoutInSeconds: 60 });
    await until(async () => (await bench.commandOf(id)).deliveryStatus === 'SENT');
    await bench.platform.clock.advance(60_000);
    expect(await bench.reaches(id, 'ERROR')).toMatchObject({ errorCode: 'ACK_TIMEOUT' });
    await until(() => bench.platform.platform.sms.view().awaitedReceipts === 0);
  });
});

describe('a centre that refuses', () => {
  it('ends the command with its status, and for good where another attempt would not help', async () => {
    centre.onSubmit = () => commandStatus.ESME_RINVDSTADR;
    const from = centre.submitted.length;
    const id = await bench.command(text('nowhere'), { attempts: 3 });
    expect(await bench.reaches(id, 'ERROR')).toMatchObject({ errorCode: 'SMSC_REFUSED' });
    expect(centre.submitted.length).toBe(from + 1);
    centre.onSubmit = () => commandStatus.ESME_ROK;
  });

  it.each([commandStatus.ESME_RTHROTTLED, commandStatus.ESME_RMSGQFUL])(
    'that has too much (%s) is left alone for a while, and gets it again',
    async (status) => {
      let refusals = 0;
      centre.onSubmit = () => (++refusals === 1 ? status : commandStatus.ESME_ROK);
      const id = await bench.command(text('slowly'));
      await until(() => bench.platform.wireClock.pendingTimers().includes('sms-submit'));
      expect(await bench.commandOf(id)).toMatchObject({ status: 'PROCESSING', deliveryStatus: 'SENDING' });
      await bench.platform.wireClock.advance(1000);
      expect(await bench.reaches(id, 'PROCESSED')).toMatchObject({ deliveryStatus: 'SENT' });
      expect(refusals).toBe(2);
    },
  );

  it('that gives no answer ends the attempt', async () => {
    centre.onSubmit = () => 'silent';
    const id = await bench.command(text('silence'));
    await until(() => bench.platform.platform.sms.view().unanswered === 1);
    await bench.platform.wireClock.advance(10_000);
    expect(await bench.reaches(id, 'ERROR')).toMatchObject({ errorCode: 'SMSC_NO_ANSWER' });
    centre.onSubmit = () => commandStatus.ESME_ROK;
  });

  it('gets no more at a time than the window allows', async () => {
    centre.onSubmit = () => 'silent';
    const from = centre.submitted.length;
    const id = await bench.command(text('w'.repeat(400)));
    await until(() => centre.submitted.length === from + 2);
    expect(bench.platform.platform.sms.view()).toMatchObject({ queued: 1, unanswered: 2 });
    const [first] = centre.submitted.slice(from);
    if (first) centre.session?.answer(first, 0, { messageId: 'w1' });
    await until(() => centre.submitted.length === from + 3);
    for (const pdu of centre.submitted.slice(from + 1)) centre.session?.answer(pdu, 0, { messageId: 'w' });
    await bench.reaches(id, 'PROCESSED');
    centre.onSubmit = () => commandStatus.ESME_ROK;
  });
});
