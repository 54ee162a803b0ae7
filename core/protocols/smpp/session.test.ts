import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../platform/virtual-clock.ts';
import fc from '../../testing/properties.ts';
import type { SmppError } from './errors.ts';
import { PduFramer } from './framer.ts';
import { decodePdu, encodePdu, type Pdu, type PduToSend } from './pdu.ts';
import { SmppSession } from './session.ts';
import { commandStatus } from './status.ts';

function setUp() {
  const clock = new VirtualClock();
  const out: Pdu[] = [];
  const requests: Pdu[] = [];
  const dropped: string[] = [];
  const ends: string[] = [];
  let linkEnds = 0;
  const framer = new PduFramer(65_536);
  const link = {
    write: (bytes: Uint8Array) => {
      for (const pdu of framer.push(bytes)) out.push(decodePdu(pdu));
    },
    end: () => {
      linkEnds++;
    },
  };
  const handler = {
    requested: (pdu: Pdu) => requests.push(pdu),
    dropped: (error: SmppError) => dropped.push(error.message),
    ended: (reason: string) => ends.push(reason),
  };
  const limits = { responseTimeoutMs: 5000, keepAliveMs: 30_000, maxPduBytes: 65_536 };
  const session = new SmppSession(link, handler, clock, limits);
  const hears = (pdu: PduToSend): void => session.receive(encodePdu(pdu));
  return { clock, out, requests, dropped, ends, session, hears, linkEnds: () => linkEnds };
}

describe('requests', () => {
  test('get the answer with their number, in any order', async () => {
    const { session, hears, out } = setUp();
    const first = session.request('submit_sm', { destinationAddr: '1' });
    const second = session.request('submit_sm', { destinationAddr: '2' });
    expect(out.map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect(session.underWay).toBe(2);
    hears({ command: 'submit_sm_resp', sequence: 2, body: { messageId: 'b' } });
    hears({ command: 'submit_sm_resp', sequence: 1, body: { messageId: 'a' } });
    expect([(await first).body.messageId, (await second).body.messageId]).toEqual(['a', 'b']);
    expect(session.underWay).toBe(0);
  });

  test.each<[PduToSend, number]>([
    [
      { command: 'submit_sm_resp', sequence: 1, status: commandStatus.ESME_RTHROTTLED },
      commandStatus.ESME_RTHROTTLED,
    ],
    [
      { command: 'generic_nack', sequence: 1, status: commandStatus.ESME_RINVCMDID },
      commandStatus.ESME_RINVCMDID,
    ],
  ])('fail with the status of the refusal', async (answer, status) => {
    const { session, hears } = setUp();
    const request = session.request('submit_sm');
    hears(answer);
    await expect(request).rejects.toMatchObject({ code: 'smpp.refused', status });
  });

  test('fail when no answer comes, when the answer is none, and when the session ends', async () => {
    const { session, clock, ends, dropped } = setUp();
    const late = session.request('submit_sm');
    const timedOut = expect(late).rejects.toMatchObject({ code: 'smpp.timeout' });
    await clock.advance(5000);
    await timedOut;
    const broken = session.request('submit_sm');
    const wire = encodePdu({ command: 'submit_sm_resp', sequence: 2, body: { messageId: 'b' } });
    wire[wire.length - 1] = 0x61;
    session.receive(wire);
    await expect(broken).rejects.toMatchObject({ code: 'smpp.malformed' });
    const open = session.request('submit_sm');
    session.close('the end');
    await expect(open).rejects.toMatchObject({ code: 'smpp.closed' });
    await expect(session.request('unbind')).rejects.toMatchObject({ code: 'smpp.closed' });
    expect(ends).toEqual(['the end']);
    expect(dropped).toHaveLength(1);
  });

  test('that the wire has no room for are not sent', async () => {
    const { session, out } = setUp();
    await expect(session.request('submit_sm', { serviceType: 'too long' })).rejects.toMatchObject({
      code: 'smpp.range',
    });
    expect(out).toEqual([]);
    expect(session.underWay).toBe(0);
  });
});

describe('what comes', () => {
  test('is handed on, and enquire_link is answered', () => {
    const { hears, out, requests, session } = setUp();
    hears({ command: 'enquire_link', sequence: 9 });
    hears({ command: 'deliver_sm', sequence: 10, body: { sourceAddr: '33' } });
    expect(out).toMatchObject([{ command: 'enquire_link_resp', sequence: 9, status: 0 }]);
    expect(requests).toMatchObject([{ command: 'deliver_sm', sequence: 10 }]);
    session.answer({ command: 'deliver_sm', sequence: 10 }, commandStatus.ESME_RX_T_APPN);
    expect(out[1]).toMatchObject({ command: 'deliver_sm_resp', sequence: 10, status: 0x64 });
  });

  test('is refused by its own answer where it has one, and the session goes on', () => {
    const { session, out, dropped, hears, requests } = setUp();
    const broken = encodePdu({ command: 'deliver_sm', sequence: 3 });
    broken[broken.length - 1] = 200;
    session.receive(broken);
    const unknown = encodePdu({ command: 'unbind', sequence: 4 });
    unknown[7] = 0x21;
    session.receive(unknown);
    hears({ command: 'submit_sm_resp', sequence: 77 });
    hears({ command: 'unbind', sequence: 5 });
    expect(out).toMatchObject([
      { command: 'deliver_sm_resp', sequence: 3, status: commandStatus.ESME_RINVMSGLEN },
      { command: 'generic_nack', sequence: 4, status: commandStatus.ESME_RINVCMDID },
    ]);
    expect(dropped).toHaveLength(3);
    expect(requests).toMatchObject([{ command: 'unbind' }]);
  });

  test('ends the session where nobody knows where the next PDU begins', () => {
    const { session, out, ends, linkEnds, hears, requests } = setUp();
    session.receive(new Uint8Array(16).fill(0xff));
    expect(out).toMatchObject([
      { command: 'generic_nack', sequence: 0, status: commandStatus.ESME_RINVCMDLEN },
    ]);
    expect(ends).toHaveLength(1);
    expect(linkEnds()).toBe(1);
    hears({ command: 'unbind', sequence: 5 });
    expect(requests).toEqual([]);
  });

  test('never throws, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 })), (chunks) => {
        const { session } = setUp();
        for (const chunk of chunks) {
          session.receive(
            new Uint8Array(Buffer.concat([Uint8Array.of(0, 0, 0, 16 + ((chunk[0] ?? 0) % 40)), chunk])),
          );
        }
      }),
    );
  });
});

describe('keep-alive', () => {
  test('asks after silence alone, and ends the session that gives no answer', async () => {
    const { session, clock, out, ends, hears } = setUp();
    session.watch();
    hears({ command: 'unbind', sequence: 1 });
    await clock.advance(30_000);
    expect(out).toEqual([]);
    await clock.advance(30_000);
    expect(out).toMatchObject([{ command: 'enquire_link' }]);
    hears({ command: 'enquire_link_resp', sequence: 1 });
    await clock.advance(60_000);
    expect(out).toHaveLength(2);
    expect(ends).toEqual([]);
    await clock.advance(5000);
    expect(ends).toEqual(['the other side does not answer enquire_link']);
  });
});
