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
  const numbersOf = (page: any): number[] => page.messages.map(({ value }: any) => value.n);
  const find = async (query: string) => (await bench.call('GET', `/bench/v1/messages?${query}`)).body;
  const upTo = (timeMs: number, more = '') => find(`before=${new Date(timeMs).toISOString()}${more}`);

  it('are those that came before a moment, of all streams, newest first', async () => {
    const startMs = bench.clock.now();
    for (let n = 0; n < 40; n++) {
      await send(n % 2 === 0 ? 'even' : 'odd', n);
      await bench.clock.advance(1000);
    }
    expect(numbersOf(await upTo(startMs + 3000))).toEqual([2, 1, 0]);
    expect(numbersOf(await upTo(startMs + 3001))).toEqual([3, 2, 1, 0]);
    expect(numbersOf(await upTo(startMs + 20_000, '&limit=2'))).toEqual([19, 18]);
    const none = { messages: [], newestId: null, lookedBackTo: null, more: false };
    expect(await upTo(startMs)).toEqual(none);
    expect((await upTo(startMs + 1e9)).messages.length).toBe(40);
    const refused = await bench.call('GET', '/bench/v1/messages?before=yesterday');
    expect(refused).toMatchObject({ status: 400, body: { details: expect.stringContaining('before') } });
  });

  it('go on from the last one seen, though many share a millisecond', async () => {
    for (let n = 0; n < 7; n++) await send('same', n);
    const first = await find('limit=3');
    expect(numbersOf(first)).toEqual([6, 5, 4]);
    expect(first).toMatchObject({ newestId: first.messages[0].id, more: true });
    expect(first.lookedBackTo).toEqual({ id: first.messages[2].id, created: first.messages[2].created });
    const second = await find(`limit=3&bookmarkId=${first.lookedBackTo.id}`);
    expect(numbersOf(second)).toEqual([3, 2, 1]);
    const third = await find(`limit=3&bookmarkId=${second.lookedBackTo.id}`);
    expect(numbersOf(third)).toEqual([0]);
    expect(third.more).toBe(false);
    expect(await bench.call('GET', '/bench/v1/messages?bookmarkId=last')).toMatchObject({
      status: 400,
      body: { details: 'bookmarkId: last is not the id of a message' },
    });
  });

  it('are each found by its id, of this tenant only', async () => {
    await send('one', 1);
    const [message] = (await find('')).messages;
    const { status, body } = await bench.call('GET', `/bench/v1/messages/${message.id}`);
    expect([status, body]).toEqual([200, message]);
    for (const id of ['nothing', `0000${message.id.slice(4)}`, message.id.replace(/.$/, 'e')]) {
      expect(await bench.call('GET', `/bench/v1/messages/${id}`)).toMatchObject({
        status: 404,
        body: { details: expect.stringContaining(id) },
      });
    }
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
