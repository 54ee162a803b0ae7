import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';

describe('messages across streams', () => {
  let bench: TestPlatform;
  beforeAll(async () => {
    bench = await startTestPlatform();
  });
  afterAll(() => bench.stop());
  beforeEach(() => bench.platform.reset());

  const send = (stream: string, n: number) =>
    bench.call('POST', `/api/v0/data/streams/${stream}`, { value: { n } });
  const those = async (timeMs: number, more = '') => {
    const time = new Date(timeMs).toISOString();
    const { body } = await bench.call('GET', `/bench/v1/messages?before=${time}${more}`);
    return body.map(({ value }: { value: { n: number } }) => value.n);
  };

  it('are those that came before a moment, of all streams, newest first', async () => {
    const startMs = bench.clock.now();
    for (let n = 0; n < 40; n++) {
      await send(n % 2 === 0 ? 'even' : 'odd', n);
      await bench.clock.advance(1000);
    }
    expect(await those(startMs + 3000)).toEqual([2, 1, 0]);
    expect(await those(startMs + 3001)).toEqual([3, 2, 1, 0]);
    expect(await those(startMs + 20_000, '&limit=2')).toEqual([19, 18]);
    expect(await those(startMs)).toEqual([]);
    expect((await those(startMs + 1e9)).length).toBe(40);
    const refused = await bench.call('GET', '/bench/v1/messages?before=yesterday');
    expect(refused).toMatchObject({ status: 400, body: { details: expect.stringContaining('before') } });
  });

  it('are the newest of each device, whichever stream it went to', async () => {
    const { data, inventory } = bench.platform;
    const accept = async (device: string, streamId: string, n: number, timestampMs: number) => {
      const deviceId = `urn:lo:nsid:x:${device}`;
      const via = await inventory.provision({
        ...{ tenantId: bench.tenantId, connector: 'mqtt', nodeId: deviceId, deviceId },
        definition: { clientId: deviceId },
      });
      const origin = {
        tenantId: bench.tenantId,
        connector: 'mqtt',
        sender: deviceId,
        target: 'dev/data',
      } as const;
      const trace = bench.platform.traces.begin(origin, Buffer.from('{}'));
      const rest = {
        model: undefined,
        location: undefined,
        tags: undefined,
        encoding: undefined,
        ignored: [],
      };
      const input = { streamId, timestampMs, value: { n }, ...rest };
      await data.acceptAll([{ origin: { ...origin, via }, input, trace }]);
    };
    await accept('a', 'one', 1, 5000);
    await accept('a', 'two', 2, 9000);
    await accept('a', 'one', 3, 7000);
    await accept('b', 'one', 4, 1000);
    const ask = (...names: string[]) =>
      bench.call('POST', '/bench/v1/messages/latest/search', {
        deviceIds: names.map((name) => `urn:lo:nsid:x:${name}`),
      });
    const { status, body } = await ask('a', 'b', 'nobody');
    expect(status).toBe(200);
    expect(body.map(({ deviceId, value }: any) => [deviceId, value.n]).sort()).toEqual([
      ['urn:lo:nsid:x:a', 2],
      ['urn:lo:nsid:x:b', 4],
    ]);
    expect((await ask()).body).toEqual([]);
  });
});
