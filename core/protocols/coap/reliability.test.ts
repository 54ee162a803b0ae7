import { describe, expect, test } from 'vitest';
import { CoapPair, decoded, echo, later, requestBytes } from '../../testing/coap-kit.ts';
import { encodeMessage } from './codec.ts';
import { codes, methods } from './codes.ts';
import { type CoapMessage, emptyMessage, messageTypes, noBytes } from './message.ts';
import type { Answer } from './request-server.ts';
import { coapDefaults, exchangeLifetimeMs, nonLifetimeMs } from './settings.ts';

const { CON, NON, ACK } = messageTypes;
const text = (value: string): Uint8Array => Buffer.from(value);
const get = { method: methods.GET, path: '/3/0/1' };

describe('loss', () => {
  test('a confirmable message is sent five times, with doubled waits, before it is given up', async () => {
    const pair = new CoapPair({ seed: 5 });
    const sentAtMs: number[] = [];
    pair.links.client.drop = () => {
      sentAtMs.push(pair.clock.now());
      return true;
    };
    const startMs = pair.clock.now();
    const outcome = pair.settle(pair.client.request(get));
    await expect(outcome).rejects.toMatchObject({
      code: 'coap.timeout',
      message: 'no acknowledgement after 5 transmissions (maxRetransmit, ackTimeoutMs)',
    });
    const waits = sentAtMs.map((atMs, index) => atMs - (sentAtMs[index - 1] ?? startMs)).slice(1);
    const [first = 0] = waits;
    expect(first).toBeGreaterThanOrEqual(2000);
    expect(first).toBeLessThan(3000);
    expect(waits).toEqual([first, 2 * first, 4 * first, 8 * first]);
    expect(new Set(pair.links.client.sent.map((bytes) => Buffer.from(bytes).toString('hex'))).size).toBe(1);
    expect(pair.leftTimers()).toEqual([]);
  });

  test('the first wait differs from message to message', async () => {
    const firsts = new Set<number>();
    for (let seed = 0; seed < 8; seed++) {
      const pair = new CoapPair({ seed: seed * 10, serves: echo });
      const sentAtMs: number[] = [];
      pair.links.client.drop = (_, index) => sentAtMs.push(pair.clock.now()) > 0 && index === 0;
      await pair.settle(pair.client.request(get), { stepMs: 1 });
      firsts.add((sentAtMs[1] ?? 0) - (sentAtMs[0] ?? 0));
    }
    expect(firsts.size).toBeGreaterThan(6);
  });

  test('a lost acknowledgement: the request is not carried out again, its reply is sent again', async () => {
    let calls = 0;
    const pair = new CoapPair({ serves: () => ({ code: codes.content, payload: text(String(++calls)) }) });
    pair.links.server.drop = (_, index) => index < 2;
    expect((await pair.settle(pair.client.request(get))).payloadText).toBe('1');
    expect(calls).toBe(1);
    expect(pair.lines).toEqual([
      'in CON 0.01',
      'out ACK 2.05',
      'in CON 0.01 duplicate',
      'out ACK 2.05 retransmission',
      'in CON 0.01 duplicate',
      'out ACK 2.05 retransmission',
    ]);
  });

  test('a lost empty acknowledgement, and a lost acknowledgement of the separate response', async () => {
    const answer = later<Answer>();
    let calls = 0;
    const pair = new CoapPair({
      serves: () => {
        calls++;
        return answer.promise;
      },
    });
    pair.links.server.drop = (_, index) => index === 0;
    pair.links.client.drop = (bytes) =>
      (bytes[0] as number) >> 4 === 0b0110 && pair.links.client.sent.length < 4;
    const response = pair.client.request(get);
    await pair.advance(1000);
    await pair.advance(3000);
    answer.resolve({ code: codes.content, payload: text('done') });
    expect((await pair.settle(response)).payloadText).toBe('done');
    await pair.advance(20_000);
    expect(calls).toBe(1);
    expect(pair.lines).toEqual([
      'in CON 0.01',
      'out ACK 0.00',
      'in CON 0.01 duplicate',
      'out ACK 0.00 retransmission',
      'out CON 2.05',
      'out CON 2.05 retransmission',
      'in ACK 0.00',
    ]);
    expect(pair.leftTimers()).toEqual([]);
  });

  test('a response that overtakes the acknowledgement counts as one', async () => {
    const pair = new CoapPair({ serves: () => new Promise(() => {}) });
    pair.links.server.drop = () => true;
    const outcome = pair.client.request(get);
    await pair.advance(0);
    const [asked] = decoded(pair.links.client);
    const { token } = asked as CoapMessage;
    pair.links.client.inject(
      encodeMessage({ type: CON, messageId: 9, code: codes.content, token, options: [], payload: noBytes }),
    );
    expect((await pair.settle(outcome)).codeText).toBe('2.05');
    expect(decoded(pair.links.client).at(-1)).toEqual(emptyMessage(ACK, 9));
    await pair.advance(100_000);
    expect(pair.links.client.sent).toHaveLength(2);
    pair.server.stop();
    expect(pair.leftTimers()).toEqual([]);
  });

  test('an acknowledged request without a response fails after responseTimeoutMs', async () => {
    const pair = new CoapPair({ serves: () => new Promise(() => {}) });
    const outcome = pair.settle(pair.client.request(get, { responseTimeoutMs: 5000 }));
    await expect(outcome).rejects.toMatchObject({
      code: 'coap.noResponse',
      message: 'the request was acknowledged, and no response came within 5000 ms (responseTimeoutMs)',
    });
  });

  test('an unconfirmed request without a response does too', async () => {
    const pair = new CoapPair({ faults: { loss: 1 } });
    await expect(pair.settle(pair.client.request({ ...get, confirmable: false }))).rejects.toMatchObject({
      code: 'coap.noResponse',
      message: 'the request was sent once, and no response came within 93000 ms (responseTimeoutMs)',
    });
    expect(pair.links.client.sent).toHaveLength(1);
    expect(pair.leftTimers()).toEqual([]);
  });
});

describe('duplicates', () => {
  const counting = (): { pair: CoapPair; calls: () => number } => {
    let calls = 0;
    const pair = new CoapPair({ serves: () => ({ code: codes.changed, payload: text(String(++calls)) }) });
    return { pair, calls: () => calls };
  };

  test('are recognised for EXCHANGE_LIFETIME, and not longer', () => {
    const { pair, calls } = counting();
    pair.links.server.inject(requestBytes());
    pair.clock.advance(exchangeLifetimeMs(coapDefaults) - 1);
    pair.links.server.inject(requestBytes());
    expect(calls()).toBe(1);
    expect(pair.links.server.sent[1]).toEqual(pair.links.server.sent[0]);
    pair.clock.advance(2);
    pair.links.server.inject(requestBytes());
    expect(calls()).toBe(2);
  });

  test('of unconfirmed messages are dropped for NON_LIFETIME', () => {
    const { pair, calls } = counting();
    const once = requestBytes({ type: NON });
    pair.links.server.inject(once);
    pair.clock.advance(nonLifetimeMs(coapDefaults) - 1);
    pair.links.server.inject(once);
    expect([calls(), pair.links.server.sent.length]).toEqual([1, 1]);
    pair.clock.advance(1);
    pair.links.server.inject(once);
    expect(calls()).toBe(2);
  });

  test('have the same bytes: another message with the id is a new one', () => {
    const { pair, calls } = counting();
    pair.links.server.inject(requestBytes());
    pair.links.server.inject(requestBytes({ token: text('other') }));
    pair.links.server.inject(requestBytes({ token: text('other') }));
    expect(calls()).toBe(2);
  });

  test('no memory and no timer is left when their time is over', () => {
    const { pair } = counting();
    for (let messageId = 0; messageId < 300; messageId++) {
      pair.links.server.inject(requestBytes({ messageId }));
      pair.clock.advance(10);
    }
    expect(pair.serverContext.duplicates.size).toBe(300);
    expect(pair.clock.pendingTimers().filter((name) => name === 'coap duplicates')).toHaveLength(1);
    pair.clock.advance(exchangeLifetimeMs(coapDefaults));
    expect(pair.serverContext.duplicates.size).toBe(0);
    expect(pair.clock.pendingTimers()).toEqual([]);
  });

  test.each([
    ['maxRememberedPerPeer', { maxRememberedPerPeer: 10 }],
    ['maxRememberedMessages', { maxRememberedMessages: 10 }],
    // Each reply has 4 bytes of header, 3 of token, and 3 of payload with its marker for the numbers from 10.
    ['maxRememberedBytes', { maxRememberedBytes: 100 }],
  ])('%s bounds what is remembered, oldest first', (_, settings) => {
    let calls = 0;
    const pair = new CoapPair({
      settings,
      serves: () => ({ code: codes.changed, payload: text(String(10 + calls++)) }),
    });
    for (let messageId = 0; messageId < 40; messageId++)
      pair.links.server.inject(requestBytes({ messageId }));
    expect(pair.serverContext.duplicates.size).toBe(10);
    pair.links.server.inject(requestBytes({ messageId: 30 }));
    expect(calls).toBe(40);
    pair.links.server.inject(requestBytes({ messageId: 29 }));
    expect(calls).toBe(41);
  });

  test('a stopped endpoint leaves nothing behind', () => {
    const { pair } = counting();
    pair.links.server.inject(requestBytes());
    pair.server.stop();
    expect(pair.serverContext.duplicates.size).toBe(0);
    expect(pair.clock.pendingTimers()).toEqual(['memory link']);
    pair.links.server.inject(requestBytes({ messageId: 78 }));
    expect(pair.links.server.sent).toHaveLength(1);
  });
});

describe('NSTART', () => {
  test('one request at a time goes out, in order, until the peer reacts', async () => {
    const pair = new CoapPair({ serves: echo });
    const all = Promise.all(
      ['a', 'b', 'c'].map((path) => pair.client.request({ method: methods.GET, path })),
    );
    expect(pair.links.client.sent).toHaveLength(1);
    await pair.advance(0);
    const responses = await pair.settle(all);
    expect(responses.map(({ payloadText }) => payloadText)).toEqual(['GET /a  ', 'GET /b  ', 'GET /c  ']);
    expect(pair.lines).toEqual([
      'in CON 0.01',
      'out ACK 2.05',
      'in CON 0.01',
      'out ACK 2.05',
      'in CON 0.01',
      'out ACK 2.05',
    ]);
  });

  test('an acknowledgement alone makes room for the next', async () => {
    const pair = new CoapPair({ serves: () => new Promise(() => {}) });
    const all = [1, 2].map(() => pair.client.request(get).catch(() => {}));
    await pair.advance(999);
    expect(pair.links.client.sent).toHaveLength(1);
    await pair.advance(1);
    await pair.advance(0);
    expect(pair.links.client.sent).toHaveLength(2);
    pair.client.stop();
    await Promise.all(all);
  });

  test('so does the time-out of the one before, and the wait after an unconfirmed one', async () => {
    const pair = new CoapPair({ faults: { loss: 1 } });
    const lost = pair.client.request({ ...get, confirmable: false }).catch((error) => error);
    const second = pair.client.request(get).catch((error) => error);
    await pair.advance(2999);
    expect(pair.links.client.sent).toHaveLength(1);
    await pair.advance(1);
    expect(pair.links.client.sent).toHaveLength(2);
    const third = pair.client.request(get).catch((error) => error);
    const errors = await pair.settle(Promise.all([lost, second, third]));
    expect(errors.map(({ code }) => code)).toEqual(['coap.noResponse', 'coap.timeout', 'coap.timeout']);
  });

  test('nstart lets more go', async () => {
    const pair = new CoapPair({ settings: { nstart: 3 }, serves: echo });
    const all = Promise.all(Array.from({ length: 5 }, () => pair.client.request(get)));
    expect(pair.links.client.sent).toHaveLength(3);
    expect(await pair.settle(all)).toHaveLength(5);
  });

  test('the queue has an end, which the error names', async () => {
    const pair = new CoapPair({ settings: { maxWaitingRequests: 2 }, faults: { loss: 1 } });
    const kept = [1, 2, 3].map(() => pair.client.request(get).catch((error) => error));
    await expect(pair.client.request(get)).rejects.toMatchObject({
      code: 'coap.queueFull',
      message: '2 requests wait for this peer already (maxWaitingRequests)',
    });
    pair.client.stop();
    const errors = await Promise.all(kept);
    expect(errors.map(({ code }) => code)).toEqual(['coap.linkClosed', 'coap.linkClosed', 'coap.linkClosed']);
  });
});
