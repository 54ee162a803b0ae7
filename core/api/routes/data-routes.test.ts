import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';

describe('data over HTTP (facts 7, 8)', () => {
  let bench: TestPlatform;

  beforeAll(async () => {
    bench = await startTestPlatform({ settings: { dataPageMaxBytes: 100_000, dataBulkMaxMessages: 150 } });
  });
  afterAll(() => bench.stop());
  beforeEach(() => bench.platform.reset());

  const post = (streamId: string, body: unknown) =>
    bench.call('POST', `/api/v0/data/streams/${encodeURIComponent(streamId)}`, body);
  const read = async (streamId: string, query = '') =>
    (await bench.call('GET', `/api/v0/data/streams/${encodeURIComponent(streamId)}${query}`)).body;
  const numbers = (messages: any[]) => messages.map(({ value }) => value.n);
  const store = async (streamId: string, count: number) => {
    for (let n = 1; n <= count; n++) {
      bench.clock.advance(1000);
      await post(streamId, { value: { n } });
    }
  };

  it('answers 202 without a body, and the message is there', async () => {
    const location = { lat: 48.1, lon: -1.6 };
    const sent = {
      timestamp: '2030-01-01T10:00:00.000Z',
      model: 'demo_v1',
      value: { temp: 21.5 },
      location,
      tags: ['lab'],
    };
    expect(await post('urn:lo:nsid:demo:dev1!measures', sent)).toEqual({ status: 202, body: undefined });
    expect(await read('urn:lo:nsid:demo:dev1!measures')).toEqual([
      {
        ...sent,
        id: expect.stringMatching(/^[0-9a-f]{24}$/),
        streamId: 'urn:lo:nsid:demo:dev1!measures',
        created: new Date(bench.clock.now()).toISOString(),
        metadata: { connector: 'http' },
      },
    ]);
  });

  it.each([
    ['a body that is no object', 'x', [1], /a data message is a JSON object/],
    ['a forbidden stream', 'a b', { value: {} }, /streamId has " "/],
    ['another stream in the body', 'x', { streamId: 'y', value: {} }, /given by the path \(x\)/],
    ['a value with a dot in a key', 'x', { value: { 'a.b': 1 } }, /no dot in a key/],
  ])('refuses %s, and keeps a trace', async (_name, streamId, body, details) => {
    const answer = await post(streamId, body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'GENERIC_INVALID_PARAMETER_ERROR' } });
    expect(answer.body.details).toMatch(details);
    expect(await read('x')).toEqual([]);
  });

  it('takes a list, whose messages name their streams', async () => {
    const list = [1, 2, 3].map((n) => ({ streamId: n === 3 ? 'other' : 'one', value: { n } }));
    expect((await bench.call('POST', '/api/v0/data/bulk', list)).status).toBe(202);
    expect(numbers(await read('one'))).toEqual([2, 1]);
    expect(numbers(await read('other'))).toEqual([3]);
    expect((await bench.call('POST', '/api/v0/data/bulk', [])).status).toBe(202);
  });

  it('stores nothing of a list with one bad message, and says which', async () => {
    const list = [{ streamId: 'one', value: {} }, { value: {} }];
    const { status, body } = await bench.call('POST', '/api/v0/data/bulk', list);
    expect([status, body.details]).toEqual([
      400,
      'message 1: streamId is missing; nothing of the list was stored',
    ]);
    expect(await read('one')).toEqual([]);
  });

  it('ends a page of long messages early, and goes on behind it', async () => {
    const text = 'x'.repeat(35_000);
    for (let n = 1; n <= 5; n++) await post('long', { value: { n, text } });
    await post('long', { value: { n: 6, text: 'x'.repeat(250_000) } });
    const pages: number[][] = [];
    for (let bookmark = ''; ; ) {
      const page = await read('long', `?limit=1000${bookmark}`);
      if (page.length === 0) break;
      pages.push(numbers(page));
      bookmark = `&bookmarkId=${page.at(-1).id}`;
    }
    expect(pages).toEqual([[6], [5, 4], [3, 2], [1]]);
  });

  it('takes no bookmark of a message of another time, though one has its number now', async () => {
    await store('s', 3);
    const [, { id }] = await read('s');
    const other = `ffffffff${id.slice(8)}`;
    const { status, body } = await bench.call('GET', `/api/v0/data/streams/s?bookmarkId=${other}`);
    expect([status, body.details]).toEqual([400, expect.stringContaining('is no message of stream s')]);
  });

  it('takes as many messages at a time as the setting allows', async () => {
    const list = (count: number) => Array.from({ length: count }, () => ({ streamId: 's', value: {} }));
    expect((await bench.call('POST', '/api/v0/data/bulk', list(150))).status).toBe(202);
    const { status, body } = await bench.call('POST', '/api/v0/data/bulk', list(151));
    expect([status, body.details]).toEqual([
      400,
      'body: must hold at most 150 messages (setting dataBulkMaxMessages)',
    ]);
  });

  it('tells of its pages in headers, as every list of v1', async () => {
    await store('s', 3);
    const headersOf = async (path: string) => {
      const { http } = bench.platform.endpoints();
      const headers = { 'X-API-KEY': bench.masterKey, 'X-Total-Count': 'true' };
      const answer = await fetch(`${http}${path}`, { headers });
      return ['limit', 'count']
        .map((name) => answer.headers.get(`x-result-${name}`))
        .concat(answer.headers.get('x-total-count'));
    };
    expect(await headersOf('/api/v0/data/streams/s?limit=2')).toEqual(['2', '2', null]);
    const definition = { clientId: 'x' };
    await bench.call('POST', '/api/v1/deviceMgt/devices', {
      id: 'urn:lo:nsid:a:b',
      interfaces: [{ connector: 'mqtt', definition }],
    });
    const device = '/api/v1/deviceMgt/devices/urn:lo:nsid:a:b';
    expect(await headersOf(`${device}/interfaces`)).toEqual(['1', '1', '1']);
    expect(await headersOf(`${device}/data/streams?limit=5`)).toEqual(['5', '0', '0']);
    for (const list of ['actionPolicies', 'fifos']) {
      expect(await headersOf(`/api/v1/event2action/${list}`)).toEqual(['0', '0', '0']);
    }
  });

  it('pages from the newest back by bookmark, also among equal timestamps', async () => {
    await store('s', 3);
    for (const n of [4, 5, 6]) await post('s', { timestamp: '2031-01-01T00:00:00Z', value: { n } });
    const seen: number[] = [];
    for (let bookmark = ''; ; ) {
      const page = await read('s', `?limit=2${bookmark}`);
      if (page.length === 0) break;
      seen.push(...numbers(page));
      bookmark = `&bookmarkId=${page.at(-1).id}`;
    }
    expect(seen).toEqual([6, 5, 4, 3, 2, 1]);
  });

  it.each([
    ['2030-01-01T00:00:02Z,2030-01-01T00:00:04Z', [3, 2]],
    ['2030-01-01T00:00:03.000Z,', [4, 3]],
    [',2030-01-01T00:00:03Z', [2, 1]],
    [',', [4, 3, 2, 1]],
  ])('reads the time range %s', async (timeRange, expected) => {
    for (const n of [1, 2, 3, 4]) await post('s', { timestamp: `2030-01-01T00:00:0${n}Z`, value: { n } });
    expect(numbers(await read('s', `?timeRange=${encodeURIComponent(timeRange)}`))).toEqual(expected);
  });

  it.each([
    ['timeRange=2030-01-01T00:00:00Z', /timeRange.*comma/],
    ['timeRange=today,', /timeRange/],
    ['limit=0', /limit.*1 to 1000/],
    ['limit=1001', /limit/],
    ['limit=ten', /limit/],
    ['bookmarkId=nothing', /bookmarkId: nothing is no message of stream s/],
    ['bookmarkId=70dbd881a1b2000000001234', /bookmarkId/],
  ])('refuses ?%s', async (query, details) => {
    const { status, body } = await bench.call('GET', `/api/v0/data/streams/s?${query}`);
    expect(status).toBe(400);
    expect(body.details).toMatch(details);
  });

  it('answers 100 messages when no limit is named', async () => {
    const list = Array.from({ length: 120 }, (_, n) => ({ streamId: 's', value: { n } }));
    await bench.call('POST', '/api/v0/data/bulk', list);
    expect(await read('s')).toHaveLength(100);
    expect(await read('s', '?limit=1000')).toHaveLength(120);
  });

  it('does not show one tenant the streams of another', async () => {
    await post('s', { value: { n: 1 } });
    const { masterKey } = await bench.platform.accounts.createTenant(`other ${bench.clock.now()}`);
    const [message] = await read('s');
    const other = (path: string) => bench.call('GET', path, undefined, masterKey);
    expect((await other('/api/v0/data/streams/s')).body).toEqual([]);
    expect((await other(`/api/v0/data/streams/s?bookmarkId=${message.id}`)).status).toBe(400);
    expect((await other(`/bench/v1/traces/${message.id}`)).status).toBe(404);
    expect((await other('/bench/v1/traces')).body).toEqual([]);
  });

  it('answers 404 for the streams of a device that is not there', async () => {
    const { status, body } = await bench.call(
      'GET',
      '/api/v1/deviceMgt/devices/urn:lo:nsid:a:b/data/streams',
    );
    expect([status, body.code]).toEqual([404, 'DM_DEVICE_NOT_FOUND']);
  });
});
