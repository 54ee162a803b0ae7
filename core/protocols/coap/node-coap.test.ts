// Against the npm package coap, an implementation of its own: its client against this server and the other way round.
import {
  Agent,
  createServer,
  type IncomingMessage,
  type ObserveReadStream,
  type OutgoingMessage,
  request,
  type Server,
} from 'coap';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CoapOnUdp } from '../../testing/coap-udp.ts';
import { until } from '../../testing/until.ts';
import { codes, methods } from './codes.ts';
import type { CoapEndpoint } from './endpoint.ts';
import type { Observer, ObserverEnd } from './observers.ts';

const long = (length: number): string =>
  Array.from({ length }, (_, index) => (index % 11).toString(11)).join('');

/** Its client closes its socket when it observes nothing more, so the last notification meets nobody. */
const impatient = { ackTimeoutMs: 200, maxRetransmit: 2 };

describe('its client, against this server', () => {
  let server: CoapOnUdp;
  const agent = new Agent({ type: 'udp4' });
  const observers: Observer[] = [];
  const closed: ObserverEnd[] = [];
  let carriedOut = 0;

  beforeAll(async () => {
    server = await CoapOnUdp.open((incoming) => {
      carriedOut++;
      const text = `${incoming} ${Buffer.from(incoming.payload)}`;
      if (incoming.path[0] === 'long') return { code: codes.content, payload: Buffer.from(long(5000)) };
      return {
        code: codes.content,
        contentFormat: 0,
        payload: Buffer.from(text),
        observed: {
          opened: (observer) => void observers.push(observer),
          closed: (_, reason) => void closed.push(reason),
        },
      };
    }, impatient);
  });
  afterAll(async () => {
    agent.close();
    await server.close();
  });

  const ask = (
    options: Parameters<typeof request>[0] & object,
    payload?: Buffer,
  ): Promise<IncomingMessage | ObserveReadStream> =>
    new Promise((resolve, reject) => {
      const outgoing = request({ hostname: '127.0.0.1', port: server.port, agent, ...options });
      outgoing.on('response', resolve).on('error', reject);
      outgoing.end(payload);
    });

  test.each(['GET', 'POST', 'PUT', 'DELETE', 'FETCH', 'PATCH', 'iPATCH'] as const)('%s', async (method) => {
    const response = await ask({ method, pathname: '/a/b' }, Buffer.from('body'));
    expect([response.code, response.payload.toString()]).toEqual(['2.05', `${method} /a/b body`]);
  });

  test('without confirmation', async () => {
    expect((await ask({ method: 'GET', pathname: '/n', confirmable: false })).code).toBe('2.05');
  });

  test('a long response', async () => {
    const response = await ask({ method: 'GET', pathname: '/long' });
    expect(response.payload.toString()).toBe(long(5000));
  });

  test('a long request', async () => {
    carriedOut = 0;
    const response = await ask({ method: 'PUT', pathname: '/up' }, Buffer.from(long(900)));
    expect(response.payload.toString()).toBe(`PUT /up ${long(900)}`);
    expect(carriedOut).toBe(1);
  });

  test('observes, and is told until it closes', async () => {
    const stream = (await ask({ method: 'GET', pathname: '/o', observe: true })) as ObserveReadStream;
    const seen: string[] = [];
    stream.on('data', (chunk: Buffer) => void seen.push(chunk.toString()));
    await until(() => seen.length === 1);
    for (const text of ['one', 'two', 'three']) {
      const outcome = await observers[0]?.notify(
        { code: codes.content, payload: Buffer.from(text) },
        { confirmable: text === 'two' },
      );
      expect(outcome).toBe(text === 'two' ? 'acknowledged' : 'sent');
      await until(() => seen.at(-1) === text);
    }
    expect(seen).toEqual(['GET /o ', 'one', 'two', 'three']);
    stream.close();
    const last = { code: codes.content, payload: Buffer.from('unheard') };
    expect(await observers[0]?.notify(last, { confirmable: true })).toBe('failed');
    expect(closed).toHaveLength(1);
  });
});

describe('this client, against its server', () => {
  let here: CoapOnUdp;
  let server: Server;
  let endpoint: CoapEndpoint;
  let puts: string[] = [];
  let watcher: OutgoingMessage | undefined;

  beforeAll(async () => {
    here = await CoapOnUdp.open(undefined, impatient);
    server = createServer((incoming, outgoing) => {
      const { pathname = '/' } = new URL(incoming.url, 'coap://x');
      if (incoming.method === 'PUT') puts.push(incoming.payload.toString());
      if (pathname === '/missing') outgoing.code = '4.04';
      if (pathname === '/watched' && incoming.headers.Observe === 0) {
        watcher = outgoing;
        outgoing.write('first');
        return;
      }
      outgoing.end(pathname === '/long' ? long(3000) : `${incoming.method} ${pathname}`);
    });
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        // biome-ignore lint/complexity/useLiteralKeys: the package has no way to ask for the port.
        resolve((server['_sock'] as unknown as { address(): { port: number } }).address().port);
      });
    });
    endpoint = here.connect(port);
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve as () => void));
    await here.close();
  });

  test.each(Object.entries(methods))('%s', async (name, method) => {
    for (const confirmable of [true, false]) {
      // It takes FETCH with a content format only.
      const response = await endpoint.request({ method, path: '/a', confirmable, contentFormat: 0 });
      expect(response.payloadText).toBe(`${name} /a`);
    }
  });

  test('errors', async () => {
    expect((await endpoint.request({ method: methods.GET, path: 'missing' })).codeText).toBe('4.04');
  });

  test('a long response', async () => {
    const response = await endpoint.request({ method: methods.GET, path: 'long' });
    expect(response.payloadText).toBe(long(3000));
  });

  test('a long request', async () => {
    puts = [];
    await endpoint.request({ method: methods.PUT, path: 'up', payload: Buffer.from(long(3000)) });
    expect(puts).toEqual([long(3000)]);
  });

  test('observes', async () => {
    const seen: string[] = [];
    const { observation, response } = await endpoint.observe(
      { method: methods.GET, path: 'watched' },
      { notified: ({ payloadText }) => void seen.push(payloadText), ended: () => {} },
    );
    expect([response.payloadText, observation.active]).toEqual(['first', true]);
    for (const text of ['second', 'third']) {
      watcher?.write(text);
      await until(() => seen.at(-1) === text);
    }
    observation.forget();
  });
});
