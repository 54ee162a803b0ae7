import { describe, expect, test } from 'vitest';
import { CoapPair, decoded } from '../../testing/coap-kit.ts';
import { encodeMessage } from './codec.ts';
import { codes, codeText, methods } from './codes.ts';
import { type CoapMessage, type CoapOption, emptyMessage, messageTypes, noBytes } from './message.ts';
import { optionNumbers, stringOption, uintOption } from './options.ts';
import type { CoapRequest } from './request.ts';

const { CON, NON, ACK, RST } = messageTypes;
const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const get = { method: methods.GET, path: 'x' };

const message = (fields: Partial<CoapMessage> = {}): Uint8Array =>
  encodeMessage({
    type: CON,
    messageId: 77,
    code: methods.GET,
    token: hex('0102'),
    options: [],
    payload: noBytes,
    ...fields,
  });

/** A server that the test sends raw datagrams, and what it got to handle. */
function rawServer(settings = {}): {
  pair: CoapPair;
  handled: CoapRequest[];
  answers: (datagram: Uint8Array) => string[];
} {
  const handled: CoapRequest[] = [];
  const pair = new CoapPair({
    settings,
    serves: (request) => {
      handled.push(request);
      return { code: codes.content };
    },
  });
  pair.client.stop();
  const answers = (datagram: Uint8Array): string[] => {
    const before = pair.links.server.sent.length;
    pair.links.server.inject(datagram);
    return decoded(pair.links.server)
      .slice(before)
      .map(({ type, code, payload }) => `${type} ${codeText(code)} ${Buffer.from(payload)}`.trim());
  };
  return { pair, handled, answers };
}

const rejected = [`${RST} 0.00`];

describe('what is no message', () => {
  test.each([
    ['token length 9', '49 01 0001 000000000000000000', rejected],
    ['an option cut off', '40 01 0001 b5 61', rejected],
    ['a payload marker without payload', '40 01 0001 ff', rejected],
    ['a reserved option delta', '40 01 0001 f0', rejected],
    ['a reserved code class', '40 e1 0001', rejected],
    ['the same without confirmation', '59 01 0001 000000000000000000', []],
    ['an acknowledgement with token length 9', '69 45 0001 000000000000000000', []],
    ['a reset with a code', '70 45 0001', []],
    ['another version', '80 01 0001', []],
    ['three bytes', '40 01 00', []],
    ['nothing', '', []],
  ])('%s', (_, bytes, expected) => {
    const { pair, handled, answers } = rawServer();
    expect(answers(hex(bytes))).toEqual(expected);
    expect(handled).toEqual([]);
    expect(pair.log[0]).toMatchObject({ direction: 'in', malformed: expect.any(String), message: undefined });
    expect(pair.serverContext.duplicates.size).toBe(0);
  });
});

describe('messages without a request', () => {
  test('a ping is answered with a reset', () => {
    const { pair, answers } = rawServer();
    expect(answers(encodeMessage(emptyMessage(CON, 0xbeef)))).toEqual(rejected);
    expect(decoded(pair.links.server)[0]?.messageId).toBe(0xbeef);
  });

  test.each([
    ['an empty unconfirmed message', emptyMessage(NON, 1)],
    ['an acknowledgement of nothing', emptyMessage(ACK, 1)],
    ['a reset of nothing', emptyMessage(RST, 1)],
  ])('%s is passed over', (_, empty) => {
    expect(rawServer().answers(encodeMessage(empty))).toEqual([]);
  });

  test('a response that nobody asked for is rejected, without confirmation only when it is a notification', () => {
    const response = { code: codes.content, token: hex('99') };
    const { answers } = rawServer();
    expect(answers(message(response))).toEqual(rejected);
    expect(answers(message({ ...response, type: NON, messageId: 78 }))).toEqual([]);
    const options = [uintOption(optionNumbers.observe, 5)];
    expect(answers(message({ ...response, type: NON, messageId: 79, options }))).toEqual(rejected);
    expect(answers(message({ ...response, type: ACK, messageId: 80 }))).toEqual([]);
  });

  test('pings of this side are answered by the peer', async () => {
    const pair = new CoapPair();
    await pair.settle(pair.client.ping());
    expect(pair.lines).toEqual(['in CON 0.00', 'out RST 0.00']);
    pair.links.client.drop = () => true;
    await expect(pair.settle(pair.client.ping())).rejects.toMatchObject({ code: 'coap.timeout' });
    expect(pair.leftTimers()).toEqual([]);
  });
});

describe('options of requests', () => {
  const option = (number: number, value = ''): CoapOption => ({ number, value: hex(value) });

  test.each<[string, CoapOption[], string]>([
    ['9, OSCORE, which is critical', [option(9)], 'option 9'],
    ['a critical one that nobody knows', [option(65001)], 'option 65001'],
    ['If-Match, which no handler here looks at', [option(1, '01')], 'option If-Match'],
    ['If-None-Match', [option(5)], 'option If-None-Match'],
    ['Uri-Host without bytes', [option(3)], 'option Uri-Host'],
    ['Uri-Path that is no UTF-8', [option(11, 'c3 28')], 'option Uri-Path'],
    ['Accept of 3 bytes', [option(17, '010203')], 'option Accept'],
    ['Accept twice', [option(17), option(17)], 'option Accept'],
    ['Block1 of 4 bytes', [option(27, '01020304')], 'option Block1'],
    ['Block2 twice', [option(23), option(23)], 'option Block2'],
  ])('%s: 4.02, or a reset', (_, options, named) => {
    const { handled, answers } = rawServer();
    expect(answers(message({ options }))).toEqual([`2 4.02 ${named} is not understood, not in this form`]);
    expect(answers(message({ type: NON, messageId: 78, options }))).toEqual(rejected);
    expect(handled).toEqual([]);
  });

  test.each<[string, CoapOption[]]>([
    ['one that nobody knows', [option(65000, 'ff')]],
    ['ETag of 9 bytes', [option(4, '010203040506070809')]],
    ['Content-Format of 3 bytes', [option(12, '010203')]],
    ['Observe of 4 bytes', [option(6, '00000000')]],
    ['Observe 7', [option(6, '07')]],
  ])('%s is elective, and passed over', (_, options) => {
    const { handled, answers } = rawServer();
    expect(answers(message({ options }))).toEqual(['2 2.05']);
    expect(handled[0]).toMatchObject({ contentFormat: undefined, observe: undefined });
    expect(handled[0]?.option(4)).toBeUndefined();
  });

  test('the first counts when an elective one is there twice', () => {
    const { handled, answers } = rawServer();
    answers(message({ options: [option(12, '01'), option(12, '02')] }));
    expect(handled[0]?.contentFormat).toBe(1);
  });

  test('Uri-Host, Uri-Port and options that the handler understands are fine', () => {
    const { handled, answers } = rawServer({ understoodOptions: [1] });
    const options = [option(1, 'aa'), stringOption(3, 'localhost'), uintOption(7, 5683)];
    expect(answers(message({ options }))).toEqual(['2 2.05']);
    expect(Buffer.from(handled[0]?.option(1) ?? noBytes)).toEqual(Buffer.from('aa', 'hex'));
  });

  test('this is no proxy', () => {
    const { answers } = rawServer();
    expect(answers(message({ options: [stringOption(35, 'coap://a/b')] }))).toEqual([
      '2 5.05 this is no proxy',
    ]);
    const options = [stringOption(39, 'http')];
    expect(answers(message({ messageId: 78, options }))).toEqual(['2 5.05 this is no proxy']);
  });

  test('unknown methods are 4.05', () => {
    const { handled, answers } = rawServer();
    expect(answers(message({ code: 0x08 }))).toEqual(['2 4.05 method 0.08 is not known']);
    expect(answers(message({ code: 0x1f, messageId: 78 }))).toEqual(['2 4.05 method 0.31 is not known']);
    expect(handled).toEqual([]);
  });

  test('the reserved block size is 4.00', () => {
    const { answers } = rawServer();
    expect(answers(message({ options: [option(23, '07')] }))).toEqual(['2 4.00 block size 7 is reserved']);
    const options = [option(27, '0f')];
    expect(answers(message({ code: methods.PUT, messageId: 78, options }))).toEqual([
      '2 4.00 block size 7 is reserved',
    ]);
  });

  test('a message above maxMessageBytes is 4.13, with the size of blocks to use', () => {
    const { pair, handled, answers } = rawServer({ maxMessageBytes: 200, blockBytes: 128 });
    const large = message({ code: methods.PUT, payload: new Uint8Array(200) });
    expect(answers(large)).toEqual(['2 4.13 a message of 207 bytes is above maxMessageBytes, 200']);
    const [hint] = decoded(pair.links.server)[0]?.options ?? [];
    expect([hint?.number, hint?.value[0]]).toEqual([optionNumbers.block1, 3]);
    expect(handled).toEqual([]);
  });
});

describe('No-Response (RFC 7967)', () => {
  test.each([
    [0, codes.content, ['2 2.05']],
    [2, codes.content, ['2 0.00']],
    [2, codes.notFound, ['2 4.04']],
    [8, codes.notFound, ['2 0.00']],
    [16, codes.internalServerError, ['2 0.00']],
    [26, codes.changed, ['2 0.00']],
  ])('%d and %d: %s', (value, code, expected) => {
    const pair = new CoapPair({ serves: () => ({ code }) });
    const options = [uintOption(optionNumbers.noResponse, value)];
    pair.links.server.inject(message({ options }));
    pair.links.server.inject(message({ type: NON, messageId: 78, options }));
    const sent = decoded(pair.links.server).map(
      ({ type, code: sentCode }) => `${type} ${codeText(sentCode)}`,
    );
    const silent = expected[0] === '2 0.00';
    expect(sent).toEqual(silent ? expected : [...expected, expected[0]?.replace('2 ', '1 ')]);
  });
});

describe('responses', () => {
  const answering = async (
    fields: Partial<CoapMessage>,
    settings = {},
  ): Promise<{ error: unknown; sent: CoapMessage[] }> => {
    const pair = new CoapPair({ clientSettings: settings });
    pair.server.stop();
    const outcome = pair.client.request(get).then(
      (response) => response,
      (error) => error,
    );
    await pair.advance(0);
    const [asked] = decoded(pair.links.client);
    const { token, messageId } = asked as CoapMessage;
    const options = fields.options ?? [];
    pair.links.client.inject(
      message({ type: ACK, code: codes.content, token, messageId, ...fields, options }),
    );
    pair.client.stop('the test is over');
    return { error: await outcome, sent: decoded(pair.links.client).slice(1) };
  };

  test('with a critical option that is not understood fail the request, and are rejected', async () => {
    const options = [{ number: 9, value: noBytes }];
    const piggybacked = await answering({ options });
    expect(piggybacked.error).toMatchObject({
      code: 'coap.badOption',
      message: expect.stringContaining('critical option 9'),
    });
    const separate = await answering({ options, type: CON, messageId: 5 });
    expect(separate.error).toMatchObject({ code: 'coap.badOption' });
    expect(separate.sent).toEqual([emptyMessage(RST, 5)]);
  });

  test('in an acknowledgement have the token of the request', async () => {
    const { error } = await answering({ token: hex('77') });
    expect(error).toMatchObject({ code: 'coap.linkClosed' });
  });

  test('above maxMessageBytes fail the request', async () => {
    const { error } = await answering(
      { type: CON, payload: new Uint8Array(300) },
      { maxMessageBytes: 200, blockBytes: 128 },
    );
    expect(error).toMatchObject({
      code: 'coap.tooLarge',
      message: expect.stringContaining('maxMessageBytes, 200'),
    });
  });
});

test('the log tells each message with its direction, time, size and peer', async () => {
  const pair = new CoapPair({ serves: () => ({ code: codes.content, payload: hex('0102') }) });
  const startMs = pair.clock.now();
  await pair.settle(pair.client.request(get));
  expect(pair.log.every(({ link }) => link === pair.links.server)).toBe(true);
  expect(pair.log).toMatchObject([
    {
      direction: 'in',
      peer: 'client',
      timeMs: startMs,
      bytes: 14,
      message: { type: CON, code: methods.GET },
    },
    {
      direction: 'out',
      peer: 'client',
      timeMs: startMs,
      bytes: 15,
      message: { type: ACK, code: codes.content },
    },
  ]);
});
