import { describe, expect, test } from 'vitest';
import { CoapPair, decoded } from '../../testing/coap-kit.ts';
import { encodeMessage } from './codec.ts';
import { codes, methods } from './codes.ts';
import type { CoapError } from './errors.ts';
import { type CoapMessage, emptyMessage, messageTypes, noBytes } from './message.ts';
import type { Observation, ObservationListener } from './observation.ts';
import type { Observer, ObserverEnd } from './observers.ts';
import { findUint, optionNumbers, uintOption } from './options.ts';
import type { CoapResponse } from './request.ts';
import type { CoapSettings } from './settings.ts';

const { NON, ACK, RST } = messageTypes;
const get = { method: methods.GET, path: '/3303/0/5700' };
const text = (value: string): Uint8Array => Buffer.from(value);
const value = (payload: string): { code: number; payload: Uint8Array } => ({
  code: codes.content,
  payload: text(payload),
});

/** An observable resource, who observes it, and what the client gets. */
class Observed {
  readonly observers: Observer[] = [];
  readonly closed: ObserverEnd[] = [];
  readonly notified: string[] = [];
  readonly incomplete: CoapError[] = [];
  readonly ended: (CoapResponse | CoapError)[] = [];
  state = '20.0';
  code: number = codes.content;
  observable = true;
  readonly pair: CoapPair;

  constructor(settings: Partial<CoapSettings> = {}) {
    this.pair = new CoapPair({
      settings,
      serves: () => ({
        code: this.code,
        payload: text(this.state),
        observed: this.observable
          ? {
              opened: (observer) => void this.observers.push(observer),
              closed: (_, reason) => void this.closed.push(reason),
            }
          : undefined,
      }),
    });
  }

  readonly listener: ObservationListener = {
    notified: (response) => void this.notified.push(response.payloadText),
    incomplete: (error) => void this.incomplete.push(error),
    ended: (reason) => void this.ended.push(reason),
  };

  async start(): Promise<Observation> {
    const { observation, response } = await this.pair.settle(this.pair.client.observe(get, this.listener));
    expect(response.payloadText).toBe(this.state);
    return observation;
  }

  get observer(): Observer {
    return this.observers.at(-1) as Observer;
  }

  /** Messages that the client sent, without its requests: `ACK`, `RST`. */
  get clientReactions(): number[] {
    return decoded(this.pair.links.client)
      .filter(({ code }) => code === 0)
      .map(({ type }) => type);
  }
}

const sequences = (link: { sent: Uint8Array[] }): (number | undefined)[] =>
  decoded(link as never).map(({ options }) => findUint(options, optionNumbers.observe));

describe('an observation', () => {
  test('brings the state, then each notification with a higher number', async () => {
    const observed = new Observed();
    const observation = await observed.start();
    expect(observation.active).toBe(true);
    expect(observed.observers).toHaveLength(1);
    for (const state of ['20.5', '21.0']) {
      expect(await observed.observer.notify(value(state))).toBe('sent');
      await observed.pair.advance(0);
    }
    expect(observed.notified).toEqual(['20.5', '21.0']);
    expect(sequences(observed.pair.links.server)).toEqual([1, 2, 3]);
    expect(observed.clientReactions).toEqual([]);
    expect(observed.pair.leftTimers()).toEqual([]);
  });

  test('of a resource that cannot be observed is a response alone', async () => {
    const observed = new Observed();
    observed.observable = false;
    const observation = await observed.start();
    expect(observation.active).toBe(false);
    expect(observed.observers).toEqual([]);
    expect(observed.ended).toEqual([]);
  });

  test('of what is not there is its error alone', async () => {
    const observed = new Observed();
    observed.code = codes.notFound;
    const { observation, response } = await observed.pair.settle(
      observed.pair.client.observe(get, observed.listener),
    );
    expect([response.codeText, observation.active, observed.observers.length]).toEqual(['4.04', false, 0]);
  });

  test('above maxObservers is a response alone', async () => {
    const observed = new Observed({ maxObservers: 1 });
    await observed.start();
    expect((await observed.start()).active).toBe(false);
  });

  test('with FETCH and a payload is one, with POST it is none', async () => {
    const observed = new Observed();
    const draft = { ...get, payload: text('[{"n":"/3/0/1"}]') };
    const fetched = await observed.pair.settle(
      observed.pair.client.observe({ ...draft, method: methods.FETCH }, observed.listener),
    );
    expect(fetched.observation.active).toBe(true);
    const posted = await observed.pair.settle(
      observed.pair.client.observe({ ...draft, method: methods.POST }, observed.listener),
    );
    expect(posted.observation.active).toBe(false);
  });

  test('whose registration gets no answer fails', async () => {
    const observed = new Observed();
    observed.pair.links.client.drop = () => true;
    await expect(
      observed.pair.settle(observed.pair.client.observe(get, observed.listener)),
    ).rejects.toMatchObject({ code: 'coap.timeout' });
    expect(observed.ended).toEqual([]);
    expect(observed.pair.leftTimers()).toEqual([]);
  });

  test('ends with the link, on both sides', async () => {
    const observed = new Observed();
    await observed.start();
    observed.pair.links.client.close('gone');
    observed.pair.links.server.close('gone');
    expect(observed.ended).toMatchObject([{ code: 'coap.linkClosed' }]);
    expect(observed.closed).toMatchObject([{ code: 'coap.linkClosed' }]);
    expect(await observed.observer.notify(value('1'))).toBe('failed');
  });
});

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

describe('the end of an observation', () => {
  test('asked for by the client: the server knows, and the answer is the last state', async () => {
    const observed = new Observed();
    const observation = await observed.start();
    const response = await observed.pair.settle(observation.cancel());
    expect(response.payloadText).toBe('20.0');
    expect(observed.closed).toEqual(['cancelled']);
    expect(observation.active).toBe(false);
    expect(observed.ended).toEqual([]);
    const [register, deregister] = decoded(observed.pair.links.client);
    expect(deregister?.token).toEqual(register?.token);
    expect(findUint(deregister?.options ?? [], optionNumbers.observe)).toBe(1);
    expect(await observed.observer.notify(value('22'))).toBe('failed');
  });

  test.each([true, false])(
    'by forgetting it: the next notification (confirmable: %s) is rejected',
    async (confirmable) => {
      const observed = new Observed();
      const observation = await observed.start();
      observation.forget();
      void observed.observer.notify(value('22'), { confirmable });
      await observed.pair.advance(0);
      await observed.pair.advance(0);
      expect(observed.clientReactions).toEqual([RST]);
      expect(observed.closed).toMatchObject([{ code: 'coap.reset' }]);
      expect(observed.notified).toEqual([]);
      expect(observed.pair.leftTimers()).toEqual([]);
    },
  );

  test('by an error of the resource, which is confirmable and the last one', async () => {
    const observed = new Observed();
    const observation = await observed.start();
    const outcome = observed.observer.notify({ code: codes.notFound, payload: text('deleted') });
    expect(await observed.pair.settle(outcome)).toBe('acknowledged');
    expect(observed.closed).toEqual(['ended']);
    expect(observed.ended).toHaveLength(1);
    expect(observed.ended[0]).toMatchObject({ codeText: '4.04', payloadText: 'deleted' });
    expect(observation.active).toBe(false);
    expect(sequences(observed.pair.links.server)).toEqual([1, undefined]);
    await expect(observation.register()).rejects.toMatchObject({ code: 'coap.cancelled' });
  });

  test('by a registration that fails now', async () => {
    const observed = new Observed();
    const observation = await observed.start();
    observed.code = codes.notFound;
    expect((await observed.pair.settle(observation.register())).codeText).toBe('4.04');
    expect(observed.closed).toEqual(['cancelled']);
    expect(observation.active).toBe(false);
  });
});

describe('registering again', () => {
  test('takes the place of the registration before, with the same token, and numbers go on', async () => {
    const observed = new Observed();
    const observation = await observed.start();
    await observed.observer.notify(value('21'));
    await observed.pair.advance(0);
    observed.state = '22';
    expect((await observed.pair.settle(observation.register())).payloadText).toBe('22');
    expect(observed.closed).toEqual(['replaced']);
    expect(observed.observers).toHaveLength(2);
    await observed.observer.notify(value('23'));
    await observed.pair.advance(0);
    expect(observed.notified).toEqual(['21', '23']);
    expect(sequences(observed.pair.links.server)).toEqual([1, 2, 3, 4]);
  });

  test('while a notification is on its way: both states arrive', async () => {
    const observed = new Observed();
    const observation = await observed.start();
    await observed.observer.notify(value('21'));
    observed.state = '22';
    expect((await observed.pair.settle(observation.register())).payloadText).toBe('21');
    await observed.pair.advance(0);
    expect(observed.notified).toEqual(['22']);
  });

  test('twice at a time is once', async () => {
    const observed = new Observed();
    const observation = await observed.start();
    const both = [observation.register(), observation.register()];
    await observed.pair.settle(Promise.all(both));
    expect(observed.observers).toHaveLength(2);
  });

  test('brings a server that has forgotten all, and counts from the start, into step', async () => {
    const observed = new Observed();
    const observation = await observed.start();
    for (let index = 0; index < 5; index++) await observed.observer.notify(value(`a${index}`));
    await observed.pair.advance(0);
    observed.observer.end('ended');
    await observed.pair.settle(observation.register());
    await observed.observer.notify(value('b'));
    await observed.pair.advance(0);
    expect(observed.notified.at(-1)).toBe('b');
    expect(sequences(observed.pair.links.server).at(-1)).toBe(2);
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
