import { describe, expect, test } from 'vitest';
import { CoapPair, decoded, echo, later, turn } from '../../testing/coap-kit.ts';
import { MemoryLink } from '../../testing/memory-links.ts';
import { encodeMessage } from './codec.ts';
import { codes, methods } from './codes.ts';
import { CoapEndpoint } from './endpoint.ts';
import { CoapError } from './errors.ts';
import { emptyMessage, messageTypes, noBytes } from './message.ts';
import type { Answer, RequestHandler } from './request-server.ts';
import {
  coapDefaults,
  coapSettings,
  exchangeLifetimeMs,
  maxTransmitSpanMs,
  nonLifetimeMs,
} from './settings.ts';

const { RST } = messageTypes;
const text = (value: string): Uint8Array => Buffer.from(value);
const get = { method: methods.GET, path: '/3/0/1' };

describe('requests and responses', () => {
  test('all that a request says arrives, and all that the response says', async () => {
    const pair = new CoapPair({
      serves: (incoming) => {
        expect(incoming.path).toEqual(['rd', 'ü b']);
        expect(incoming.query).toEqual(['ep=dev1', 'lt=60']);
        expect(incoming.contentFormat).toBe(40);
        expect(incoming.accept).toBe(11542);
        expect(incoming.confirmable).toBe(true);
        expect(incoming.observe).toBeUndefined();
        expect(incoming.peer).toBe('client');
        return {
          code: codes.created,
          locationPath: ['rd', '5a3f'],
          etag: text('v1'),
          contentFormat: 0,
          maxAgeSeconds: 300,
          payload: text('hello'),
        };
      },
    });
    const response = await pair.settle(
      pair.client.request({
        method: methods.POST,
        path: ['rd', 'ü b'],
        query: ['ep=dev1', 'lt=60'],
        contentFormat: 40,
        accept: 11542,
        payload: text('</1/0>'),
      }),
    );
    expect(response).toMatchObject({
      codeText: '2.01',
      success: true,
      locationPath: ['rd', '5a3f'],
      contentFormat: 0,
      maxAgeSeconds: 300,
      payloadText: 'hello',
    });
    expect(Buffer.from(response.etag ?? noBytes).toString()).toBe('v1');
    expect(pair.lines).toEqual(['in CON 0.02', 'out ACK 2.01']);
    expect(pair.leftTimers()).toEqual([]);
  });

  test.each(Object.entries(methods))('%s is a method', async (name, method) => {
    const pair = new CoapPair({ serves: echo });
    const response = await pair.settle(pair.client.request({ method, path: 'a/b', payload: text('p') }));
    expect(response.payloadText).toBe(`${name} /a/b  p`);
  });

  test('both sides are client and server at the same time', async () => {
    const pair = new CoapPair({ serves: echo, clientServes: () => ({ code: codes.changed }) });
    const [fromServer, fromClient] = await pair.settle(
      Promise.all([pair.server.request({ method: methods.PUT, path: '/1/0/1' }), pair.client.request(get)]),
    );
    expect(fromServer.codeText).toBe('2.04');
    expect(fromClient.payloadText).toBe('GET /3/0/1  ');
  });

  test('errors of the peer are responses', async () => {
    const pair = new CoapPair({ serves: () => ({ code: codes.methodNotAllowed }) });
    const response = await pair.settle(pair.client.request(get));
    expect([response.codeText, response.success]).toEqual(['4.05', false]);
  });

  test('a slow handler: an acknowledgement alone, then the response in a message of its own', async () => {
    const answer = later<Answer>();
    const pair = new CoapPair({ serves: () => answer.promise });
    const response = pair.client.request(get);
    await pair.advance(1500);
    expect(pair.lines).toEqual(['in CON 0.01', 'out ACK 0.00']);
    await pair.advance(60_000);
    answer.resolve({ code: codes.content, payload: text('at last') });
    expect((await pair.settle(response)).payloadText).toBe('at last');
    await pair.advance(1000);
    expect(pair.lines.slice(2)).toEqual(['out CON 2.05', 'in ACK 0.00']);
    expect(pair.leftTimers()).toEqual([]);
  });

  test('a handler that is done soon enough answers with the acknowledgement', async () => {
    const pair = new CoapPair({ serves: async () => ({ code: codes.content }) });
    await pair.settle(pair.client.request(get));
    expect(pair.lines).toEqual(['in CON 0.01', 'out ACK 2.05']);
    expect(pair.leftTimers()).toEqual([]);
  });

  test('what a handler throws is 5.00, and told', async () => {
    const thrown = new Error('disk full');
    for (const serves of [
      () => Promise.reject(thrown),
      () => {
        throw thrown;
      },
    ] as RequestHandler[]) {
      const pair = new CoapPair({ serves });
      const response = await pair.settle(pair.client.request(get));
      expect([response.codeText, response.payloadText]).toEqual(['5.00', 'internal error']);
      expect(pair.failures).toEqual([thrown]);
    }
  });

  test('what a content throws while it is read is 5.00 as well, whatever block was asked for', async () => {
    const contents = [
      (): Uint8Array => {
        throw new Error('unreadable');
      },
      (offset: number, length: number): Uint8Array => {
        if (offset > 0) throw new Error('unreadable');
        return new Uint8Array(length);
      },
      (offset: number, length: number): Promise<Uint8Array> =>
        offset > 0 ? Promise.reject(new Error('unreadable')) : Promise.resolve(new Uint8Array(length)),
    ];
    for (const read of contents) {
      const pair = new CoapPair({ serves: () => ({ code: codes.content, payload: { length: 3000, read } }) });
      expect((await pair.settle(pair.client.request(get))).codeText).toBe('5.00');
      expect(pair.failures).toMatchObject([{ message: 'unreadable' }]);
    }
  });

  test('above maxPendingRequests a peer is told 5.03, until it has the responses before', async () => {
    const answer = later<Answer>();
    const pair = new CoapPair({
      settings: { maxPendingRequests: 2 },
      serves: (incoming) => (incoming.path[0] === 'slow' ? answer.promise : { code: codes.changed }),
    });
    const slow = { method: methods.GET, path: 'slow' };
    const waiting = [pair.client.request(slow), pair.client.request(slow)];
    await pair.advance(1000);
    await pair.advance(1000);
    const refused = await pair.settle(pair.client.request(get));
    expect([refused.codeText, refused.payloadText]).toEqual([
      '5.03',
      '2 requests are being carried out for this peer (maxPendingRequests)',
    ]);
    answer.resolve({ code: codes.content });
    await pair.settle(Promise.all(waiting));
    await pair.advance(0);
    expect((await pair.settle(pair.client.request(get))).codeText).toBe('2.04');
  });

  test('a response that no message can hold is 5.00 as well', async () => {
    const pair = new CoapPair({ serves: () => ({ code: codes.content, locationPath: ['a'.repeat(256)] }) });
    expect((await pair.settle(pair.client.request(get))).codeText).toBe('5.00');
    expect(pair.failures).toHaveLength(1);
  });

  test('a request without confirmation, and its response', async () => {
    const pair = new CoapPair({ serves: echo });
    const response = await pair.settle(pair.client.request({ ...get, confirmable: false }));
    expect(response.payloadText).toBe('GET /3/0/1  ');
    expect(pair.lines).toEqual(['in NON 0.01', 'out NON 2.05']);
    expect(pair.leftTimers()).toEqual([]);
  });

  test('an endpoint without a handler serves nothing', async () => {
    const pair = new CoapPair();
    expect((await pair.settle(pair.client.request(get))).codeText).toBe('4.04');
  });

  test('a request that no message can hold is refused at once', async () => {
    const pair = new CoapPair();
    await expect(pair.client.request({ ...get, path: ['x'.repeat(256)] })).rejects.toMatchObject({
      code: 'coap.malformed',
    });
    const wide = { ...get, path: Array.from({ length: 40 }, () => 'y'.repeat(250)) };
    await expect(pair.settle(pair.client.request(wide))).rejects.toMatchObject({
      code: 'coap.tooLarge',
      message: expect.stringContaining('maxMessageBytes'),
    });
    expect(pair.leftTimers()).toEqual([]);
  });
});

describe('giving up', () => {
  test('a cancelled request is not sent again, and its late response is rejected', async () => {
    const answer = later<Answer>();
    const pair = new CoapPair({ serves: () => answer.promise });
    const controller = new AbortController();
    const outcome = pair.client.request(get, { signal: controller.signal });
    await pair.advance(1500);
    const reason = new Error('nobody needs it');
    controller.abort(reason);
    await expect(outcome).rejects.toMatchObject({ code: 'coap.cancelled', cause: reason });
    answer.resolve({ code: codes.content });
    await pair.advance(100);
    await pair.advance(100);
    expect(pair.lines.slice(2)).toEqual(['out CON 2.05', 'in RST 0.00']);
    expect(pair.leftTimers()).toEqual([]);
  });

  test('one that waits for its turn never goes out', async () => {
    const pair = new CoapPair({ serves: echo });
    const controller = new AbortController();
    const first = pair.client.request(get);
    const second = pair.client.request(get, { signal: controller.signal });
    controller.abort();
    await expect(second).rejects.toMatchObject({ code: 'coap.cancelled' });
    await pair.settle(first);
    await pair.advance(1000);
    expect(pair.links.client.sent).toHaveLength(1);
    await expect(pair.client.request(get, { signal: controller.signal })).rejects.toMatchObject({
      code: 'coap.cancelled',
    });
  });

  test('a reset of the peer fails the request, confirmable or not', async () => {
    for (const confirmable of [true, false]) {
      const pair = new CoapPair();
      pair.server.stop();
      const outcome = pair.client.request({ ...get, confirmable });
      await pair.advance(0);
      pair.links.client.inject(
        encodeMessage(emptyMessage(RST, decoded(pair.links.client)[0]?.messageId ?? 0)),
      );
      await expect(outcome).rejects.toMatchObject({
        code: 'coap.reset',
        message: 'server answered with a reset',
      });
      expect(pair.leftTimers()).toEqual([]);
    }
  });

  test('an end of the link fails what is on its way and what comes later', async () => {
    const pair = new CoapPair({ serves: () => new Promise(() => {}) });
    const outcomes = [1, 2].map(() => pair.client.request(get).catch((error) => error));
    await pair.advance(1500);
    pair.links.client.close('the session was replaced');
    outcomes.push(pair.client.request(get).catch((error) => error));
    for (const error of await Promise.all(outcomes)) {
      expect(error).toBeInstanceOf(CoapError);
      expect(error).toMatchObject({
        code: 'coap.linkClosed',
        message: 'the link to server is closed: the session was replaced',
      });
    }
    pair.links.server.close('gone');
    await turn();
    expect(pair.clock.pendingTimers().filter((name) => name !== 'memory link')).toEqual([]);
  });

  test('an endpoint that starts on a closed link says so', async () => {
    const pair = new CoapPair();
    const link = new MemoryLink('nobody', pair.clock);
    link.close('too late');
    const endpoint = new CoapEndpoint(link, pair.clientContext);
    endpoint.start();
    await expect(endpoint.request(get)).rejects.toMatchObject({ code: 'coap.linkClosed' });
    await expect(endpoint.ping()).rejects.toMatchObject({ code: 'coap.linkClosed' });
  });

  test('when nobody listens there, all that waits fails and the link lives on', async () => {
    const pair = new CoapPair({ serves: echo });
    pair.links.client.drop = () => true;
    const outcomes = [1, 2].map(() => pair.client.request(get).catch((error) => error));
    pair.links.client.receiver?.refused();
    const errors = await pair.settle(Promise.all(outcomes));
    expect(errors[0]).toMatchObject({ code: 'coap.refused', message: 'nobody listens at server' });
    pair.links.client.drop = () => false;
    expect((await pair.settle(pair.client.request(get))).success).toBe(true);
  });
});

test('a request outlives a change of the peer’s address', async () => {
  const answer = later<Answer>();
  const pair = new CoapPair({ serves: () => answer.promise });
  const outcome = pair.client.request(get);
  await pair.advance(1500);
  pair.links.client.peer = '192.0.2.9:40000';
  answer.resolve({ code: codes.content });
  expect((await pair.settle(outcome)).success).toBe(true);
});

describe('settings', () => {
  test('the times that follow from them are those of RFC 7252 4.8.2', () => {
    expect(maxTransmitSpanMs(coapDefaults)).toBe(45_000);
    expect(exchangeLifetimeMs(coapDefaults)).toBe(247_000);
    expect(nonLifetimeMs(coapDefaults)).toBe(145_000);
  });

  test.each([
    [{ nstart: 0 }, 'nstart must be at least 1, got 0'],
    [{ ackRandomFactor: 0.5 }, 'ackRandomFactor must be at least 1, got 0.5'],
    [{ ackTimeoutMs: Number.NaN }, 'ackTimeoutMs must be a number from 0, got NaN'],
    [{ maxMessageBytes: 1087 }, 'maxMessageBytes must be at least 64 more than blockBytes, 1024, got 1087'],
    [{ blockBytes: 1000 }, 'a block has 16, 32, 64, 128, 256, 512 or 1024 bytes, not 1000'],
  ])('%o is refused', (given, reason) => {
    expect(() => coapSettings(given)).toThrow(reason);
  });
});

test('message ids and tokens come from chance, and ids that wait are passed over', async () => {
  const pair = new CoapPair({ settings: { nstart: 200 } });
  pair.links.client.drop = () => true;
  for (let index = 0; index < 100; index++) pair.client.request(get).catch(() => {});
  const sent = decoded(pair.links.client);
  expect(new Set(sent.map(({ messageId }) => messageId)).size).toBe(100);
  expect(new Set(sent.map(({ token }) => Buffer.from(token).toString('hex'))).size).toBe(100);
  expect(sent.every(({ token }) => token.length === 8)).toBe(true);
  pair.client.stop();
  await turn();
});
