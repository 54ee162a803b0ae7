import { describe, expect, test } from 'vitest';
import { body, flow, same, store } from '../../testing/coap-blocks.ts';
import { CoapPair, decoded } from '../../testing/coap-kit.ts';
import { blockOption } from './block.ts';
import { encodeMessage } from './codec.ts';
import { codes, codeText, methods } from './codes.ts';
import { type CoapMessage, messageTypes, noBytes } from './message.ts';
import { findUint, optionNumbers, stringOption, uintOption } from './options.ts';
import { coapDefaults, exchangeLifetimeMs } from './settings.ts';

const { CON } = messageTypes;
const { block1, size1, uriPath, contentFormat } = optionNumbers;

describe('uploads', () => {
  test('go in blocks, and are carried out once, whole (RFC 7959 3.2, figure 7)', async () => {
    const { handler, puts } = store();
    const pair = new CoapPair({ settings: { blockBytes: 128 }, serves: handler });
    const response = await pair.settle(
      pair.client.request({ method: methods.PUT, path: 'options', payload: body(300) }),
    );
    expect(response.codeText).toBe('2.04');
    expect(puts.map(({ length }) => length)).toEqual([300]);
    expect(same(puts[0] as Uint8Array, body(300))).toBe(true);
    expect(flow(pair).map((line) => line.replace(' 2:0/0/128', ''))).toEqual([
      'in 0.03 1:0/1/128',
      'out 2.31 1:0/1/128',
      'in 0.03 1:1/1/128',
      'out 2.31 1:1/1/128',
      'in 0.03 1:2/0/128',
      'out 2.04 1:2/0/128',
    ]);
    expect(findUint(pair.log[0]?.message?.options ?? [], size1)).toBe(300);
    expect(pair.serverContext.partialBytes).toBe(0);
    expect(pair.leftTimers()).toEqual([]);
  });

  test('go on in the smaller blocks that the server asks for (figure 8)', async () => {
    const { handler, puts } = store();
    const pair = new CoapPair({
      settings: { blockBytes: 32 },
      clientSettings: { blockBytes: 128 },
      serves: handler,
    });
    await pair.settle(pair.client.request({ method: methods.PUT, path: 'o', payload: body(200) }));
    expect(same(puts[0] as Uint8Array, body(200))).toBe(true);
    expect(
      flow(pair)
        .map((line) => line.replace(' 2:0/0/128', ''))
        .slice(0, 6),
    ).toEqual([
      'in 0.03 1:0/1/128',
      'out 2.31 1:0/1/32',
      'in 0.03 1:4/1/32',
      'out 2.31 1:4/1/32',
      'in 0.03 1:5/1/32',
      'out 2.31 1:5/1/32',
    ]);
  });

  test('of a large content read it block by block, each when the one before was taken', async () => {
    const { handler, puts } = store();
    const pair = new CoapPair({
      settings: { blockBytes: 64 },
      clientSettings: { blockBytes: 128 },
      serves: handler,
    });
    const whole = body(300);
    const reads: string[] = [];
    const payload = {
      length: whole.length,
      read: async (offset: number, length: number) => {
        reads.push(`${offset}+${length}`);
        return whole.subarray(offset, offset + length);
      },
    };
    const response = await pair.settle(pair.client.request({ method: methods.PUT, path: 'o', payload }));
    expect(response.codeText).toBe('2.04');
    expect(same(puts[0] as Uint8Array, whole)).toBe(true);
    expect(reads).toEqual(['0+128', '128+64', '192+64', '256+44']);
    const broken = { length: 300, read: () => Promise.reject(new Error('no disk')) };
    const failing = pair.client.request({ method: methods.PUT, path: 'o', payload: broken });
    await expect(pair.settle(failing)).rejects.toThrow('no disk');
    const small = { length: 3, read: () => Uint8Array.of(1, 2, 3) };
    await pair.settle(pair.client.request({ method: methods.PUT, path: 'o', payload: small }));
    expect(puts.at(-1)).toEqual(Uint8Array.of(1, 2, 3));
  });

  test('that a server takes only in smaller blocks begin again in these (RFC 7959 2.9.3)', async () => {
    const { handler, puts } = store();
    const pair = new CoapPair({
      settings: { blockBytes: 64, maxMessageBytes: 400 },
      clientSettings: { blockBytes: 1024, maxMessageBytes: 8192 },
      serves: handler,
    });
    for (const length of [600, 2000]) {
      const response = await pair.settle(
        pair.client.request({ method: methods.PUT, path: 'o', payload: body(length) }),
      );
      expect(response.codeText).toBe('2.04');
      expect(same(puts.at(-1) as Uint8Array, body(length))).toBe(true);
    }
    expect(flow(pair).slice(0, 3)).toEqual(['in 0.03', 'out 4.13 1:0/0/64', 'in 0.03 1:0/1/64']);
  });

  test('end early with the error of a block', async () => {
    const { handler, puts } = store();
    const pair = new CoapPair({ settings: { blockBytes: 64, maxBodyBytes: 150 }, serves: handler });
    const response = await pair.settle(
      pair.client.request({ method: methods.PUT, path: 'o', payload: body(300) }),
    );
    expect([response.codeText, response.payloadText]).toEqual([
      '4.13',
      'the body is above maxBodyBytes, 150',
    ]);
    expect(findUint(response.options, size1)).toBe(150);
    expect(pair.lines).toHaveLength(2);
    expect(puts).toEqual([]);
  });

  test('to a server that takes no size of blocks end with its 4.13', async () => {
    const pair = new CoapPair({ clientSettings: { blockBytes: 16 } });
    pair.server.stop();
    const outcome = pair.client.request({ method: methods.PUT, path: 'o', payload: body(40) });
    await pair.advance(0);
    const [{ token, messageId }] = decoded(pair.links.client) as [CoapMessage];
    const options = [blockOption(block1, { number: 0, more: false, sizeExponent: 0 })];
    const code = codes.requestEntityTooLarge;
    pair.links.client.inject(
      encodeMessage({ type: messageTypes.ACK, messageId, code, token, options, payload: noBytes }),
    );
    expect((await pair.settle(outcome)).codeText).toBe('4.13');
    expect(pair.links.client.sent).toHaveLength(1);
  });

  test.each([
    ['without Block1', []],
    ['for another block', [blockOption(block1, { number: 3, more: true, sizeExponent: 0 })]],
  ])('to a server that answers %s fail', async (_, options) => {
    const pair = new CoapPair({ clientSettings: { blockBytes: 16 } });
    pair.server.stop();
    const outcome = pair.client
      .request({ method: methods.PUT, path: 'o', payload: body(40) })
      .catch((error) => error);
    await pair.advance(0);
    const [{ token, messageId }] = decoded(pair.links.client) as [CoapMessage];
    pair.links.client.inject(
      encodeMessage({
        type: messageTypes.ACK,
        messageId,
        code: codes.continue,
        token,
        options,
        payload: noBytes,
      }),
    );
    expect(await pair.settle(outcome)).toMatchObject({ code: 'coap.blockwise' });
  });
});

describe('blocks of an upload, as a server takes them', () => {
  let messageId = 0;
  const put = (
    pair: CoapPair,
    number: number,
    more: boolean,
    payload: Uint8Array,
    further: { path?: string; format?: number; size?: number; exponent?: number } = {},
  ): string => {
    const { path = 'o', format, size, exponent = 0 } = further;
    const options = [
      stringOption(uriPath, path),
      blockOption(block1, { number, more, sizeExponent: exponent }),
    ];
    if (format !== undefined) options.push(uintOption(contentFormat, format));
    if (size !== undefined) options.push(uintOption(size1, size));
    pair.links.server.inject(
      encodeMessage({
        type: CON,
        messageId: messageId++,
        code: methods.PUT,
        token: Uint8Array.of(messageId & 0xff),
        options,
        payload,
      }),
    );
    const answer = decoded(pair.links.server).at(-1) as CoapMessage;
    return `${codeText(answer.code)} ${Buffer.from(answer.payload)}`.trim();
  };
  const serverOnly = (settings = {}): { pair: CoapPair; puts: Uint8Array[] } => {
    const { handler, puts } = store();
    const pair = new CoapPair({ settings, serves: handler });
    pair.client.stop();
    return { pair, puts };
  };

  test('in the wrong order are 4.08, and the transfer is over', () => {
    const { pair, puts } = serverOnly();
    expect(put(pair, 1, true, body(16))).toBe('4.08 block 1 came where no transfer has begun');
    expect(put(pair, 0, true, body(16))).toBe('2.31');
    expect(put(pair, 2, true, body(16))).toBe('4.08 block 2 came where the block at byte 16 was due');
    expect(put(pair, 1, false, body(16))).toBe('4.08 block 1 came where no transfer has begun');
    expect(puts).toEqual([]);
    expect(pair.serverContext.partialBytes).toBe(0);
    expect(pair.leftTimers()).toEqual(['memory link', 'memory link', 'memory link', 'memory link']);
  });

  test('begin anew with block 0', () => {
    const { pair, puts } = serverOnly();
    put(pair, 0, true, body(16, 1));
    put(pair, 1, true, body(16, 2));
    put(pair, 0, true, body(16, 3));
    expect(put(pair, 1, false, body(3, 4))).toBe('2.04');
    expect(Buffer.concat([body(16, 3), body(3, 4)]).equals(puts[0] as Uint8Array)).toBe(true);
  });

  test.each([
    ['too short', true, 15, '4.00 a block of 16 bytes came with 15'],
    ['too long', true, 17, '4.00 a block of 16 bytes came with 17'],
    ['the last one too long', false, 17, '4.00 a block of 16 bytes came with 17'],
  ])('%s are 4.00', (_, more, length, expected) => {
    expect(put(serverOnly().pair, 0, more, body(length))).toBe(expected);
  });

  test('of another content format are not of the same body', () => {
    const { pair } = serverOnly();
    put(pair, 0, true, body(16), { format: 0 });
    expect(put(pair, 1, false, body(16), { format: 42 })).toMatch(/^4\.08/);
  });

  test('above maxBodyBytes are 4.13, as soon as that is known', () => {
    const { pair, puts } = serverOnly({ maxBodyBytes: 40 });
    expect(put(pair, 0, true, body(16), { size: 41 })).toBe('4.13 the body is above maxBodyBytes, 40');
    expect(put(pair, 0, true, body(16))).toBe('2.31');
    expect(put(pair, 1, true, body(16))).toBe('2.31');
    expect(put(pair, 2, false, body(16))).toBe('4.13 the body is above maxBodyBytes, 40');
    expect(put(pair, 2, false, body(8))).toMatch(/^4\.08/);
    expect(puts).toEqual([]);
    expect(pair.serverContext.partialBytes).toBe(0);
  });

  test('above maxPartialBytes, over all peers, are 5.03', () => {
    const { pair } = serverOnly({ maxPartialBytes: 40 });
    put(pair, 0, true, body(16), { path: 'a' });
    put(pair, 0, true, body(16), { path: 'b' });
    expect(put(pair, 0, true, body(16), { path: 'c' })).toBe(
      '5.03 too much is being transferred at the moment (maxPartialBytes)',
    );
    expect(put(pair, 1, false, body(8), { path: 'a' })).toBe('2.04');
    expect(put(pair, 0, true, body(16), { path: 'c' })).toBe('2.31');
  });

  test('of a body that begins anew make room for it first', () => {
    const { pair } = serverOnly({ maxPartialBytes: 40 });
    put(pair, 0, true, body(16));
    put(pair, 1, true, body(16));
    expect(put(pair, 0, true, body(16))).toBe('2.31');
    expect(pair.serverContext.partialBytes).toBe(16);
  });

  test('of more than maxTransfers bodies at a time push the oldest out', () => {
    const { pair } = serverOnly({ maxTransfers: 2 });
    for (const path of ['a', 'b', 'c']) put(pair, 0, true, body(16), { path });
    expect(put(pair, 1, false, body(8), { path: 'a' })).toMatch(/^4\.08/);
    expect(put(pair, 1, false, body(8), { path: 'b' })).toBe('2.04');
    expect(put(pair, 1, false, body(8), { path: 'c' })).toBe('2.04');
  });

  test('are forgotten when no more come for EXCHANGE_LIFETIME', () => {
    const { pair } = serverOnly();
    put(pair, 0, true, body(16));
    pair.clock.advance(exchangeLifetimeMs(coapDefaults) - 1);
    expect(put(pair, 1, true, body(16))).toBe('2.31');
    pair.clock.advance(exchangeLifetimeMs(coapDefaults) + 1);
    expect(put(pair, 2, false, body(16))).toMatch(/^4\.08/);
    expect(pair.serverContext.partialBytes).toBe(0);
  });

  test('of a stopped endpoint free what they took', () => {
    const { pair } = serverOnly();
    put(pair, 0, true, body(16));
    pair.server.stop();
    expect(pair.serverContext.partialBytes).toBe(0);
    expect(pair.leftTimers()).toEqual(['memory link']);
  });
});
