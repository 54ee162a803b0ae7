import { describe, expect, test } from 'vitest';
import { CoapPair } from '../../testing/coap-kit.ts';
import type { LinkFaults } from '../../testing/faulty-link.ts';
import { codes, methods } from './codes.ts';
import type { Observer } from './observers.ts';

const body = (length: number, salt: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (index * 31 + salt) & 0xff);
const faults: LinkFaults = { loss: 0.2, duplication: 0.2, delayMs: [0, 400] };
const seeds = Array.from({ length: 25 }, (_, index) => index * 101 + 7);

/** Requests may still fail: five transmissions and five acknowledgements can all be lost. */
const settings = { maxRetransmit: 12, ackTimeoutMs: 1000 };

describe.each(seeds)('loss, doubling and overtaking with seed %d', (seed) => {
  test('each request is carried out once and gets its own response, both ways at once', async () => {
    const carriedOut: string[] = [];
    const pair = new CoapPair({
      faults,
      seed,
      settings: { ...settings, nstart: 4, blockBytes: 64, maxTransfers: 12 },
      serves: (request) => {
        carriedOut.push(`${request} ${request.payload.length}`);
        // Sizes from nothing to many blocks, some of them answered late.
        const answer = {
          code: codes.content,
          payload: body(request.payload.length * 2, request.payload[0] ?? 0),
        };
        return request.path[0] === 'slow'
          ? new Promise((resolve) => pair.clock.after('slow', 3000, () => resolve(answer)))
          : answer;
      },
      clientServes: (request) => ({ code: codes.changed, payload: Buffer.from(request.path.join('/')) }),
    });
    const uploads = Array.from({ length: 12 }, (_, index) =>
      pair.client.request({
        method: methods.POST,
        path: [index % 3 === 0 ? 'slow' : 'quick', String(index)],
        payload: body(index * 40, index),
      }),
    );
    const fromServer = Array.from({ length: 6 }, (_, index) =>
      pair.server.request({ method: methods.PUT, path: `back/${index}` }),
    );
    const responses = await pair.settle(Promise.all(uploads), { stepMs: 100 });
    const back = await pair.settle(Promise.all(fromServer), { stepMs: 100 });
    expect(responses.map(({ codeText }) => codeText)).toEqual(responses.map(() => '2.05'));
    for (const [index, { payload }] of responses.entries()) {
      expect(Buffer.compare(payload, body(index * 80, index))).toBe(0);
    }
    expect(back.map(({ payloadText }) => payloadText)).toEqual(
      Array.from({ length: 6 }, (_, index) => `back/${index}`),
    );
    expect(new Set(carriedOut).size).toBe(12);
    expect(carriedOut).toHaveLength(12);
    await pair.advance(10_000_000);
    expect(pair.clock.pendingTimers()).toEqual([]);
    expect(pair.serverContext.duplicates.size + pair.clientContext.duplicates.size).toBe(0);
    expect(pair.serverContext.partialBytes).toBe(0);
    expect(pair.log.some(({ note }) => note !== undefined)).toBe(true);
  });

  test('notifications arrive in order, and the last state in the end', async () => {
    const observers: Observer[] = [];
    let state = Buffer.from('0');
    const pair = new CoapPair({
      faults,
      seed,
      settings: { ...settings, blockBytes: 64 },
      serves: () => ({
        code: codes.content,
        payload: state,
        observed: { opened: (observer) => void observers.push(observer) },
      }),
    });
    const seen: number[] = [];
    await pair.settle(
      pair.client.observe(
        { method: methods.GET, path: 'counter' },
        {
          notified: ({ payloadText }) => void seen.push(Number(payloadText.trimEnd())),
          ended: () => seen.push(-1),
        },
      ),
    );
    for (let count = 1; count <= 30; count++) {
      // Every third one is of several blocks.
      state = Buffer.from(String(count).padEnd(count % 3 === 0 ? 300 : 1));
      void observers[0]?.notify({ code: codes.content, payload: state }, { confirmable: count % 2 === 0 });
      await pair.advance(200);
    }
    state = Buffer.from('31');
    const last = observers[0]?.notify({ code: codes.content, payload: state }, { confirmable: true });
    expect(await pair.settle(last as Promise<string>)).toBe('acknowledged');
    await pair.advance(200_000);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(31);
  });
});
