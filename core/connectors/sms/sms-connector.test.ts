import { describe, expect, it } from 'vitest';
import { commandStatus } from '../../protocols/smpp/status.ts';
import { tag } from '../../protocols/smpp/tlv.ts';
import { shortText, textMessage } from '../../testing/short-text.ts';
import { octetMessage, smsBench, smsDevice, smsNumber } from '../../testing/sms-bench.ts';
import { until } from '../../testing/until.ts';

const bench = smsBench({ smsReassemblyMs: 60_000, smsMaxIncomplete: 3 });
const ok = commandStatus.ESME_ROK;
const newest = async () => (await bench.messages())[0];

describe('registration: manual 5.5.2.5', () => {
  it('binds as it is told', () => {
    expect(bench.centre.binds).toMatchObject([
      { systemId: 'fleetbench', password: 'bench', systemType: '', interfaceVersion: 0x34 },
    ]);
    expect(bench.platform.platform.sms.view()).toMatchObject({
      ...{ state: 'BOUND', host: '127.0.0.1', port: bench.centre.port, systemId: 'fleetbench', tls: false },
      serverPhoneNumbers: ['20259', '+3320259', '12345'],
    });
  });

  it('makes a device that is ONLINE', async () => {
    expect(await bench.register()).toMatchObject({
      interfaces: [
        {
          ...{ connector: 'sms', nodeId: smsNumber, enabled: true, status: 'ONLINE' },
          definition: { msisdn: smsNumber, serverPhoneNumber: '20259' },
        },
      ],
    });
  });

  it('refuses a server number that the platform does not have, when it is made and when it is changed', async () => {
    const definition = { msisdn: '33600000002', serverPhoneNumber: '30000' };
    const details = expect.stringContaining(
      'definition.serverPhoneNumber: must be one of 20259, +3320259, 12345 (setting smsServerPhoneNumbers)',
    );
    const { call } = bench.platform;
    const url = `/api/v1/deviceMgt/devices/${smsDevice}/interfaces`;
    expect(await call('POST', url, { connector: 'sms', definition })).toMatchObject({
      status: 400,
      body: { details },
    });
    expect(
      await call('PATCH', `${url}/sms:${smsNumber}`, { definition: { serverPhoneNumber: '30000' } }),
    ).toMatchObject({ status: 400, body: { details } });
  });
});

describe('messages of devices', () => {
  it('are stored before the centre has its answer', async () => {
    expect(await bench.send('Temp 21 €')).toBe(ok);
    expect(await newest()).toMatchObject({
      streamId: smsDevice,
      value: { payload: 'Temp 21 €' },
      metadata: {
        ...{ source: smsDevice, connector: 'sms' },
        network: { sms: { msisdn: smsNumber, serverPhoneNumber: '20259' } },
      },
    });
    await until(async () => (await bench.interface()).activity?.lastUplink !== undefined);
    expect(await bench.interface()).toMatchObject({
      ...{ status: 'ONLINE', lastContact: expect.any(String) },
      activity: { lastUplink: { timestamp: expect.any(String), serverPhoneNumber: '20259' } },
    });
  });

  it('are known by an international number as well', async () => {
    expect(await bench.centre.deliver(`+${smsNumber}`, '3320259', shortText('from abroad'))).toBe(ok);
    expect(await newest()).toMatchObject({
      value: { payload: 'from abroad' },
      metadata: { network: { sms: { serverPhoneNumber: '+3320259' } } },
    });
  });

  it.each([
    ['UCS-2', textMessage('Привет 😀'), 'Привет 😀'],
    ['8 bits', octetMessage('00ff10'), '00ff10'],
    ['no known alphabet', [{ ...shortText('x'), body: { ...shortText('x').body, dataCoding: 5 } }], '78'],
  ])('of %s', async (_, [part], payload) => {
    if (part) expect(await bench.centre.deliver(smsNumber, '20259', part)).toBe(ok);
    expect((await newest()).value).toEqual({ payload });
  });

  it('that are long come whole, whatever the order of their parts', async () => {
    const text = 'long '.repeat(80);
    const parts = textMessage(text, 9);
    expect(parts).toHaveLength(3);
    for (const part of [...parts.slice(1), ...parts.slice(1, 2), ...parts.slice(0, 1)]) {
      expect(await bench.centre.deliver(smsNumber, '20259', part)).toBe(ok);
    }
    expect((await newest()).value).toEqual({ payload: text });
  });

  it('come in message_payload', async () => {
    const content = new Uint8Array(Buffer.from('x'.repeat(1000)));
    const body = { esmClass: 0, dataCoding: 0, shortMessage: new Uint8Array(0) };
    const options = new Map([[tag.messagePayload, content]]);
    expect(await bench.centre.deliver(smsNumber, '20259', { body, options })).toBe(ok);
    expect((await newest()).value.payload).toHaveLength(1000);
  });
});

describe('what is dropped is counted, and told in the audit log with its reason', () => {
  const expectDrop = async (reason: string, run: () => Promise<unknown>): Promise<void> => {
    const before = (await bench.dropped())[reason] ?? 0;
    const messages = (await bench.messages()).length;
    await run();
    await until(async () => ((await bench.dropped())[reason] ?? 0) > before);
    expect((await bench.messages()).length).toBe(messages);
    const entries = await bench.audit();
    expect(entries.some(({ content }: { content?: { reason?: string } }) => content?.reason === reason)).toBe(
      true,
    );
  };

  it('of an unknown device', () =>
    expectDrop('unknownDevice', async () => {
      expect(await bench.send('x', '20259', '33699999999')).toBe(commandStatus.ESME_RX_R_APPN);
    }));

  it('to an unknown server number', () =>
    expectDrop('unknownServerNumber', async () => {
      expect(await bench.send('x', '4711')).toBe(commandStatus.ESME_RINVDSTADR);
    }));

  it('of an interface that is disabled, whose status is DEACTIVATED', async () => {
    const url = `/api/v1/deviceMgt/devices/${smsDevice}/interfaces/sms:${smsNumber}`;
    expect(await bench.call('PATCH', url, { enabled: false })).toMatchObject({ status: 'DEACTIVATED' });
    await expectDrop('disabled', async () => {
      expect(await bench.send('x')).toBe(commandStatus.ESME_RX_R_APPN);
    });
    expect(await bench.call('PATCH', url, { enabled: true })).toMatchObject({ status: 'ONLINE' });
  });

  it('that has a broken header, or no whole characters', () =>
    expectDrop('malformedMessage', async () => {
      const wrong = { esmClass: 0x40, dataCoding: 0, shortMessage: Uint8Array.of(9, 0, 3) };
      const part = { body: wrong, options: new Map() };
      expect(await bench.centre.deliver(smsNumber, '20259', part)).toBe(commandStatus.ESME_RINVMSGLEN);
      const odd = { esmClass: 0, dataCoding: 8, shortMessage: Uint8Array.of(0, 65, 0) };
      expect(await bench.centre.deliver(smsNumber, '20259', { body: odd, options: new Map() })).toBe(
        commandStatus.ESME_RINVMSGLEN,
      );
    }));

  it('that stays in parts, or is the oldest of too many', async () => {
    const part = (reference: number) => textMessage('y'.repeat(200), reference)[0] ?? shortText('');
    await expectDrop('incompleteMessage', async () => {
      for (const reference of [20, 21, 22, 23])
        await bench.centre.deliver(smsNumber, '20259', part(reference));
    });
    await expectDrop('incompleteMessage', async () => bench.platform.wireClock.advance(60_000));
  });

  it('a receipt of nobody knows what', async () => {
    await expectDrop('unknownReceipt', async () => {
      const answer = bench.centre.receipt({ messageId: 'nothing', state: 'DELIVERED' });
      await until(() => bench.platform.wireClock.pendingTimers().includes('sms-early-receipt'));
      await bench.platform.wireClock.advance(2000);
      expect(await answer).toBe(ok);
    });
    await expectDrop('malformedMessage', async () => {
      expect(
        await bench.centre.send({ esmClass: 4, shortMessage: new Uint8Array(Buffer.from('hello')) }),
      ).toBe(commandStatus.ESME_RX_P_APPN);
    });
  });

  it('PDUs that are none, and such as a centre does not send', async () => {
    await expectDrop('malformedPdu', async () => {
      bench.centre.socket?.write(Buffer.from('00000010000000210000000000000001', 'hex'));
    });
    await expectDrop('unexpectedPdu', async () => {
      await expect(bench.centre.session?.request('submit_sm')).rejects.toMatchObject({
        status: commandStatus.ESME_RINVCMDID,
      });
    });
    expect(bench.platform.platform.sms.view().state).toBe('BOUND');
  });
});
