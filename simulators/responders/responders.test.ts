import { describe, expect, it } from 'vitest';
import { responder } from '../../core/contract/responders.ts';
import { VirtualClock } from '../../core/platform/virtual-clock.ts';
import { DeviceResponses } from './device-responses.ts';
import { makeResponders } from './make-responders.ts';

const startMs = Date.UTC(2030, 0, 1);
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A device with these responders, and what it has published: `seconds topic body`. */
function bench(given: readonly object[], seed = 7) {
  const clock = new VirtualClock(startMs);
  const said: string[] = [];
  const problems: unknown[] = [];
  const device = new DeviceResponses({
    ...{ clientId: 'd', number: 1, seed, clock },
    responders: makeResponders(given.map((each) => responder.parse(each))),
    publish: (topic, body) =>
      void said.push(`${(clock.now() - startMs) / 1000} ${topic} ${JSON.stringify(body)}`),
    failed: (error) => void problems.push(error),
  });
  const receive = async (topic: string, body: unknown): Promise<void> => {
    device.receive(topic, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
    await turn();
  };
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await turn();
  };
  return { clock, device, said, problems, receive, pass };
}

const buzz = { req: 'buzz', arg: { durationSec: 100, freqHz: 800.0 }, cid: 12238987 };

describe('responders to commands', () => {
  it.each([
    ['success', ['0 dev/cmd/res {"res":{"done":true},"cid":12238987}']],
    ['error', [`0 dev/cmd/res {"res":{"error":"'buzz' failed"},"cid":12238987}`]],
    ['never', []],
    [
      'duplicate',
      [
        '0 dev/cmd/res {"res":{"done":true},"cid":12238987}',
        '0 dev/cmd/res {"res":{"done":true},"cid":12238987}',
      ],
    ],
  ])('%s', async (outcome, expected) => {
    const { said, receive, clock } = bench([{ kind: 'command', outcome }]);
    await receive('dev/cmd', buzz);
    expect(said).toEqual(expected);
    expect(clock.pendingTimers()).toEqual([]);
  });

  it('answer late, by the clock and no sooner', async () => {
    const { said, receive, pass } = bench([{ kind: 'command', delayMs: 90_000, response: { level: 75 } }]);
    await receive('dev/cmd', buzz);
    await pass(89_999);
    expect(said).toEqual([]);
    await pass(1);
    expect(said).toEqual(['90 dev/cmd/res {"res":{"level":75},"cid":12238987}']);
  });

  it('are asked in their order, and each takes its own', async () => {
    const { said, receive } = bench([
      { kind: 'command', request: 'reboot', outcome: 'error', response: { error: 'busy' } },
      { kind: 'command' },
    ]);
    await receive('dev/cmd', { req: 'reboot', cid: 1 });
    await receive('dev/cmd', { req: 'other', cid: 2 });
    expect(said).toEqual([
      '0 dev/cmd/res {"res":{"error":"busy"},"cid":1}',
      '0 dev/cmd/res {"res":{"done":true},"cid":2}',
    ]);
  });

  it('take their share by chance, the same in each run of a seed', async () => {
    const run = async (seed: number): Promise<string[]> => {
      const { said, receive } = bench(
        [{ kind: 'command', outcome: 'error', share: 0.3, spreadMs: 0 }, { kind: 'command' }],
        seed,
      );
      for (let cid = 1; cid <= 200; cid++) await receive('dev/cmd', { req: 'x', cid });
      return said.map((line) => (line.includes('error') ? 'E' : '.'));
    };
    const first = await run(7);
    expect(await run(7)).toEqual(first);
    expect(await run(8)).not.toEqual(first);
    const errors = first.filter((each) => each === 'E').length;
    expect(errors).toBeGreaterThan(35);
    expect(errors).toBeLessThan(85);
  });

  it('say nothing to what is no request, and nothing once the device has stopped', async () => {
    const { said, receive, pass, device, clock, problems } = bench([{ kind: 'command', delayMs: 1000 }]);
    for (const text of ['', 'null', '[]', '"x"', '{', '\u0000']) await receive('dev/cmd', text);
    await receive('dev/other', buzz);
    await receive('dev/cmd', buzz);
    device.stop();
    expect(clock.pendingTimers()).toEqual([]);
    await pass(10_000);
    expect({ said, problems }).toEqual({ said: [], problems: [] });
  });
});

describe('responders to configuration', () => {
  const asked = {
    cfg: { log_level: { t: 'str', v: 'DEBUG' }, conn_freq: { t: 'i32', v: 80_000 } },
    cid: 907237823,
  };
  const has = { log_level: { type: 'STRING', value: 'WARN' } };

  it('apply what is asked for, and report it when the device connects again', async () => {
    const { said, receive, device } = bench([{ kind: 'configuration', has }]);
    device.connected();
    await receive('dev/cfg/upd', asked);
    device.connected();
    expect(said).toEqual([
      '0 dev/cfg {"cfg":{"log_level":{"t":"str","v":"WARN"}}}',
      '0 dev/cfg {"cfg":{"log_level":{"t":"str","v":"DEBUG"},"conn_freq":{"t":"i32","v":80000}},"cid":907237823}',
      '0 dev/cfg {"cfg":{"log_level":{"t":"str","v":"DEBUG"},"conn_freq":{"t":"i32","v":80000}}}',
    ]);
  });

  it('refuse with what the device has, or with another value than the one asked for', async () => {
    const { said, receive } = bench([{ kind: 'configuration', outcome: 'refuse', has }]);
    await receive('dev/cfg/upd', asked);
    expect(said).toEqual([
      '0 dev/cfg {"cfg":{"log_level":{"t":"str","v":"WARN"},"conn_freq":{"t":"i32","v":0}},"cid":907237823}',
    ]);
  });

  it('apply one part and refuse the other', async () => {
    const { said, receive } = bench([
      { kind: 'configuration', outcome: 'partly', refuses: ['log_level'], delayMs: 0, has },
    ]);
    await receive('dev/cfg/upd', asked);
    expect(said).toEqual([
      '0 dev/cfg {"cfg":{"log_level":{"t":"str","v":"WARN"},"conn_freq":{"t":"i32","v":80000}},"cid":907237823}',
    ]);
  });

  it('say nothing', async () => {
    const { said, receive, clock } = bench([{ kind: 'configuration', outcome: 'never' }]);
    await receive('dev/cfg/upd', asked);
    expect([said, clock.pendingTimers()]).toEqual([[], []]);
  });

  it.each([
    { outcome: 'partly' },
    { outcome: 'apply', refuses: ['a'] },
    { has: { a: { type: 'INT32', value: 'x' } } },
  ])('are refused as %j', (given) => {
    expect(responder.safeParse({ kind: 'configuration', ...given }).success).toBe(false);
  });
});
