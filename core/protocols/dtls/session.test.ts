import { describe, expect, it } from 'vitest';
import { type BenchClient, DtlsBench, testIdentity, testKey } from '../../testing/dtls-bench.ts';
import { encodeAlert } from './alert.ts';
import { numberBytes } from './bytes.ts';
import { encodeMessage, messageTypes } from './handshake-message.ts';
import { contentTypes, dtls12, plainRecord, readRecords } from './record.ts';

const say = async (bench: DtlsBench, device: BenchClient, text: string): Promise<string | undefined> => {
  device.session().send(Buffer.from(text));
  await bench.pass(0);
  return device.received.at(-1);
};

/** The connection below a client, to send what a client never sends. */
const below = (device: BenchClient): any => (device.client as any).connection;

describe('the end of a session', () => {
  it('by the device: the server answers, forgets it, and takes nothing more of it', async () => {
    const bench = new DtlsBench();
    const device = await bench.connected();
    const reasons: string[] = [];
    device.session().onClose((reason) => reasons.push(reason));
    device.client.close();
    device.client.close();
    await bench.pass(0);
    expect(reasons).toEqual(['closed']);
    expect(bench.closed).toMatchObject([{ session: bench.sessions[0], reason: 'peerClosed' }]);
    expect(bench.sessions[0]?.closeReason).toBe('peerClosed');
    expect(bench.server.sessionCount).toBe(0);
    expect(() => device.session().send(Buffer.from('x'))).toThrow(
      expect.objectContaining({ code: 'dtls.closed' }),
    );
    expect(() => bench.sessions[0]?.send(Buffer.from('x'))).toThrow('The session is over.');
  });

  it('by the server, for an identity: the device is told, and cannot resume', async () => {
    const bench = new DtlsBench();
    const [one, two] = [await bench.connected(), await bench.connected()];
    expect(bench.server.sessionsOf(testIdentity)).toEqual(bench.sessions);
    expect(bench.server.sessionsOf('another')).toEqual([]);
    expect(bench.server.closeIdentity(testIdentity)).toBe(2);
    expect(bench.server.closeIdentity(testIdentity)).toBe(0);
    await bench.pass(0);
    expect([one, two].map((device) => device.session().closeReason)).toEqual(['peerClosed', 'peerClosed']);
    expect(bench.closed.map(({ reason }) => reason)).toEqual(['closed', 'closed']);
    const again = await bench.connected({ resume: one.session().resumption });
    expect(again.session().resumed).toBe(false);
  });

  it('by a fatal alert, which has a name and makes the session not resumable', async () => {
    const bench = new DtlsBench();
    const device = await bench.connected();
    const { records, parts, peer } = below(device);
    parts.transmit(
      records.seal(1, contentTypes.alert, encodeAlert({ level: 'fatal', description: 49 })),
      peer,
    );
    await bench.pass(0);
    expect(bench.closed).toMatchObject([{ reason: 'peerAlert', detail: 'access_denied' }]);
    const again = await bench.connected({ resume: device.session().resumption });
    expect(again.session().resumed).toBe(false);
  });

  it('is not brought about by an alert that is not encrypted, nor by a warning', async () => {
    const bench = new DtlsBench();
    const device = await bench.connected();
    for (const description of [0, 40, 80]) {
      const alert = encodeAlert({ level: 'fatal', description });
      bench.inject(plainRecord(contentTypes.alert, dtls12, 1000 + description, alert), device.place.address);
    }
    const { records, parts, peer } = below(device);
    parts.transmit(
      records.seal(1, contentTypes.alert, encodeAlert({ level: 'warning', description: 90 })),
      peer,
    );
    parts.transmit(records.seal(1, contentTypes.alert, Uint8Array.of(7)), peer);
    await bench.pass(0);
    expect(bench.closed).toEqual([]);
    expect(await say(bench, device, 'still here')).toBe('still here');
  });

  it('after silence, and sooner when there is no room', async () => {
    const limits = { sessionIdleMs: 600_000, staleSessionMs: 300_000, maxSessions: 2 };
    const bench = new DtlsBench({ server: { limits } });
    const quiet = await bench.connected();
    const busy = await bench.connected();
    await bench.pass(100_000);
    await say(bench, busy, 'x');
    const refused = bench.connect({ limits: { handshakeTimeoutMs: 5000 } });
    expect(await bench.settled(refused.outcome)).toMatchObject({ code: 'dtls.timeout' });
    expect(bench.server.drops.busy).toBeGreaterThan(0);
    bench.clock.advance(200_000);
    await bench.connected();
    expect(bench.closed).toMatchObject([{ session: { id: bench.sessions[0]?.id }, reason: 'evicted' }]);
    expect(quiet.session().closeReason).toBe('peerClosed');
    bench.clock.advance(660_000);
    await bench.pass(0);
    expect(bench.closed.map(({ reason }) => reason)).toEqual(['evicted', 'idle', 'idle']);
    expect(bench.clock.pendingTimers()).toEqual([]);
  });

  it('of all of them when the server stops', async () => {
    const bench = new DtlsBench();
    const device = await bench.connected();
    const late = bench.connect();
    await Promise.resolve();
    bench.server.stop();
    await bench.pass(0);
    expect(device.session().closeReason).toBe('peerClosed');
    expect(bench.server.sessionCount + bench.server.handshakeCount).toBe(0);
    late.client.close();
    expect(bench.clock.pendingTimers()).toEqual([]);
  });
});

describe('a new handshake from the address of a session', () => {
  it('leaves the session as it is until it is done, and then takes its place', async () => {
    const bench = new DtlsBench({ server: { connectionIdBytes: 0 } });
    const before = await bench.connected();
    // The device starts anew, and its last flight is on the way.
    const { address } = before.place;
    const after = bench.connect({}, address);
    while (bench.server.handshakeCount === 0) await Promise.resolve();
    before.session().send(Buffer.from('old'));
    await Promise.resolve();
    await Promise.resolve();
    expect(bench.received.map(({ text }) => text)).toEqual(['old']);
    expect(bench.closed).toEqual([]);
    await bench.settled(after.outcome);
    await bench.pass(0);
    expect(bench.closed).toMatchObject([{ session: bench.sessions[0], reason: 'replaced' }]);
    expect(await say(bench, after, 'new')).toBe('new');
    expect(bench.server.sessionCount).toBe(1);
  });

  it('cannot end the session when it fails', async () => {
    const bench = new DtlsBench({ server: { connectionIdBytes: 0 } });
    const device = await bench.connected();
    const thief = bench.connect({ key: new Uint8Array(16) }, device.place.address);
    await bench.settled(thief.outcome);
    expect(bench.failures).toMatchObject([{ error: { code: 'dtls.badKey' } }]);
    // The bench hands datagrams to the last that sent from the address.
    device.session().send(Buffer.from('mine'));
    await bench.pass(0);
    expect(bench.received.at(-1)?.text).toBe('mine');
    expect(device.received).toEqual(['mine']);
    expect(bench.closed).toEqual([]);
  });

  it('within the session is refused with the alert no_renegotiation', async () => {
    const bench = new DtlsBench();
    const device = await bench.connected();
    const { records, parts, peer } = below(device);
    const body = new Uint8Array([...numberBytes(dtls12, 2), ...new Uint8Array(40)]);
    const hello = encodeMessage({ type: messageTypes.clientHello, messageSequence: 3, body });
    const count = bench.sentByServer.length;
    parts.transmit(records.seal(1, contentTypes.handshake, hello), peer);
    await bench.pass(0);
    expect(bench.sentByServer).toHaveLength(count + 1);
    expect(bench.server.handshakeCount).toBe(0);
    expect(await say(bench, device, 'goes on')).toBe('goes on');
  });
});

describe('records of a session', () => {
  it('are taken once, whatever comes again, and as long as they are within the window', async () => {
    const bench = new DtlsBench();
    const device = await bench.connected();
    const { sent } = device;
    const first = sent.length;
    bench.change({ loss: 1 });
    for (let number = 0; number < 80; number++) device.session().send(Buffer.from(`${number}`));
    await bench.pass(0);
    bench.change({});
    for (const index of [70, 70, 79, 5, 16, 15, 16]) bench.inject(sent[first + index]!, device.place.address);
    expect(bench.received.map(({ text }) => text)).toEqual(['70', '79', '16']);
  });

  it('that are changed or made with other keys are dropped and counted', async () => {
    const bench = new DtlsBench({ server: { connectionIdBytes: 0 } });
    const device = await bench.connected();
    device.session().send(Buffer.from('hello'));
    const record = device.sent.at(-1)!;
    await bench.pass(0);
    for (let index = 13; index < record.length; index++) {
      const changed = record.slice();
      changed[10]! += 1;
      changed[index]! ^= 1;
      bench.inject(changed, device.place.address);
    }
    expect(bench.received).toHaveLength(1);
    expect(bench.sessions[0]?.undecryptable).toBe(record.length - 13);
    expect(await say(bench, device, 'again')).toBe('again');
  });

  it('of nobody, as after a restart of the server, are counted', () => {
    const bench = new DtlsBench();
    const { records } = readRecords(plainRecord(contentTypes.applicationData, dtls12, 5, testKey), 0);
    expect(records).toHaveLength(1);
    bench.inject(plainRecord(contentTypes.applicationData, dtls12, 5, testKey), bench.freeAddress());
    bench.inject(Uint8Array.of(1, 2, 3), bench.freeAddress());
    bench.inject(new Uint8Array(0), bench.freeAddress());
    expect(bench.server.drops).toEqual({ malformed: 2, unknownConnection: 1, busy: 0 });
  });
});

describe('a device that starts anew with the same random numbers as before', () => {
  it('gets in, once no copies of its first handshake can come any more', async () => {
    const bench = new DtlsBench({ server: { connectionIdBytes: 0 } });
    const sameRandom = { bytes: (count: number) => new Uint8Array(count).fill(7) };
    const before = await bench.connected({ random: sameRandom });
    const startMs = bench.clock.now();
    const after = await bench.connected(
      { random: sameRandom, limits: { handshakeTimeoutMs: 200_000 } },
      before.place.address,
    );
    expect(bench.clock.now() - startMs).toBeGreaterThanOrEqual(60_000);
    expect(await say(bench, after, 'again')).toBe('again');
    expect(bench.closed).toMatchObject([{ session: bench.sessions[0], reason: 'replaced' }]);
  });
});

describe('an identity that is closed', () => {
  it('does not get in by a handshake that was under way', async () => {
    let answer: ((answer: { key: Uint8Array }) => void) | undefined;
    const pskOf = () =>
      new Promise<{ key: Uint8Array }>((resolve) => {
        answer = resolve;
      });
    const bench = new DtlsBench({ server: { pskOf } });
    const device = bench.connect();
    await bench.pass(0);
    expect(bench.server.handshakeCount).toBe(1);
    expect(bench.server.closeIdentity('another')).toBe(0);
    expect(bench.server.handshakeCount).toBe(1);
    expect(bench.server.closeIdentity(testIdentity)).toBe(0);
    answer?.({ key: testKey });
    expect(await bench.settled(device.outcome)).toMatchObject({ code: 'dtls.unknownIdentity' });
    expect(bench.server.sessionCount + bench.server.handshakeCount).toBe(0);
    expect(bench.failures).toMatchObject([
      { pskIdentity: testIdentity, error: { code: 'dtls.unknownIdentity' } },
    ]);
  });
});

describe('limits', () => {
  it('let a thousand devices shake hands at a time', async () => {
    const bench = new DtlsBench();
    const devices = Array.from({ length: 1000 }, () => bench.connect());
    for (const device of devices) await bench.settled(device.outcome);
    await bench.pass(0);
    expect(bench.server.sessionCount).toBe(1000);
    expect(new Set(bench.sessions.map(({ id }) => id)).size).toBe(1000);
    expect(bench.server.handshakeCount).toBe(0);
  });

  it('on sessions count handshakes that are under way', async () => {
    const bench = new DtlsBench({ server: { limits: { maxSessions: 3 } } });
    const limits = { handshakeTimeoutMs: 3000 };
    const outcomes = Array.from({ length: 10 }, () => bench.connect({ limits }).outcome);
    for (const outcome of outcomes) await bench.settled(outcome);
    expect(bench.server.sessionCount).toBe(3);
  });

  it('on handshakes under way: one more waits until there is room', async () => {
    const bench = new DtlsBench({
      server: { limits: { maxHandshakes: 3, handshakeTimeoutMs: 4000 }, pskOf: () => new Promise(() => {}) },
    });
    const devices = [1, 2, 3, 4].map(() => bench.connect());
    await bench.pass(500);
    expect(bench.server.handshakeCount).toBe(3);
    expect(bench.server.drops.busy).toBe(1);
    await bench.pass(7000);
    expect(bench.failures.length).toBeGreaterThanOrEqual(3);
    for (const device of devices) device.client.close();
    bench.server.stop();
    expect(bench.clock.pendingTimers()).toEqual([]);
  });

  it('on the length of handshake messages: the error names it', async () => {
    const bench = new DtlsBench({ server: { limits: { maxHandshakeMessageBytes: 200 } } });
    const device = bench.connect({ serverName: `${'x'.repeat(200)}.example` });
    await bench.settled(device.outcome);
    expect(bench.failures[0]?.error).toMatchObject({
      code: 'dtls.limit',
      message: expect.stringContaining('maxHandshakeMessageBytes (200)'),
    });
  });
});
