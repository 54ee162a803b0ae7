import { describe, expect, test } from 'vitest';
import { CoapPair, decoded } from '../../testing/coap-kit.ts';
import { get, Observed, value } from '../../testing/coap-observed.ts';
import { encodeMessage } from './codec.ts';
import { codes, methods } from './codes.ts';
import { type CoapMessage, emptyMessage, messageTypes, noBytes } from './message.ts';
import { findUint, optionNumbers, uintOption } from './options.ts';
import type { CoapResponse } from './request.ts';

const { NON, ACK, RST } = messageTypes;
const text = (value: string): Uint8Array => Buffer.from(value);

describe('confirmable notifications', () => {
  test('are acknowledged', async () => {
    const observed = new Observed();
    await observed.start();
    const outcome = observed.observer.notify(value('22'), { confirmable: true });
    expect(await observed.pair.settle(outcome)).toBe('acknowledged');
    expect(observed.notified).toEqual(['22']);
    expect(observed.clientReactions).toEqual([ACK]);
  });

  test('come at least once a day', async () => {
    const observed = new Observed();
    await observed.start();
    await observed.pair.advance(24 * 3600 * 1000 - 1000);
    expect(await observed.observer.notify(value('22'))).toBe('sent');
    await observed.pair.advance(1000);
    expect(await observed.pair.settle(observed.observer.notify(value('23')))).toBe('acknowledged');
    expect(await observed.observer.notify(value('24'))).toBe('sent');
  });

  test('that nobody acknowledges end the observation', async () => {
    const observed = new Observed();
    await observed.start();
    observed.pair.links.server.drop = () => true;
    const outcome = observed.observer.notify(value('22'), { confirmable: true });
    expect(await observed.pair.settle(outcome)).toBe('failed');
    expect(observed.closed).toMatchObject([{ code: 'coap.timeout' }]);
    expect(observed.observer.active).toBe(false);
    expect(observed.pair.links.server.sent).toHaveLength(6);
    expect(observed.pair.leftTimers()).toEqual([]);
  });

  test('give way to the newest: it goes out at the next retransmission, and its waits go on', async () => {
    const observed = new Observed();
    await observed.start();
    const { server } = observed.pair.links;
    const sentAtMs: number[] = [];
    server.drop = () => {
      sentAtMs.push(observed.pair.clock.now());
      return sentAtMs.length < 4;
    };
    const outcomes = ['1', '2', '3'].map((state) =>
      observed.observer.notify(value(state), { confirmable: true }),
    );
    expect(await observed.pair.settle(Promise.all(outcomes), { stepMs: 1 })).toEqual([
      'superseded',
      'superseded',
      'acknowledged',
    ]);
    expect(observed.notified).toEqual(['3']);
    const [first = 0, second = 0, third = 0, fourth = 0] = sentAtMs;
    expect([third - second, fourth - third]).toEqual([2 * (second - first), 4 * (second - first)]);
    const ids = decoded(server)
      .slice(1)
      .map(({ messageId }) => messageId);
    expect(new Set(ids).size).toBe(2);
    expect(ids[1]).toBe(ids[3]);
  });

  test('wait for their turn among requests, and the one that waits is the newest', async () => {
    const observed = new Observed();
    await observed.start();
    const busy = observed.pair.server.request(get).catch(() => {});
    const outcomes = ['1', '2'].map((state) => observed.observer.notify(value(state), { confirmable: true }));
    expect(decoded(observed.pair.links.server).filter(({ code }) => code === codes.content)).toHaveLength(1);
    expect(await observed.pair.settle(Promise.all(outcomes))).toEqual(['superseded', 'acknowledged']);
    await busy;
    expect(observed.notified).toEqual(['2']);
  });
});

describe('notifications out of order', () => {
  let messageId = 30_000;
  /** Notifications with these numbers come in, each some time after the one before; which of them count? */
  const fresh = async (...arrivals: { number: number; afterMs?: number }[]): Promise<string[]> => {
    const observed = new Observed();
    await observed.start();
    const { token } = decoded(observed.pair.links.client)[0] as CoapMessage;
    for (const { number, afterMs = 10 } of arrivals) {
      await observed.pair.advance(afterMs);
      const options = [uintOption(optionNumbers.observe, number)];
      observed.pair.links.client.inject(
        encodeMessage({
          type: NON,
          messageId: messageId++,
          code: codes.content,
          token,
          options,
          payload: text(String(number)),
        }),
      );
    }
    return observed.notified;
  };

  test('are dropped when they are older (RFC 7641 3.4)', async () => {
    expect(await fresh({ number: 5 }, { number: 4 }, { number: 5 }, { number: 6 })).toEqual(['5', '6']);
  });

  test('are newer when the numbers have gone round', async () => {
    const last = 2 ** 24 - 1;
    expect(
      await fresh({ number: 2 ** 23 }, { number: last }, { number: 3 }, { number: last }, { number: 4 }),
    ).toEqual([String(2 ** 23), String(last), '3', '4']);
    // The response to the registration has number 1.
    expect(await fresh({ number: 2 ** 23 + 1 }, { number: 2 })).toEqual(['2']);
  });

  test('are newer after 128 seconds whatever their number', async () => {
    expect(await fresh({ number: 9 }, { number: 3, afterMs: 128_000 }, { number: 2, afterMs: 1 })).toEqual([
      '9',
      '2',
    ]);
  });
});

describe('notifications of several blocks', () => {
  const long = (salt: string): string => salt.repeat(3000);

  test('are fetched whole', async () => {
    const observed = new Observed();
    observed.state = long('a');
    await observed.start();
    for (const state of [long('b'), long('c')]) {
      observed.state = 'not asked again';
      void observed.observer.notify(value(state));
      for (let step = 0; step < 20; step++) await observed.pair.advance(0);
    }
    expect(observed.notified).toEqual([long('b'), long('c')]);
    const asked = decoded(observed.pair.links.client);
    expect(
      asked.filter(({ options }) => findUint(options, optionNumbers.observe) !== undefined),
    ).toHaveLength(1);
    const tokens = new Set(asked.map(({ token }) => Buffer.from(token).toString('hex')));
    // One for the registration, and one for the further blocks of each of the three states.
    expect(tokens.size).toBe(4);
    expect(observed.pair.leftTimers()).toEqual([]);
  });

  test('give way to a newer one that comes before they are whole', async () => {
    const observed = new Observed();
    await observed.start();
    void observed.observer.notify(value(long('b')));
    await observed.pair.advance(0);
    void observed.observer.notify(value(long('c')));
    for (let step = 0; step < 20; step++) await observed.pair.advance(0);
    expect(observed.notified).toEqual([long('c')]);
    expect(observed.incomplete).toEqual([]);
  });

  test('whose further blocks do not come are told, and the observation goes on', async () => {
    const observed = new Observed();
    await observed.start();
    observed.pair.links.client.drop = () => true;
    void observed.observer.notify(value(long('b')));
    for (let step = 0; step < 100; step++) await observed.pair.advance(1000);
    expect(observed.incomplete).toMatchObject([{ code: 'coap.timeout' }]);
    observed.pair.links.client.drop = () => false;
    void observed.observer.notify(value('short'));
    await observed.pair.advance(0);
    expect(observed.notified).toEqual(['short']);
  });

  test('are in the blocks that the registration asked for', async () => {
    const observed = new Observed();
    const draft = { ...get, blockBytes: 32 };
    await observed.pair.settle(observed.pair.client.observe(draft, observed.listener));
    void observed.observer.notify(value('x'.repeat(100)));
    for (let step = 0; step < 20; step++) await observed.pair.advance(0);
    expect(observed.notified).toEqual(['x'.repeat(100)]);
    expect(Math.max(...decoded(observed.pair.links.server).map(({ payload }) => payload.length))).toBe(32);
  });

  test('a long FETCH observes with the token of its last block', async () => {
    const observed = new Observed({ blockBytes: 64 });
    const draft = { ...get, method: methods.FETCH, payload: new Uint8Array(200) };
    const { observation } = await observed.pair.settle(
      observed.pair.client.observe(draft, observed.listener),
    );
    expect(observation.active).toBe(true);
    await observed.observer.notify(value('seen'));
    await observed.pair.advance(0);
    expect(observed.notified).toEqual(['seen']);
  });
});

describe('a notification that is to be confirmed', () => {
  /** Each notification is kept when the test says so. */
  function keeping() {
    const waiting: { text: string; keep(): void; lose(): void }[] = [];
    const observed = new Observed();
    const listener = {
      ...observed.listener,
      notified: ({ payloadText }: CoapResponse) =>
        new Promise<void>((resolve, reject) => {
          waiting.push({ text: payloadText, keep: resolve, lose: () => reject(new Error('full')) });
        }),
    };
    const start = () => observed.pair.settle(observed.pair.client.observe(get, listener));
    return { observed, waiting, start };
  }

  test('is acknowledged when it is kept and not before, and its repetitions are not taken twice', async () => {
    const { observed, waiting, start } = keeping();
    await start();
    const outcome = observed.observer.notify(value('22'), { confirmable: true });
    await observed.pair.advance(4000);
    expect(observed.pair.lines.filter((line) => line.endsWith('retransmission'))).toHaveLength(1);
    expect(waiting.map(({ text: kept }) => kept)).toEqual(['22']);
    expect(observed.clientReactions).toEqual([]);
    waiting[0]?.keep();
    expect(await observed.pair.settle(outcome)).toBe('acknowledged');
    expect(observed.clientReactions).toEqual([ACK]);
  });

  test('that cannot be kept is not acknowledged, and is as new when it comes again', async () => {
    const { observed, waiting, start } = keeping();
    await start();
    const outcome = observed.observer.notify(value('22'), { confirmable: true });
    await observed.pair.advance(0);
    waiting[0]?.lose();
    await observed.pair.advance(0);
    await observed.pair.advance(4000);
    expect(waiting.map(({ text: kept }) => kept)).toEqual(['22', '22']);
    expect(observed.clientReactions).toEqual([]);
    waiting[1]?.keep();
    expect(await observed.pair.settle(outcome)).toBe('acknowledged');
  });
});

test('a notification that comes before the registration is acknowledged counts as its answer', async () => {
  const pair = new CoapPair();
  pair.server.stop();
  const notified: string[] = [];
  const observing = pair.client.observe(get, {
    notified: (response) => void notified.push(response.payloadText),
    ended: () => {},
  });
  await pair.advance(0);
  const { token } = decoded(pair.links.client)[0] as CoapMessage;
  for (const number of [7, 8]) {
    const options = [uintOption(optionNumbers.observe, number)];
    pair.links.client.inject(
      encodeMessage({
        type: messageTypes.CON,
        messageId: number,
        code: codes.content,
        token,
        options,
        payload: text(String(number)),
      }),
    );
  }
  const { response } = await pair.settle(observing);
  expect(response.payloadText).toBe('7');
  expect(notified).toEqual(['8']);
  await pair.advance(0);
  expect(decoded(pair.links.client).slice(1)).toEqual([emptyMessage(ACK, 7), emptyMessage(ACK, 8)]);
  expect(pair.leftTimers()).toEqual([]);
});

test('a notification with a critical option that is not understood ends the observation, and is rejected', async () => {
  const observed = new Observed();
  await observed.start();
  const { token } = decoded(observed.pair.links.client)[0] as CoapMessage;
  const options = [uintOption(optionNumbers.observe, 9), { number: 9, value: noBytes }];
  observed.pair.links.client.inject(
    encodeMessage({ type: NON, messageId: 5, code: codes.content, token, options, payload: noBytes }),
  );
  expect(observed.ended).toMatchObject([{ code: 'coap.badOption' }]);
  expect(observed.clientReactions).toEqual([RST]);
});
