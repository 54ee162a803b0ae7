import { expect, test } from 'vitest';
import { CoapPair, decoded, turn } from '../../testing/coap-kit.ts';
import fc from '../../testing/properties.ts';
import { encodeMessage } from './codec.ts';
import { codes, methods } from './codes.ts';
import { type CoapMessage, emptyMessage, type MessageType } from './message.ts';
import type { Observer } from './observers.ts';
import { optionNumbers } from './options.ts';

const { observe, uriPath, contentFormat, block1, block2, size1, noResponse } = optionNumbers;

/** Few values each, so that messages have to do with each other. */
const option = fc.record({
  number: fc.constantFrom(observe, uriPath, contentFormat, block1, block2, size1, noResponse, 9, 2048),
  value: fc.oneof(
    fc.constantFrom(
      ...['', '00', '01', '08', '10', '18', '20', '0e', '1e'].map(
        (hex) => new Uint8Array(Buffer.from(hex, 'hex')),
      ),
    ),
    fc.uint8Array({ maxLength: 5 }),
  ),
});

const message = (tokens: readonly Uint8Array[], messageIds: readonly number[]): fc.Arbitrary<Uint8Array> =>
  fc
    .record({
      type: fc.constantFrom<MessageType>(0, 1, 2, 3),
      messageId: fc.oneof(fc.nat(6), fc.constantFrom(0, ...messageIds)),
      code: fc.constantFrom(
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        codes.content,
        codes.continue,
        codes.notFound,
        codes.requestEntityTooLarge,
      ),
      token: fc.constantFrom(new Uint8Array(0), Uint8Array.of(1), ...tokens),
      options: fc.array(option, { maxLength: 4 }),
      payload: fc.constantFrom(0, 1, 16, 32).map((length) => new Uint8Array(length)),
    })
    .map((found): CoapMessage => {
      if (found.code === 0 || found.type === 3) return emptyMessage(found.type, found.messageId);
      return found.type === 2 && found.code < 32 ? { ...found, code: codes.content } : found;
    })
    .map((found) => new Uint8Array(encodeMessage(found)));

/** A message, a bent one, or noise. */
const datagram = (tokens: readonly Uint8Array[], messageIds: readonly number[]): fc.Arbitrary<Uint8Array> =>
  fc.oneof(
    { weight: 6, arbitrary: message(tokens, messageIds) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(message(tokens, messageIds), fc.nat(), fc.integer({ min: 1, max: 255 }))
        .map(([bytes, at, by]) => {
          const index = at % bytes.length;
          bytes[index] = (bytes[index] as number) ^ by;
          return bytes;
        }),
    },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }) },
  );

test('whatever comes in, nothing is thrown, and nothing is left when its time is over', async () => {
  await fc.assert(
    fc.asyncProperty(fc.infiniteStream(fc.nat()), async (choices) => {
      const observers: Observer[] = [];
      const pair = new CoapPair({
        settings: { blockBytes: 16, maxBodyBytes: 100, maxPartialBytes: 150, maxMessageBytes: 120 },
        serves: (request) => ({
          code: codes.content,
          payload: new Uint8Array(request.method === methods.GET ? 50 : request.payload.length),
          observed: { opened: (observer) => void observers.push(observer) },
        }),
      });
      pair.client.stop();
      // The peer of the fuzzed endpoint is this test.
      const requests = [
        pair.server.request({ method: methods.PUT, path: 'a', payload: new Uint8Array(40) }),
        pair.server.observe({ method: methods.GET, path: 'b' }, { notified: () => {}, ended: () => {} }),
        pair.server.ping(),
      ].map((promise) => promise.catch(() => {}));
      for (let step = 0; step < 60; step++) {
        const sent = decoded(pair.links.server);
        const arbitrary = datagram(
          sent.slice(-4).map(({ token }) => token),
          sent.slice(-4).map(({ messageId }) => messageId),
        );
        const [bytes] = fc.sample(arbitrary, { seed: choices.next().value, numRuns: 1 }) as [Uint8Array];
        pair.links.server.inject(bytes);
        if (step % 7 === 0)
          void observers
            .at(-1)
            ?.notify({ code: codes.content, payload: new Uint8Array(40) }, { confirmable: step % 2 === 0 });
        if (step % 5 === 0) await turn();
        if (step % 20 === 0) await pair.advance(3000);
        expect(pair.serverContext.partialBytes).toBeLessThanOrEqual(150);
        expect(pair.serverContext.partialBytes).toBeGreaterThanOrEqual(0);
      }
      for (const waitMs of [400_000, 400_000, 400_000]) await pair.advance(waitMs);
      expect(pair.failures).toEqual([]);
      expect(pair.clock.pendingTimers()).toEqual([]);
      expect(pair.serverContext.duplicates.size).toBe(0);
      expect(pair.serverContext.partialBytes).toBe(0);
      pair.server.stop();
      await Promise.all(requests);
    }),
    { numRuns: 150 },
  );
}, 60_000);
