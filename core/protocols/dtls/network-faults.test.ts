import { describe, expect, it } from 'vitest';
import { DtlsBench } from '../../testing/dtls-bench.ts';
import type { LinkFaults } from '../../testing/faulty-link.ts';
import { cipherSuites } from './suites.ts';

const networks: readonly [string, LinkFaults][] = [
  ['loses every third datagram', { loss: 0.33 }],
  ['loses every other datagram', { loss: 0.5 }],
  ['doubles datagrams', { duplication: 0.5 }],
  ['reorders datagrams', { reordering: 0.4, overtakenMs: 700, delayMs: [1, 50] }],
  ['is slow', { delayMs: [400, 1500] }],
  [
    'does all of that',
    { loss: 0.2, duplication: 0.2, reordering: 0.2, overtakenMs: 1500, delayMs: [5, 800] },
  ],
];
const patient = { handshakeTimeoutMs: 7_200_000 };
const seeds = Array.from({ length: 12 }, (_, index) => index + 1);

describe.each(networks)('over a network that %s', (_, faults) => {
  it.each([undefined, 120])(
    'handshakes get through, in datagrams of up to %s bytes',
    async (maxDatagramBytes) => {
      for (const seed of seeds) {
        const limits = { ...patient, ...(maxDatagramBytes && { maxDatagramBytes }) };
        const bench = new DtlsBench({ faults, seed, server: { limits } });
        const suites = [cipherSuites[seed % cipherSuites.length]!.name];
        const device = await bench.connected({ suites, limits });
        const again = await bench.connected({ suites, limits, resume: device.session().resumption });
        bench.change({});
        await bench.pass(5000);
        expect(bench.failures, `seed ${seed}`).toEqual([]);
        for (const each of [device, again]) {
          each.session().send(Buffer.from('hello'));
          await bench.pass(0);
          expect(each.received, `seed ${seed}`).toEqual(['hello']);
        }
        expect(bench.server.handshakeCount, `seed ${seed}`).toBe(0);
        bench.server.stop();
        await bench.pass(0);
        expect(bench.clock.pendingTimers(), `seed ${seed}`).toEqual([]);
      }
    },
  );

  it('messages come at most once, and none is changed', async () => {
    const bench = new DtlsBench({ faults, seed: 5, server: { limits: patient } });
    const device = await bench.connected({ limits: patient });
    for (let number = 0; number < 100; number++) {
      device.session().send(Buffer.from(`message ${number}`));
      await bench.pass(10);
    }
    await bench.pass(5000);
    const texts = bench.received.map(({ text }) => text);
    expect(texts.every((text) => /^message \d{1,2}$/.test(text))).toBe(true);
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts.length).toBeGreaterThan(20);
    expect(new Set(device.received).size).toBe(device.received.length);
  });
});

describe('the last flight', () => {
  it('of a full handshake is the server’s, which repeats it when the client does', async () => {
    const bench = new DtlsBench();
    const device = bench.connect();
    while (bench.sessions.length === 0) await Promise.resolve();
    bench.change({ loss: 1 });
    await bench.pass(0);
    bench.change({});
    expect(await bench.settled(device.outcome)).toMatchObject({
      pskIdentity: bench.sessions[0]?.pskIdentity,
    });
    expect(bench.sessions).toHaveLength(1);
    device.session().send(Buffer.from('hello'));
    await bench.pass(0);
    expect(device.received).toEqual(['hello']);
  });

  it('of a resumed session is the client’s, which repeats it when the server does', async () => {
    const bench = new DtlsBench();
    const { resumption } = (await bench.connected()).session();
    const device = bench.connect({ resume: resumption });
    while (device.sent.length < 3) await Promise.resolve();
    bench.change({ loss: 1 });
    await device.outcome;
    await bench.pass(0);
    bench.change({});
    expect(bench.sessions).toHaveLength(1);
    // A message that comes before the repeated flight is kept for the session.
    device.session().send(Buffer.from('early'));
    await bench.pass(1000);
    expect(bench.sessions).toHaveLength(2);
    expect(device.received).toEqual(['early']);
  });
});
