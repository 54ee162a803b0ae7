import { describe, expect, test } from 'vitest';
import { body, flow, same, store } from '../../testing/coap-blocks.ts';
import { CoapPair, decoded } from '../../testing/coap-kit.ts';
import fc from '../../testing/properties.ts';
import { type Block, blockOption } from './block.ts';
import { encodeMessage } from './codec.ts';
import { codes, codeText, methods } from './codes.ts';
import { type CoapMessage, messageTypes, noBytes } from './message.ts';
import { findOption, findUint, optionNumbers, stringOption } from './options.ts';

const { CON } = messageTypes;
const { block2, size2, uriPath, etag } = optionNumbers;

describe('downloads', () => {
  test('go in blocks of the size that the client names first (RFC 7959 3.1, figure 3)', async () => {
    const { handler, content } = store();
    content.bytes = body(300);
    const pair = new CoapPair({ serves: handler });
    const response = await pair.settle(
      pair.client.request({ method: methods.GET, path: 'status', blockBytes: 64 }),
    );
    expect(same(response.payload, body(300))).toBe(true);
    expect(flow(pair)).toEqual([
      'in 0.01 2:0/0/64',
      'out 2.05 2:0/1/64',
      'in 0.01 2:1/0/64',
      'out 2.05 2:1/1/64',
      'in 0.01 2:2/0/64',
      'out 2.05 2:2/1/64',
      'in 0.01 2:3/0/64',
      'out 2.05 2:3/1/64',
      'in 0.01 2:4/0/64',
      'out 2.05 2:4/0/64',
    ]);
    expect(findUint(pair.log[1]?.message?.options ?? [], size2)).toBe(300);
    const tags = pair.log
      .filter((_, index) => index % 2 === 1)
      .map(({ message }) => findOption(message?.options ?? [], etag));
    expect(new Set(tags.map((tag) => Buffer.from(tag as Uint8Array).toString('hex'))).size).toBe(1);
    expect(pair.leftTimers()).toEqual([]);
  });

  test('have the ETag that the handler gives, and only that', async () => {
    const tag = Buffer.from('v7');
    const pair = new CoapPair({ serves: () => ({ code: codes.content, etag: tag, payload: body(3000) }) });
    await pair.settle(pair.client.request({ method: methods.GET, path: 's' }));
    const tags = decoded(pair.links.server).map(({ options }) =>
      options.filter(({ number }) => number === etag),
    );
    expect(tags.map((found) => found.map(({ value }) => Buffer.from(value).toString()))).toEqual([
      ['v7'],
      ['v7'],
      ['v7'],
    ]);
  });

  test('go in the smaller blocks that the server prefers', async () => {
    const { handler, content } = store();
    content.bytes = body(100);
    const pair = new CoapPair({
      settings: { blockBytes: 32 },
      clientSettings: { blockBytes: 64 },
      serves: handler,
    });
    const response = await pair.settle(pair.client.request({ method: methods.GET, path: 's' }));
    expect(same(response.payload, body(100))).toBe(true);
    expect(flow(pair).slice(0, 4)).toEqual([
      'in 0.01 2:0/0/64',
      'out 2.05 2:0/1/32',
      'in 0.01 2:1/0/32',
      'out 2.05 2:1/1/32',
    ]);
  });

  test('read their content as they go when it is large, and the handler is asked once', async () => {
    const reads: string[] = [];
    let calls = 0;
    const pair = new CoapPair({
      serves: () => {
        calls++;
        const read = async (offset: number, length: number): Promise<Uint8Array> => {
          reads.push(`${offset}+${length}`);
          return body(5000).subarray(offset, offset + length);
        };
        return { code: codes.content, payload: { length: 5000, read } };
      },
    });
    const response = await pair.settle(pair.client.request({ method: methods.GET, path: 'firmware' }));
    expect(same(response.payload, body(5000))).toBe(true);
    expect(reads).toEqual(['0+1024', '1024+1024', '2048+1024', '3072+1024', '4096+904']);
    expect(calls).toBe(1);
    expect(pair.leftTimers()).toEqual([]);
  });

  test('begin again when the representation changes, a few times at most', async () => {
    let version = 0;
    const changing = (until: number): CoapPair =>
      new CoapPair({
        // It does not keep the response, as a server without memory for that.
        settings: { maxTransfers: 1, blockBytes: 64 },
        serves: (request) => {
          if (request.path[0] === 'other') return { code: codes.content, payload: body(100) };
          return { code: codes.content, payload: body(200, version < until ? version++ : version) };
        },
      });
    const disturbed = async (pair: CoapPair): Promise<{ payload: Uint8Array }> => {
      const seen = pair.client.request({ method: methods.GET, path: 's' });
      let messageId = 1000;
      pair.links.client.drop = () => {
        // Another transfer of the same peer takes the only place before each message.
        const options = [stringOption(uriPath, 'other')];
        pair.links.server.inject(
          encodeMessage({
            type: CON,
            messageId: messageId++,
            code: methods.GET,
            token: noBytes,
            options,
            payload: noBytes,
          }),
        );
        return false;
      };
      return pair.settle(seen);
    };
    const response = await disturbed(changing(3));
    expect(same(response.payload, body(200, 3))).toBe(true);
    version = 0;
    await expect(disturbed(changing(1000))).rejects.toMatchObject({
      code: 'coap.blockwise',
      message: 'the representation changed while it was fetched, 4 times (maxDownloadRestarts)',
    });
  });

  test('of what was not only read do not begin again: that would carry it out twice', async () => {
    const pair = new CoapPair();
    pair.server.stop();
    const outcome = pair.client.request({ method: methods.POST, path: 's' }).catch((error) => error);
    for (const number of [0, 1]) {
      await pair.advance(0);
      const { token, messageId } = decoded(pair.links.client).at(-1) as CoapMessage;
      const options = [
        { number: etag, value: Uint8Array.of(number) },
        blockOption(block2, { number, more: true, sizeExponent: 0 }),
      ];
      const { ACK } = messageTypes;
      pair.links.client.inject(
        encodeMessage({ type: ACK, messageId, code: codes.changed, token, options, payload: body(16) }),
      );
      await pair.advance(0);
    }
    expect(await outcome).toMatchObject({
      code: 'coap.blockwise',
      message: expect.stringContaining('the representation changed while it was fetched, 1 times'),
    });
    expect(pair.links.client.sent).toHaveLength(2);
  });

  test('above maxBodyBytes fail, as soon as that is known', async () => {
    const { handler, content } = store();
    content.bytes = body(3000);
    const pair = new CoapPair({ clientSettings: { maxBodyBytes: 2000 }, serves: handler });
    await expect(pair.settle(pair.client.request({ method: methods.GET, path: 's' }))).rejects.toMatchObject({
      code: 'coap.tooLarge',
      message: 'the response has 3000 bytes or more, above maxBodyBytes, 2000',
    });
    expect(pair.lines).toHaveLength(2);
  });

  test('can be had from the middle, and not from behind the end', async () => {
    const { handler, content } = store();
    content.bytes = body(100);
    const pair = new CoapPair({ serves: handler });
    pair.client.stop();
    const from = (number: number, messageId: number): CoapMessage => {
      const options = [blockOption(block2, { number, more: false, sizeExponent: 1 })];
      pair.links.server.inject(
        encodeMessage({ type: CON, messageId, code: methods.GET, token: noBytes, options, payload: noBytes }),
      );
      return decoded(pair.links.server).at(-1) as CoapMessage;
    };
    expect(same(from(2, 1).payload, body(100).subarray(64, 96))).toBe(true);
    expect(same(from(3, 2).payload, body(100).subarray(96))).toBe(true);
    expect(codeText(from(4, 3).code)).toBe('4.00');
  });

  test('of what was not only read are 4.08 when the response is not kept', async () => {
    const pair = new CoapPair({ serves: () => ({ code: codes.changed, payload: body(2000) }) });
    pair.client.stop();
    const options = [blockOption(block2, { number: 1, more: false, sizeExponent: 6 })];
    pair.links.server.inject(
      encodeMessage({
        type: CON,
        messageId: 1,
        code: methods.POST,
        token: noBytes,
        options,
        payload: noBytes,
      }),
    );
    expect(codeText(decoded(pair.links.server)[0]?.code ?? 0)).toBe('4.08');
  });

  const answered = async (...answers: { block?: Block; payload: Uint8Array }[]): Promise<unknown> => {
    const pair = new CoapPair();
    pair.server.stop();
    const outcome = pair.client.request({ method: methods.GET, path: 's' }).catch((error) => error);
    for (const { block, payload } of answers) {
      await pair.advance(0);
      const { token, messageId } = decoded(pair.links.client).at(-1) as CoapMessage;
      const options = block ? [blockOption(block2, block)] : [];
      pair.links.client.inject(
        encodeMessage({ type: messageTypes.ACK, messageId, code: codes.content, token, options, payload }),
      );
      await pair.advance(0);
    }
    return outcome;
  };
  const first = { block: { number: 0, more: true, sizeExponent: 0 }, payload: body(16) };

  test.each<[string, { block?: Block; payload: Uint8Array }[], string]>([
    [
      'begins in the middle',
      [{ block: { number: 1, more: true, sizeExponent: 0 }, payload: body(16) }],
      'at byte 16 where that at 0',
    ],
    [
      'leaves a block out',
      [first, { block: { number: 2, more: true, sizeExponent: 0 }, payload: body(16) }],
      'at byte 32 where that at 16',
    ],
    [
      'cuts a block short',
      [{ block: { number: 0, more: true, sizeExponent: 0 }, payload: body(15) }],
      'a block of 16 bytes came with 15',
    ],
    ['forgets Block2', [first, { payload: body(16) }], 'without Block2'],
  ])('from a server that %s fail', async (_, answers, reason) => {
    expect(await answered(...answers)).toMatchObject({
      code: 'coap.blockwise',
      message: expect.stringContaining(reason),
    });
  });
});

describe('both ways at once', () => {
  test.each([methods.POST, methods.FETCH, methods.PUT])(
    'a long request and its long response, method %d',
    async (method) => {
      const pair = new CoapPair({
        settings: { blockBytes: 64 },
        serves: (request) => ({
          code: codes.content,
          payload: Buffer.concat([request.payload, request.payload]),
        }),
      });
      const response = await pair.settle(pair.client.request({ method, path: 'soap', payload: body(150) }));
      expect(Buffer.concat([body(150), body(150)]).equals(response.payload)).toBe(true);
      expect(flow(pair).slice(4, 8)).toEqual([
        `in 0.0${method} 1:2/0/64 2:0/0/64`,
        'out 2.05 1:2/0/64 2:0/1/64',
        `in 0.0${method} 2:1/0/64`,
        'out 2.05 2:1/1/64',
      ]);
    },
  );

  test('FETCH is told apart by its payload', async () => {
    const pair = new CoapPair({
      settings: { blockBytes: 64, nstart: 4 },
      serves: (request) => ({ code: codes.content, payload: body(500, request.payload[0] ?? 0) }),
    });
    const fetch = (salt: number): Promise<{ payload: Uint8Array }> =>
      pair.client.request({ method: methods.FETCH, path: 'f', payload: Uint8Array.of(salt) });
    const responses = await pair.settle(Promise.all([fetch(1), fetch(2)]));
    expect(responses.map(({ payload }, index) => same(payload, body(500, index + 1)))).toEqual([true, true]);
  });

  test('bodies of any length in blocks of any size arrive', async () => {
    const sizes = fc.constantFrom(16, 32, 64, 128, 256, 512, 1024);
    const lengths = fc.oneof(
      fc.nat(300),
      fc.nat(2).map((off) => 1023 + off),
      fc.nat(5000),
    );
    await fc.assert(
      fc.asyncProperty(sizes, sizes, lengths, lengths, async (mine, theirs, up, down) => {
        let got = noBytes;
        const pair = new CoapPair({
          settings: { blockBytes: theirs },
          clientSettings: { blockBytes: mine },
          serves: (request) => {
            got = request.payload;
            return { code: codes.content, payload: body(down) };
          },
        });
        const response = await pair.settle(
          pair.client.request({ method: methods.POST, path: 'p', payload: body(up) }),
        );
        expect(same(got, body(up))).toBe(true);
        expect(same(response.payload, body(down))).toBe(true);
        expect(pair.leftTimers()).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
