import { describe, expect, test } from 'vitest';
import { CoapPair, decoded } from '../../testing/coap-kit.ts';
import { get, Observed, sequences, value } from '../../testing/coap-observed.ts';
import { blockOption } from './block.ts';
import { encodeMessage } from './codec.ts';
import { codes, methods } from './codes.ts';
import { messageTypes, noBytes } from './message.ts';
import type { ObserverEnd } from './observers.ts';
import { findUint, optionNumbers, uintOption } from './options.ts';

const { CON, RST } = messageTypes;
const text = (value: string): Uint8Array => Buffer.from(value);

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

  test('asked for with a further block is none (RFC 7959 2.6)', () => {
    const observed = new Observed();
    observed.state = 'x'.repeat(100);
    const options = [
      uintOption(optionNumbers.observe, 0),
      blockOption(optionNumbers.block2, { number: 1, more: false, sizeExponent: 0 }),
    ];
    const message = { type: CON, messageId: 1, code: methods.GET, token: noBytes, options, payload: noBytes };
    observed.pair.links.server.inject(encodeMessage(message));
    expect(observed.observers).toEqual([]);
    expect(sequences(observed.pair.links.server)).toEqual([undefined]);
  });

  test('whose first response cannot be sent is over', async () => {
    const closed: ObserverEnd[] = [];
    const pair = new CoapPair({
      serves: () => ({
        ...value('1'),
        locationPath: ['x'.repeat(300)],
        observed: { opened: () => closed.push('ended'), closed: (_, reason) => void closed.push(reason) },
      }),
    });
    const listener = { notified: () => {}, ended: () => {} };
    const { observation, response } = await pair.settle(pair.client.observe(get, listener));
    expect([response.codeText, observation.active, closed]).toEqual(['5.00', false, ['ended']]);
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

  test('goes on when the signal of its registration is aborted later', async () => {
    const observed = new Observed();
    const controller = new AbortController();
    const { signal } = controller;
    const { observation } = await observed.pair.settle(
      observed.pair.client.observe(get, observed.listener, { signal }),
    );
    controller.abort();
    expect(observation.active).toBe(true);
    expect((await observed.pair.settle(observation.cancel())).success).toBe(true);
    await expect(observed.pair.client.observe(get, observed.listener, { signal })).rejects.toMatchObject({
      code: 'coap.cancelled',
    });
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
