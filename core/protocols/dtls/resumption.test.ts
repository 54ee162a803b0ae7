import { describe, expect, it } from 'vitest';
import { DtlsBench, testIdentity, testKey } from '../../testing/dtls-bench.ts';
import type { DtlsLimits } from './limits.ts';
import type { PskAnswer } from './psk.ts';
import { cipherSuites } from './suites.ts';

describe('a session that is resumed', () => {
  it.each(cipherSuites.map((suite) => suite.name))('goes on with its secret, with %s', async (name) => {
    const bench = new DtlsBench();
    const first = await bench.connected({ suites: [name] });
    const sent = bench.sentByServer.length;
    const second = await bench.connected({ suites: [name], resume: first.session().resumption });
    expect(second.session()).toMatchObject({ resumed: true, suite: name, pskIdentity: testIdentity });
    expect(bench.sessions[1]).toMatchObject({ resumed: true, suite: name, pskIdentity: testIdentity });
    // HelloVerifyRequest, and one flight.
    expect(bench.sentByServer.length - sent).toBe(2);
    second.session().send(Buffer.from('hello'));
    await bench.pass(0);
    expect(second.received).toEqual(['hello']);
    const [one, two] = bench.keyLog.map((line) => line.split(' '));
    expect(two?.[2]).toBe(one?.[2]);
    expect(two?.[1]).not.toBe(one?.[1]);
    const third = await bench.connected({ suites: [name], resume: second.session().resumption });
    expect(third.session().resumed).toBe(true);
  });

  it('asks for the key again, also where the answer takes time', async () => {
    const asked: string[] = [];
    const pskOf = async (identity: string): Promise<PskAnswer> => {
      asked.push(identity);
      return { key: testKey };
    };
    const bench = new DtlsBench({ server: { pskOf } });
    const first = await bench.connected();
    const second = await bench.connected({ resume: first.session().resumption });
    expect(second.session().resumed).toBe(true);
    expect(asked).toEqual([testIdentity, testIdentity]);
  });

  it.each<[string, () => PskAnswer, string | undefined]>([
    ['was changed', () => ({ key: new Uint8Array(16).fill(3) }), 'dtls.badKey'],
    ['was taken away', () => ({ refused: 'the interface is disabled' }), 'dtls.unknownIdentity'],
  ])('needs a full handshake when the key %s', async (_, later, code) => {
    let answer = (): PskAnswer => ({ key: testKey });
    const bench = new DtlsBench({ server: { pskOf: () => answer() } });
    const first = await bench.connected();
    answer = later;
    const second = bench.connect({ resume: first.session().resumption });
    expect(await bench.settled(second.outcome)).toMatchObject({ code });
    expect(bench.sessions).toHaveLength(1);
    expect(bench.failures).toMatchObject([{ pskIdentity: testIdentity, error: { code } }]);
  });

  it.each<[string, Partial<DtlsLimits>, number]>([
    ['are older than resumptionLifetimeMs', { resumptionLifetimeMs: 60_000 }, 61_000],
    ['are more than maxResumptions', { maxResumptions: 1 }, 0],
    ['are not kept', { maxResumptions: 0 }, 0],
  ])('is not found when sessions %s', async (_, limits, laterMs) => {
    const bench = new DtlsBench({ server: { limits } });
    const first = await bench.connected();
    await bench.connected();
    bench.clock.advance(laterMs);
    const again = await bench.connected({ resume: first.session().resumption });
    expect(again.session().resumed).toBe(false);
    expect(first.session().resumption === undefined).toBe(limits.maxResumptions === 0);
  });

  it('is a full handshake for another host name, another suite, or with a secret bound to the handshake', async () => {
    const bench = new DtlsBench();
    const first = await bench.connected({ serverName: 'a.example', extendedMasterSecret: false });
    const { resumption: resume } = first.session();
    for (const options of [
      { serverName: 'b.example', extendedMasterSecret: false },
      { serverName: 'a.example', extendedMasterSecret: false, suites: ['PSK_WITH_AES_256_CCM'] },
      { serverName: 'a.example', extendedMasterSecret: true },
    ] as const) {
      expect((await bench.connected({ ...options, resume })).session().resumed).toBe(false);
    }
    const same = await bench.connected({ serverName: 'a.example', extendedMasterSecret: false, resume });
    expect(same.session().resumed).toBe(true);
  });

  it('is refused to a client that leaves the extended master secret out (RFC 7627, 5.3)', async () => {
    const bench = new DtlsBench();
    const first = await bench.connected();
    const second = bench.connect({ resume: first.session().resumption, extendedMasterSecret: false });
    expect(await bench.settled(second.outcome)).toMatchObject({
      message: 'The server has sent the alert handshake_failure.',
    });
  });
});
