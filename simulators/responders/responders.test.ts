import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { responder } from '../../core/contract/responders.ts';
import { VirtualClock } from '../../core/platform/virtual-clock.ts';
import { DeviceResponses } from './device-responses.ts';
import { makeBehaviour } from './make-behaviour.ts';
import type { RespondingDevice } from './responder.ts';

const startMs = Date.UTC(2030, 0, 1);
const refuse = () => Promise.reject(new Error('nothing to fetch'));
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A device with these responders, and what it has published: `seconds topic body`. */
function bench(given: readonly object[], seed = 7, fetchPart: RespondingDevice['fetchPart'] = refuse) {
  const clock = new VirtualClock(startMs);
  const said: string[] = [];
  const problems: unknown[] = [];
  const device = new DeviceResponses({
    ...{ clientId: 'd', number: 1, seed, clock },
    behaviour: makeBehaviour(given.map((each) => responder.parse(each))),
    publish: (topic, body) =>
      void said.push(`${(clock.now() - startMs) / 1000} ${topic} ${JSON.stringify(body)}`),
    fetchPart,
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

it('of one kind share what the device has, and it reports that once', async () => {
  const has = (key: string, value: number) => ({ has: { [key]: { type: 'INT32', value } } });
  const { said, receive, device } = bench([
    { kind: 'resource', resourceId: 'boot', outcome: 'NOT_AUTHORIZED', has: { boot: '0.9' } },
    { kind: 'configuration', outcome: 'refuse', share: 0, ...has('a', 1) },
    { kind: 'resource', has: { fw: '1.0', boot: '0.1' } },
    { kind: 'configuration', ...has('b', 2) },
    { kind: 'command' },
  ]);
  device.connected();
  expect(said.splice(0).map((line) => JSON.parse(line.slice(line.indexOf('{'))))).toEqual([
    { cfg: { a: { t: 'i32', v: 1 }, b: { t: 'i32', v: 2 } } },
    // Where two say something else, the first counts.
    { rsc: { fw: { v: '1.0' }, boot: { v: '0.9' } } },
  ]);
  await receive('dev/cfg/upd', { cfg: { a: { t: 'i32', v: 7 } }, cid: 1 });
  await receive('dev/rsc/upd', { id: 'fw', old: '2.0', new: '3', cid: 2, m: {} });
  expect(said).toEqual([
    '0 dev/cfg {"cfg":{"a":{"t":"i32","v":7}},"cid":1}',
    '0 dev/rsc/upd/res {"res":"WRONG_SOURCE_VERSION","cid":2}',
  ]);
});

describe('responders to updates of resources', () => {
  const content = Buffer.from('0123456789');
  const md5 = createHash('md5').update(content).digest('hex');
  const asked = {
    ...{ id: 'X11_firmware', old: '1.1', new: '1.2', cid: 3378454 },
    m: { uri: 'http://h/dl/x', md5, size: 10 },
  };
  const has = { X11_firmware: '1.1' };
  const ok = '0 dev/rsc/upd/res {"res":"OK","cid":3378454}';
  const fetches: string[] = [];
  const fetchPart: RespondingDevice['fetchPart'] = async (uri, { start, end }) => {
    fetches.push(`${uri} ${start}-${end}`);
    return { status: 206, bytes: content.subarray(start, end) };
  };
  const turns = async () => {
    for (let index = 0; index < 30; index++) await turn();
  };
  const given = (settings: object) => {
    fetches.length = 0;
    return bench([{ kind: 'resource', has, ...settings }], 7, fetchPart);
  };

  it('fetch, check, install and report the new version, also when the device connects again', async () => {
    const { said, receive, device, clock } = given({});
    device.connected();
    await receive('dev/rsc/upd', { ...asked, m: { ...asked.m, size: '10' } });
    await turns();
    device.connected();
    expect(said).toEqual([
      '0 dev/rsc {"rsc":{"X11_firmware":{"v":"1.1"}}}',
      ok,
      '0 dev/rsc {"rsc":{"X11_firmware":{"v":"1.2"}}}',
      '0 dev/rsc {"rsc":{"X11_firmware":{"v":"1.2"}}}',
    ]);
    expect(fetches).toEqual(['http://h/dl/x 0-10']);
    expect(clock.pendingTimers()).toEqual([]);
  });

  it('take their time for each byte and for the installation, by the clock', async () => {
    const { said, receive, pass } = given({ bytesPerS: 4, installMs: 60_000 });
    await receive('dev/rsc/upd', asked);
    for (const fetched of [1, 2, 3, 3]) {
      await turns();
      expect(fetches).toHaveLength(fetched);
      await pass(1000);
    }
    await pass(58_999);
    expect(said).toEqual([ok]);
    await pass(60_000);
    await turns();
    expect(said.at(-1)).toContain('dev/rsc {"rsc":{"X11_firmware":{"v":"1.2"}}}');
    expect(fetches).toEqual(['http://h/dl/x 0-4', 'http://h/dl/x 4-8', 'http://h/dl/x 8-10']);
  });

  it.each([
    'UNKNOWN_RESOURCE',
    'WRONG_SOURCE_VERSION',
    'WRONG_TARGET_VERSION',
    'INVALID_RESOURCE',
    'NOT_AUTHORIZED',
    'INTERNAL_ERROR',
  ])('refuse with %s', async (outcome) => {
    const { said, receive } = given({ outcome });
    await receive('dev/rsc/upd', asked);
    await turns();
    expect(said).toEqual([`0 dev/rsc/upd/res {"res":"${outcome}","cid":3378454}`]);
    expect(fetches).toEqual([]);
  });

  it('refuse an update from a version that the device has not', async () => {
    const { said, receive } = given({});
    await receive('dev/rsc/upd', { ...asked, old: '0.9' });
    await turns();
    expect(said).toEqual(['0 dev/rsc/upd/res {"res":"WRONG_SOURCE_VERSION","cid":3378454}']);
  });

  it.each([
    [{ outcome: 'fail' }, '{"errorCode":"SIM.INSTALL","errorDetails":"the content could not be installed"}'],
    [
      { outcome: 'fail', error: { errorCode: 'E', errorDetails: 'bad CRC' } },
      '{"errorCode":"E","errorDetails":"bad CRC"}',
    ],
  ])('report an error with %j', async (settings, error) => {
    const { said, receive } = given(settings);
    await receive('dev/rsc/upd', asked);
    await turns();
    expect(said).toEqual([ok, `0 dev/rsc/upd/err ${error}`]);
  });

  it.each([
    ['another content', async () => ({ status: 206, bytes: Buffer.from('0123456780') }), 'MD5_MISMATCH'],
    ['a closed link', async () => ({ status: 404, bytes: Buffer.from('{}') }), 'DOWNLOAD_FAILED'],
    ['a short part', async () => ({ status: 206, bytes: Buffer.from('0') }), 'DOWNLOAD_FAILED'],
    ['no answer', refuse, 'DOWNLOAD_FAILED'],
  ])('report %s', async (_what, fetch, errorCode) => {
    const { said, receive, problems } = bench([{ kind: 'resource' }], 7, fetch);
    await receive('dev/rsc/upd', asked);
    await turns();
    expect(said[1]).toContain(`dev/rsc/upd/err {"errorCode":"${errorCode}"`);
    expect([said.length, problems]).toEqual([2, []]);
  });

  it('accept and do no more, or say nothing', async () => {
    const stalled = given({ outcome: 'stall' });
    await stalled.receive('dev/rsc/upd', asked);
    const silent = given({ outcome: 'never' });
    await silent.receive('dev/rsc/upd', asked);
    await turns();
    expect([stalled.said, silent.said, fetches]).toEqual([[ok], [], []]);
  });

  it.each([
    { outcome: 'OK' },
    { has: { '': '1' } },
    { bytesPerS: 0 },
    { error: { errorCode: 'x'.repeat(257) } },
  ])('are refused as %j', (settings) => {
    expect(responder.safeParse({ kind: 'resource', ...settings }).success).toBe(false);
  });
});
