// Against libcoap, an implementation in C: its client against this server, this client against its server.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CoapOnUdp, LibcoapServer } from '../../testing/coap-udp.ts';
import { run } from '../../testing/openssl.ts';
import { until } from '../../testing/until.ts';
import { codes, methods } from './codes.ts';
import type { CoapEndpoint } from './endpoint.ts';
import type { Observer, ObserverEnd } from './observers.ts';
import type { CoapRequest } from './request.ts';
import type { Answer } from './request-server.ts';

/** Text that a terminal leaves as it is, and of which each place is another. */
const long = (length: number): string =>
  Array.from({ length }, (_, index) =>
    index % 10 === 9 ? index.toString(36).at(-1) : String(index % 7),
  ).join('');

describe('the client of libcoap, against this server', () => {
  let server: CoapOnUdp;
  let folder: string;
  const seen: CoapRequest[] = [];
  let answer: (request: CoapRequest) => Answer | Promise<Answer>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fleetbench-coap-'));
    server = await CoapOnUdp.open((request) => {
      seen.push(request);
      return answer(request);
    });
  });
  beforeEach(() => {
    seen.length = 0;
    answer = () => ({ code: codes.content, contentFormat: 0, payload: Buffer.from('hello') });
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
    expect(server.failures).toEqual([]);
  });

  const client = async (path: string, ...flags: string[]): Promise<string> => {
    const { output } = await run('coap-client-openssl', ...flags, `coap://127.0.0.1:${server.port}${path}`);
    return output.trim();
  };

  test.each(['get', 'post', 'put', 'delete', 'fetch', 'patch', 'ipatch'] as const)('%s', async (method) => {
    expect(await client('/a/b?x=1&y=2', '-m', method, '-e', 'body')).toBe('hello');
    const [request] = seen as [CoapRequest];
    expect(String(request)).toBe(`${method === 'ipatch' ? 'iPATCH' : method.toUpperCase()} /a/b`);
    expect(request.query).toEqual(['x=1', 'y=2']);
    expect(Buffer.from(request.payload).toString()).toBe('body');
  });

  test('without confirmation', async () => {
    expect(await client('/n', '-N')).toBe('hello');
    expect(seen[0]?.confirmable).toBe(false);
  });

  test.each([16, 64, 1024])('a long response in blocks of %d', async (blockBytes) => {
    answer = () => ({ code: codes.content, payload: Buffer.from(long(2500)) });
    expect(await client('/long', '-b', String(blockBytes))).toBe(long(2500));
    expect(seen).toHaveLength(1);
  });

  test.each([16, 64, 1024])('a long request in blocks of %d', async (blockBytes) => {
    const file = join(folder, `upload-${blockBytes}`);
    await writeFile(file, long(2500));
    answer = () => ({ code: codes.changed });
    await client('/up', '-m', 'put', '-b', String(blockBytes), '-f', file);
    expect(seen.map(({ payload }) => Buffer.from(payload).toString())).toEqual([long(2500)]);
  });

  test('a long request and its long response', async () => {
    const file = join(folder, 'both');
    const result = join(folder, 'both-result');
    await writeFile(file, long(1700));
    answer = ({ payload }) => ({ code: codes.content, payload: Buffer.concat([payload, payload]) });
    await client('/both', '-m', 'post', '-b', '64', '-f', file, '-o', result);
    expect(await readFile(result, 'utf8')).toBe(long(1700).repeat(2));
  });

  test('a response that takes longer than the acknowledgement may', async () => {
    answer = () =>
      new Promise((resolve) => {
        server.clock.after('slow answer', 1200, () =>
          resolve({ code: codes.content, payload: Buffer.from('late') }),
        );
      });
    expect(await client('/slow')).toBe('late');
    expect(seen).toHaveLength(1);
  });

  test('its first datagrams are lost', async () => {
    expect(await client('/lost', '-l', '1')).toBe('hello');
    expect(seen).toHaveLength(1);
  });

  test('errors arrive with what they say', async () => {
    answer = () => ({ code: codes.notFound, payload: Buffer.from('no such object') });
    expect(await client('/nothing')).toBe('4.04 no such object');
    expect(await client('/x', '-O', '2049,x')).toBe('4.02 option 2049 is not understood, not in this form');
  });

  test('observes, with notifications of one and of several blocks, until it cancels', async () => {
    const closed: ObserverEnd[] = [];
    answer = (request) => ({
      code: codes.content,
      payload: Buffer.from(request.observe === 'register' ? 'first' : 'the end'),
      observed: {
        opened: (observer: Observer) => {
          void observer
            .notify({ code: codes.content, payload: Buffer.from('|second|') }, { confirmable: true })
            .then(() => observer.notify({ code: codes.content, payload: Buffer.from(long(2000)) }));
        },
        closed: (_, reason) => void closed.push(reason),
      },
    });
    const output = await client('/observed', '-s', '1', '-w');
    expect(output).toContain('first');
    expect(output).toContain('|second|');
    expect(output).toContain(long(2000));
    expect(closed).toEqual(['cancelled']);
  });
});

describe('this client, against the server of libcoap', () => {
  let here: CoapOnUdp;
  let server: LibcoapServer;
  let endpoint: CoapEndpoint;

  beforeAll(async () => {
    here = await CoapOnUdp.open(undefined, { ackTimeoutMs: 200 });
    server = await LibcoapServer.start(here, '-d', '10');
    endpoint = here.connect(server.port);
  });
  afterEach(() =>
    expect(here.clock.pendingTimers().filter((name) => name !== 'coap duplicates')).toEqual([]),
  );
  afterAll(async () => {
    await server.stop();
    await here.close();
  });

  test('reads, with and without confirmation', async () => {
    for (const confirmable of [true, false]) {
      const response = await endpoint.request({ method: methods.GET, confirmable });
      expect(response.codeText).toBe('2.05');
      expect(response.payloadText).toContain('This is a test server made with libcoap');
    }
    const found = await endpoint.request({ method: methods.GET, path: '/.well-known/core' });
    expect([found.contentFormat, found.payloadText.includes('</example_data>')]).toEqual([40, true]);
  });

  test('creates, changes and deletes', async () => {
    const created = await endpoint.request({ method: methods.PUT, path: 'new', payload: Buffer.from('1') });
    const changed = await endpoint.request({ method: methods.PUT, path: 'new', payload: Buffer.from('2') });
    const read = await endpoint.request({ method: methods.GET, path: 'new' });
    const deleted = await endpoint.request({ method: methods.DELETE, path: 'new' });
    const missing = await endpoint.request({ method: methods.GET, path: 'new' });
    const all = [created, changed, read, deleted, missing];
    expect(all.map(({ codeText }) => codeText)).toEqual(['2.01', '2.04', '2.05', '2.02', '4.04']);
    expect(read.payloadText).toBe('2');
  });

  test.each([16, 64, 256, 1024])('long bodies both ways in blocks of %d', async (blockBytes) => {
    const draft = { path: 'example_data', blockBytes };
    const put = await endpoint.request({ ...draft, method: methods.PUT, payload: Buffer.from(long(3000)) });
    expect(put.success).toBe(true);
    const read = await endpoint.request({ ...draft, method: methods.GET });
    expect(read.payloadText).toBe(long(3000));
  });

  test('waits for a response in a message of its own', async () => {
    const response = await endpoint.request({ method: methods.GET, path: 'async', query: ['1'] });
    expect([response.codeText, response.payloadText]).toEqual(['2.05', 'done']);
  });

  test('observes, with notifications of one and of several blocks, and cancels', async () => {
    const notified: string[] = [];
    const put = (text: string): Promise<unknown> =>
      endpoint.request({ method: methods.PUT, path: 'example_data', payload: Buffer.from(text) });
    await put('before');
    const { observation, response } = await endpoint.observe(
      { method: methods.GET, path: 'example_data' },
      {
        notified: ({ payloadText }) => void notified.push(payloadText),
        ended: (reason) => void notified.push(`ended: ${reason}`),
      },
    );
    expect([response.payloadText, observation.active]).toEqual(['before', true]);
    for (const text of ['one', long(4000), 'three']) {
      await put(text);
      await until(() => notified.at(-1) === text);
    }
    await observation.cancel();
    await put('after');
    expect(notified).toEqual(['one', long(4000), 'three']);
  });

  test('is told what is not understood', async () => {
    const options = [{ number: 65001, value: Buffer.from('x') }];
    const response = await endpoint.request({ method: methods.GET, options });
    expect(response.codeText).toBe('4.02');
  });

  test('gets through loss at the other end', async () => {
    const lossy = await LibcoapServer.start(here, '-l', '30%');
    try {
      const other = here.connect(lossy.port);
      const long = await other.request({ method: methods.GET, path: 'example_data', blockBytes: 256 });
      expect(long.payload.length).toBe(1500);
    } finally {
      await lossy.stop();
    }
  });
});
