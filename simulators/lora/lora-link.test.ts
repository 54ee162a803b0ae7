import { afterEach, describe, expect, it } from 'vitest';
import type { LoraFleetInput } from '../../core/contract/simulators.ts';
import { type HeardUplink, LoraBench } from '../testing/lora-bench.ts';

describe('the windows of a device', () => {
  let bench: LoraBench;
  const start = async (given: Partial<LoraFleetInput> = {}) => {
    bench = new LoraBench(given);
    await bench.start();
  };
  const join = () => bench.passUntil(() => bench.report().connected === 1);
  afterEach(() => bench.stop());

  /** The first data frame of the device, answered as a test says. */
  const answerFirst = (answer: (uplink: HeardUplink) => void) => {
    let answered = false;
    bench.network = (uplink) => {
      bench.accept(uplink);
      if (!uplink.frame || answered) return;
      answered = true;
      answer(uplink);
    };
  };
  const inbox = () => bench.lora().inbox.map(({ data, window }) => [data, window]);
  const wrong = { nwkSKey: new Uint8Array(16), appSKey: new Uint8Array(16) };
  const hello = { port: 2, payload: Uint8Array.of(1) };

  it('RX2 stays open after a frame in RX1 that was not for it', async () => {
    await start();
    answerFirst((uplink) => {
      bench.down(uplink, { ...hello, keys: wrong });
      bench.down(uplink, { ...hello, window: 'RX2' });
    });
    bench.passUntil(() => inbox().length > 0);
    expect(inbox()).toEqual([['01', 'RX2']]);
  });

  it('RX2 does not open after a frame in RX1 that was for it', async () => {
    await start();
    answerFirst((uplink) => {
      bench.down(uplink, hello);
      bench.down(uplink, { ...hello, window: 'RX2' });
    });
    bench.passUntil(() => bench.data.length === 3);
    expect(bench.txAcks.slice(-2)).toEqual([undefined, undefined]);
    expect(inbox()).toEqual([['01', 'RX1']]);
  });

  it('a frame for somebody else that outlasts both of them ends the wait all the same', async () => {
    await start({ spreadingFactor: 12, adr: false, periodMs: 300_000 });
    // At SF12 RX1 is deaf for RX2 by then, and it is over only after the windows.
    answerFirst((uplink) => bench.down(uplink, { port: 2, payload: new Uint8Array(40), keys: wrong }));
    bench.passUntil(() => bench.data.length === 3);
    expect(bench.report().skipped).toBe(0);
  });

  it('class C loses what it hears when it begins to send', async () => {
    await start({ deviceClass: 'C', adr: false });
    join();
    bench.passUntil(() => bench.data.length === 1);
    const [first] = bench.data as [HeardUplink];
    // RX2 of EU868 is SF12: 1.8 s for these, in the midst of which the next uplink is due.
    const nextMs = first.atMs + 60_000;
    bench.passUntil(() => bench.clock.now() > nextMs - 1000);
    const data = bench.downFrame(first, { port: 2, payload: new Uint8Array(20) });
    bench.sendIn(first, data, { delayS: 0, window: 'RX2', lateMs: bench.clock.now() - first.atMs - 900 });
    bench.passUntil(() => bench.data.length === 3);
    expect(bench.txAcks.at(-1)).toBeUndefined();
    expect(inbox()).toEqual([]);
  });
});

describe('a device that stops or joins anew', () => {
  let bench: LoraBench;
  afterEach(() => bench.stop());

  it('does not take the join-accept that is on the air for its old request', async () => {
    bench = new LoraBench();
    await bench.start();
    bench.passUntil(() => bench.heard.length === 1);
    // The accept takes about 0.2 s at SF9, from 5 s after the request on.
    const beganMs = bench.clock.now() + 5050;
    bench.passUntil(() => bench.clock.now() >= beganMs);
    await bench.act({ action: 'rejoin' });
    expect(bench.lora().devAddr).toBeNull();
    bench.passUntil(() => bench.report().connected === 1);
    expect(bench.heard.map(({ type }) => type)).toEqual(['JOIN_REQUEST', 'JOIN_REQUEST']);
    expect(bench.lora().devAddr).toBe('01000002');
    bench.passUntil(() => bench.data.length === 2);
    expect(bench.report()).toMatchObject({ connected: 1, errors: 0 });
  });

  it('begins no session when it has stopped', async () => {
    bench = new LoraBench();
    await bench.start();
    bench.passUntil(() => bench.heard.length === 1);
    const beganMs = bench.clock.now() + 5050;
    bench.passUntil(() => bench.clock.now() >= beganMs);
    await bench.device().stop();
    bench.clock.advance(60_000);
    expect(bench.lora().devAddr).toBeNull();
    expect(bench.report().connected).toBe(0);
  });

  it('asks once when it is to join anew while it waits for its turn', async () => {
    bench = new LoraBench({ count: 3, connectsPerS: 1 });
    await bench.start();
    await bench.act({ action: 'rejoin' }, 3);
    bench.passUntil(() => bench.report().connected === 3);
    const asked = bench
      .device(3)
      .details()
      .frames.filter(({ topic }) => topic.startsWith('JOIN_REQUEST'));
    expect(asked).toHaveLength(1);
    bench.clock.advance(30_000);
    expect(bench.report().connected).toBe(3);
  });

  it('does not join when it has stopped while it waited for its turn', async () => {
    bench = new LoraBench({ count: 3, connectsPerS: 1 });
    await bench.start();
    await bench.device(3).stop();
    bench.clock.advance(60_000);
    expect(bench.report().connected).toBe(2);
    expect(bench.device(3).view().state).toBe('stopped');
  });
});
