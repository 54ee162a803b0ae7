import { describe, expect, it } from 'vitest';
import { DtlsBench, testIdentity, testKey } from '../../testing/dtls-bench.ts';
import { readRecords } from './record.ts';
import { cipherSuites, type SuiteName } from './suites.ts';

const names = cipherSuites.map((suite) => suite.name);
const otherKey = new Uint8Array(16).fill(0xee);

describe('a full handshake', () => {
  it.each(names)('agrees on %s, and messages go both ways', async (name) => {
    const bench = new DtlsBench({ server: { suites: [name] } });
    const device = await bench.connected({ serverName: 'platform.example' });
    device.session().send(Buffer.from('hello'));
    await bench.pass(0);
    expect(bench.received.map(({ text }) => text)).toEqual(['hello']);
    expect(device.received).toEqual(['hello']);
    expect(bench.sessions[0]).toMatchObject({
      pskIdentity: testIdentity,
      suite: name,
      serverName: 'platform.example',
      resumed: false,
      extendedMasterSecret: true,
      peer: device.place.address,
      closeReason: undefined,
    });
    expect(device.session()).toMatchObject({ pskIdentity: testIdentity, suite: name });
    expect(bench.clock.pendingTimers()).toEqual(['dtls: idle sessions']);
    expect(bench.failures).toEqual([]);
  });

  it.each([
    [['PSK_WITH_AES_256_CCM', 'PSK_WITH_AES_128_CCM_8'], 'PSK_WITH_AES_256_CCM'],
    [['ECDHE_PSK_WITH_AES_128_CCM_SHA256', 'PSK_WITH_AES_128_CCM_8'], 'PSK_WITH_AES_128_CCM_8'],
  ] as [SuiteName[], SuiteName][])('takes of %s the first that is enabled: %s', async (suites, chosen) => {
    const bench = new DtlsBench({ server: { suites: ['PSK_WITH_AES_128_CCM_8', 'PSK_WITH_AES_256_CCM'] } });
    const device = await bench.connected({ suites });
    expect(device.session().suite).toBe(chosen);
  });

  it('carries messages of any length up to that of a record, and says so of longer ones', async () => {
    const bench = new DtlsBench();
    const device = await bench.connected();
    for (const length of [0, 1, 1500, 16_384]) {
      device.session().send(new Uint8Array(length).fill(0x61));
      await bench.pass(0);
      expect(device.received.at(-1)).toBe('a'.repeat(length));
    }
    expect(() => device.session().send(new Uint8Array(16_385))).toThrow(
      expect.objectContaining({ code: 'dtls.limit', message: expect.stringContaining('16385 bytes') }),
    );
  });

  it.each([
    ['both sides', true, {}],
    ['a client without it', false, {}],
  ])('binds the secret to the handshake as %s can', async (_, extendedMasterSecret, server) => {
    const bench = new DtlsBench({ server });
    const device = await bench.connected({ extendedMasterSecret });
    expect(bench.sessions[0]?.extendedMasterSecret).toBe(extendedMasterSecret);
    device.session().send(Buffer.from('x'));
    await bench.pass(0);
    expect(device.received).toEqual(['x']);
  });

  it('refuses a client without the extended master secret when it is required', async () => {
    const bench = new DtlsBench({ server: { requireExtendedMasterSecret: true } });
    const device = bench.connect({ extendedMasterSecret: false });
    expect(await bench.settled(device.outcome)).toMatchObject({ code: 'dtls.alertReceived' });
    expect(bench.failures[0]?.error.message).toMatch(/extended master secret, which the server requires/);
  });

  it('begins with records of version 0xfe00, as mbedTLS 2.28 sends them', async () => {
    const bench = new DtlsBench();
    const changed: number[] = [];
    bench.tamper = (datagram) => {
      const copy = new Uint8Array(datagram);
      // Hellos of the client, and nothing else.
      if (copy[0] === 22 && copy[13] === 1) {
        copy[2] = 0x00;
        changed.push(copy.length);
      }
      return [copy];
    };
    await bench.connected();
    expect(changed).toHaveLength(2);
    expect(bench.sessions).toHaveLength(1);
  });

  it('waits for a key that is looked up, with what came meanwhile', async () => {
    const asked: string[] = [];
    let answer: ((answer: { key: Uint8Array }) => void) | undefined;
    const bench = new DtlsBench({
      server: {
        pskOf: (identity, request) => {
          asked.push(`${identity} ${request.peer.address} ${request.serverName}`);
          return new Promise((resolve) => {
            answer = resolve;
          });
        },
      },
    });
    const device = bench.connect({ serverName: 'a.example' });
    await bench.pass(100);
    expect(asked).toEqual([`${testIdentity} 192.0.2.7 a.example`]);
    expect(bench.sessions).toEqual([]);
    answer?.({ key: testKey });
    await bench.pass(0);
    // No flight had to be sent again for it.
    expect(bench.sessions).toHaveLength(1);
    expect(await device.outcome).toMatchObject({ suite: names[0] });
  });

  it('writes lines of the NSS key log on both sides', async () => {
    const bench = new DtlsBench();
    const ofClient: string[] = [];
    const device = await bench.connected({ keyLog: (line) => ofClient.push(line) });
    expect(bench.keyLog).toEqual(ofClient);
    expect(bench.keyLog).toEqual([expect.stringMatching(/^CLIENT_RANDOM [0-9a-f]{64} [0-9a-f]{96}$/)]);
    const secret = Buffer.from(device.session().resumption!.masterSecret).toString('hex');
    expect(bench.keyLog[0]?.split(' ')[2]).toBe(secret);
  });
});

describe('a handshake that fails', () => {
  it('because of the identity: both sides are told, and the reason stays here', async () => {
    const bench = new DtlsBench();
    const device = bench.connect({ pskIdentity: 'stranger' });
    expect(await bench.settled(device.outcome)).toMatchObject({
      code: 'dtls.unknownIdentity',
      message: 'The server does not let PSK identity stranger in.',
    });
    expect(bench.failures).toMatchObject([
      {
        peer: device.place.address,
        pskIdentity: 'stranger',
        error: { code: 'dtls.unknownIdentity', message: 'PSK identity stranger is refused: nobody knows it' },
      },
    ]);
    expect(bench.server.handshakeCount).toBe(0);
    expect(bench.clock.pendingTimers()).toEqual([]);
  });

  it.each(names)('because of the key, with %s', async (name) => {
    const bench = new DtlsBench();
    const device = bench.connect({ key: otherKey, suites: [name] });
    expect(await bench.settled(device.outcome)).toMatchObject({ code: 'dtls.badKey' });
    expect(bench.failures).toMatchObject([{ pskIdentity: testIdentity, error: { code: 'dtls.badKey' } }]);
    expect(bench.sessions).toEqual([]);
    expect(bench.clock.pendingTimers()).toEqual([]);
  });

  it('because no suite is common', async () => {
    const bench = new DtlsBench({ server: { suites: ['PSK_WITH_AES_128_CCM'] } });
    const device = bench.connect({ suites: ['PSK_WITH_AES_128_CCM_8'] });
    expect(await bench.settled(device.outcome)).toMatchObject({
      code: 'dtls.alertReceived',
      message: 'The server has sent the alert handshake_failure.',
    });
    expect(bench.failures[0]?.error).toMatchObject({
      code: 'dtls.noCommonSuite',
      message: 'The client offers no cipher suite that is enabled here, but 0xc0a8.',
    });
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('the store is down'))],
    [
      'throws',
      () => {
        throw new Error('the store is down');
      },
    ],
  ])('because the look-up %s', async (_, pskOf) => {
    const bench = new DtlsBench({ server: { pskOf } });
    const device = bench.connect();
    expect(await bench.settled(device.outcome)).toMatchObject({
      message: 'The server has sent the alert internal_error.',
    });
    expect(bench.failures[0]?.error).toMatchObject({
      code: 'dtls.internal',
      cause: expect.objectContaining({ message: 'the store is down' }),
    });
  });

  it('because nobody answers: the client tries with growing pauses and gives up in time', async () => {
    const bench = new DtlsBench({ faults: { loss: 1 } });
    const device = bench.connect({ limits: { handshakeTimeoutMs: 40_000 } });
    const startMs = bench.clock.now();
    const times: number[] = [];
    let seen = 0;
    for (let passedMs = 0; passedMs < 41_000; passedMs += 100) {
      for (; seen < device.sent.length; seen++) times.push(bench.clock.now() - startMs);
      await bench.pass(100);
    }
    expect(times).toEqual([0, 1000, 3000, 7000, 15_000, 31_000]);
    expect(await device.outcome).toMatchObject({ code: 'dtls.timeout' });
    expect(bench.clock.pendingTimers()).toEqual([]);
  });

  it('because the client goes away: the server tries for a time, and forgets it', async () => {
    const bench = new DtlsBench({ server: { limits: { handshakeTimeoutMs: 10_000 } } });
    const device = bench.connect();
    // The hello with the cookie is the second datagram, and what comes after it is lost.
    while (bench.server.handshakeCount === 0) await Promise.resolve();
    bench.change({ loss: 1 });
    const sent = bench.sentByServer.length;
    await bench.pass(10_000);
    expect(bench.sentByServer.length - sent).toBeGreaterThanOrEqual(3);
    expect(bench.failures).toMatchObject([{ pskIdentity: undefined, error: { code: 'dtls.timeout' } }]);
    expect(bench.server.handshakeCount).toBe(0);
    device.client.close();
    expect(await device.outcome).toMatchObject({ code: 'dtls.closed' });
    expect(bench.clock.pendingTimers()).toEqual([]);
  });

  it('while its key is looked up: an answer that comes too late changes nothing', async () => {
    let answer: ((answer: { key: Uint8Array }) => void) | undefined;
    const pskOf = () =>
      new Promise<{ key: Uint8Array }>((resolve) => {
        answer = resolve;
      });
    const bench = new DtlsBench({ server: { pskOf, limits: { handshakeTimeoutMs: 5000 } } });
    const device = bench.connect({ limits: { handshakeTimeoutMs: 5000 } });
    await bench.pass(6000);
    answer?.({ key: testKey });
    await bench.pass(0);
    expect(bench.failures).toMatchObject([{ error: { code: 'dtls.timeout' } }]);
    expect(bench.sessions).toEqual([]);
    expect(await device.outcome).toMatchObject({ code: 'dtls.timeout' });
  });
});

describe('the cookie', () => {
  it('comes before anything is kept, and fits only to the address that asked', async () => {
    const bench = new DtlsBench();
    const device = bench.connect();
    while (device.sent.length < 2) await Promise.resolve();
    const [first, withCookie] = device.sent as [Uint8Array, Uint8Array];
    expect(bench.server.handshakeCount).toBe(0);
    // HelloVerifyRequest: DTLS 1.0, and the number of the hello's record (RFC 6347, 4.2.1).
    const [answer] = readRecords(bench.sentByServer[0]!.datagram, 0).records;
    expect(answer).toMatchObject({ version: 0xfeff, epoch: 0, sequence: 0 });
    expect(answer?.fragment[0]).toBe(3);
    expect(bench.sentByServer[0]!.datagram.length).toBeLessThanOrEqual(first.length);

    const elsewhere = bench.freeAddress();
    bench.inject(withCookie, elsewhere);
    expect(bench.server.handshakeCount).toBe(0);
    expect(bench.sentByServer.at(-1)?.to).toEqual(elsewhere);
    await bench.settled(device.outcome);
    expect(bench.sessions).toHaveLength(1);
  });

  it('is good for its lifetime, and not for ever', async () => {
    const bench = new DtlsBench({ server: { limits: { cookieLifetimeMs: 60_000 } } });
    const [soon, late] = [bench.connect(), bench.connect()];
    while (late.sent.length < 2) await Promise.resolve();
    bench.change({ loss: 1 });
    await bench.pass(0);
    bench.change({});
    const count = bench.server.handshakeCount;
    bench.clock.holdUp(59_000);
    bench.inject(soon.sent[1]!, bench.freeAddress());
    expect(bench.server.handshakeCount).toBe(count);
    for (const [device, expected] of [
      [soon, count + 1],
      [late, count + 1],
    ] as const) {
      if (device === late) bench.clock.holdUp(120_000);
      bench.inject(device.sent[1]!, device.place.address);
      expect(bench.server.handshakeCount).toBe(expected);
    }
    for (const device of [soon, late]) device.client.close();
    bench.server.stop();
  });
});
