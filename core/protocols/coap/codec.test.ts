import { generate, parse } from 'coap-packet';
import { describe, expect, test } from 'vitest';
import fc from '../../testing/properties.ts';
import { decodeMessage, encodeMessage, MalformedMessage, readHeader } from './codec.ts';
import { codes, codeText, methods, parseCode } from './codes.ts';
import { isCoapError } from './errors.ts';
import { type CoapMessage, type CoapOption, emptyMessage, messageTypes, noBytes } from './message.ts';

const { CON, NON, ACK, RST } = messageTypes;
const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'ascii'));
const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replace(/[^0-9a-f]/gi, ''), 'hex'));
const option = (number: number, value: Uint8Array = noBytes): CoapOption => ({ number, value });

const message = (fields: Partial<CoapMessage>): CoapMessage => ({
  type: CON,
  messageId: 0x7d34,
  code: methods.GET,
  token: noBytes,
  options: [],
  payload: noBytes,
  ...fields,
});

/** Views of a Buffer and plain arrays are the same to a reader, not to a comparison. */
const plain = ({ token, options, payload, ...rest }: CoapMessage): CoapMessage => ({
  ...rest,
  token: new Uint8Array(token),
  options: options.map(({ number, value }) => ({ number, value: new Uint8Array(value) })),
  payload: new Uint8Array(payload),
});

interface Vector {
  readonly source: string;
  readonly bytes: Uint8Array;
  readonly message: CoapMessage;
}

const temperature = ascii('temperature');
const vectors: readonly Vector[] = [
  {
    source: 'RFC 7252 A, figure 16: request',
    bytes: hex('40 01 7d34 bb 74656d7065726174757265'),
    message: message({ options: [option(11, temperature)] }),
  },
  {
    source: 'RFC 7252 A, figure 16: piggybacked response',
    bytes: hex('60 45 7d34 ff 32322e332043'),
    message: message({ type: ACK, code: codes.content, payload: ascii('22.3 C') }),
  },
  {
    source: 'RFC 7252 A, figure 17: request with a token',
    bytes: hex('41 01 7d35 20 bb 74656d7065726174757265'),
    message: message({ messageId: 0x7d35, token: hex('20'), options: [option(11, temperature)] }),
  },
  {
    source: 'RFC 7252 A, figure 17: response with a token',
    bytes: hex('61 45 7d35 20 ff 32322e332043'),
    message: message({
      type: ACK,
      code: codes.content,
      messageId: 0x7d35,
      token: hex('20'),
      payload: ascii('22.3 C'),
    }),
  },
  {
    source: 'RFC 7252 A, figure 20: empty acknowledgement',
    bytes: hex('60 00 7d38'),
    message: emptyMessage(ACK, 0x7d38),
  },
  {
    source: 'RFC 7252 A, figure 20: separate response',
    bytes: hex('41 45 ad7b 53 ff 32322e332043'),
    message: message({ code: codes.content, messageId: 0xad7b, token: hex('53'), payload: ascii('22.3 C') }),
  },
  {
    source: 'RFC 7252 A, figure 22: non-confirmable request',
    bytes: hex('51 01 7d40 75 bb 74656d7065726174757265'),
    message: message({ type: NON, messageId: 0x7d40, token: hex('75'), options: [option(11, temperature)] }),
  },
  {
    source: 'RFC 7252 4.3: reset, as the answer to a ping',
    bytes: hex('70 00 0001'),
    message: emptyMessage(RST, 1),
  },
  {
    source: 'RFC 7641 A.1, figure 2: registration, Observe 0 as no bytes',
    bytes: hex('41 01 1234 4a 60 5b 74656d7065726174757265'),
    message: message({
      messageId: 0x1234,
      token: hex('4a'),
      options: [option(6), option(11, temperature)],
    }),
  },
  {
    source: 'RFC 7959 3.1, figure 2: Block2 1:1/64 behind a path of two segments',
    bytes: hex('40 01 1235 b6 737461747573 04 69636f6e c1 1a'),
    message: message({
      messageId: 0x1235,
      options: [option(11, ascii('status')), option(11, ascii('icon')), option(23, hex('1a'))],
    }),
  },
  {
    source: 'RFC 8132 2: FETCH',
    bytes: hex('40 05 0001 b1 73 11 3c ff 7b7d'),
    message: message({
      code: methods.FETCH,
      messageId: 1,
      options: [option(11, ascii('s')), option(12, hex('3c'))],
      payload: ascii('{}'),
    }),
  },
  {
    source: 'RFC 7252 3.1: a delta of one more byte, for 60 and for 258, and of two, for 2000',
    bytes: hex(`40 02 0002 d1 2f 05 d1 b9 1a e3 05c1 010203`),
    message: message({
      code: methods.POST,
      messageId: 2,
      options: [option(60, hex('05')), option(258, hex('1a')), option(2000, hex('010203'))],
    }),
  },
  {
    source: 'RFC 7252 3.1: lengths of 12, 13, 268 and 269 bytes',
    bytes: Buffer.concat([
      hex('40 02 0003 bc'),
      Buffer.alloc(12, 1),
      hex('0d 00'),
      Buffer.alloc(13, 2),
      hex('0d ff'),
      Buffer.alloc(268, 3),
      hex('0e 0000'),
      Buffer.alloc(269, 4),
    ]),
    message: message({
      code: methods.POST,
      messageId: 3,
      options: [12, 13, 268, 269].map((length, index) => option(11, new Uint8Array(length).fill(index + 1))),
    }),
  },
  {
    source: 'RFC 7252 3: the longest token',
    bytes: hex('48 01 0004 0102030405060708'),
    message: message({ messageId: 4, token: hex('0102030405060708') }),
  },
];

describe.each(vectors)('$source', ({ bytes, message: expected }) => {
  test('is read', () => expect(plain(decodeMessage(bytes))).toEqual(expected));
  test('is written', () =>
    expect(Buffer.from(encodeMessage(expected)).toString('hex')).toBe(Buffer.from(bytes).toString('hex')));
  test('cut off anywhere is refused, or is a shorter message that is written as it came', () => {
    for (let length = 0; length < bytes.length; length++) {
      const cut = bytes.subarray(0, length);
      const decoded = attempt(cut);
      if (decoded instanceof MalformedMessage) expect(decoded.header === undefined).toBe(length < 4);
      else expect(Buffer.from(encodeMessage(decoded)).equals(cut)).toBe(true);
    }
  });
});

function attempt(bytes: Uint8Array): CoapMessage | MalformedMessage {
  try {
    return decodeMessage(bytes);
  } catch (error) {
    if (error instanceof MalformedMessage) return error;
    throw error;
  }
}

describe('what no message may be', () => {
  test.each([
    ['nothing', '', 'no CoAP message: 0 bytes'],
    ['three bytes', '40 01 00', 'no CoAP message: 3 bytes'],
    ['version 0', '00 01 0001', 'another version than 1'],
    ['version 2', '80 01 0001', 'another version than 1'],
    ['version 3', 'c0 01 0001', 'another version than 1'],
    ...[9, 10, 11, 12, 13, 14, 15].map((length): [string, string, string] => [
      `token length ${length}`,
      `4${length.toString(16)} 01 0001 ${'00'.repeat(20)}`,
      `token length ${length} is reserved`,
    ]),
    ['a token cut off', '44 01 0001 010203', 'the token is cut off'],
    ['an empty message with a token', '41 00 0001 01', 'an empty message has more than a header'],
    ['an empty message with an option', '40 00 0001 b0', 'an empty message has more than a header'],
    ['an empty message with a payload', '60 00 0001 ff 01', 'an empty message has more than a header'],
    ['a marker without payload', '40 01 0001 ff', 'a payload marker without a payload'],
    ['a marker without payload behind options', '40 01 0001 b1 61 ff', 'a payload marker without a payload'],
    ['option delta 15', '40 01 0001 f1 61', 'option delta 15 is reserved'],
    ['option length 15', '40 01 0001 bf 61', 'option length 15 is reserved'],
    ['a value cut off', '40 01 0001 b3 6161', 'the value of option 11 is cut off'],
    ['a delta byte cut off', '40 01 0001 d0', "an option's delta is cut off"],
    ['delta bytes cut off', '40 01 0001 e0 00', "an option's delta is cut off"],
    ['a length byte cut off', '40 01 0001 bd', "an option's length is cut off"],
    ['length bytes cut off', '40 01 0001 be 00', "an option's length is cut off"],
    ['an option number above 65535', '40 01 0001 e0 ffff', 'option number 65804 is above 65535'],
    ['option numbers that add up to it', '40 01 0001 e0 fef2 10', 'option number 65536 is above 65535'],
    ['code class 1', '40 20 0001', 'code 1.00 is of a reserved class'],
    ['code class 6', '40 c1 0001', 'code 6.01 is of a reserved class'],
    ['code class 7', '40 e1 0001', 'code 7.01 is of a reserved class'],
    ['a request in an acknowledgement', '60 01 0001', 'code 0.01 in an acknowledgement'],
    ['a request in a reset', '70 01 0001', 'code 0.01 in a reset'],
    ['a response in a reset', '70 45 0001', 'code 2.05 in a reset'],
  ])('%s', (_, bytes, reason) => {
    expect(() => decodeMessage(hex(bytes))).toThrow(reason);
  });

  test('the type and message id of what must be rejected are known', () => {
    const error = attempt(hex('5f 01 abcd'));
    expect(error).toMatchObject({ code: 'coap.malformed', header: { type: NON, messageId: 0xabcd } });
    expect(readHeader(hex('bf 01 abcd'))).toBeUndefined();
  });

  test.each<[string, Partial<CoapMessage>, string]>([
    ['a token of 9 bytes', { token: new Uint8Array(9) }, 'a token of 9 bytes, where 8 fit'],
    ['a message id of 17 bits', { messageId: 65536 }, 'message id 65536'],
    ['a code of 9 bits', { code: 256 }, 'code 256'],
    ['a ping with a payload', { code: 0, payload: hex('01') }, 'an empty message has no token'],
    ['a request as acknowledgement', { type: ACK }, 'code 0.01 does not go into'],
    ['a response as reset', { type: RST, code: codes.content }, 'code 2.05 does not go into'],
    ['an option number of 17 bits', { options: [option(65536)] }, 'option number 65536'],
    [
      'a value of 65,805 bytes',
      { options: [option(11, new Uint8Array(65_805))] },
      'option 11 has 65805 bytes',
    ],
  ])('%s is not written', (_, fields, reason) => {
    expect(() => encodeMessage(message(fields))).toThrow(reason);
  });
});

test('options are written in the order of their numbers, and those of one number in the order given', () => {
  const options = [
    option(15, ascii('b')),
    option(11, ascii('x')),
    option(15, ascii('a')),
    option(11, ascii('y')),
  ];
  const read = decodeMessage(encodeMessage(message({ options }))).options;
  expect(read.map(({ number, value }) => [number, Buffer.from(value).toString()])).toEqual([
    [11, 'x'],
    [11, 'y'],
    [15, 'b'],
    [15, 'a'],
  ]);
});

test('codes are written as the standards write them', () => {
  expect(codeText(codes.content)).toBe('2.05');
  expect(codeText(methods.iPATCH)).toBe('0.07');
  expect(codeText(codes.continue)).toBe('2.31');
  for (let code = 0; code < 256; code++) expect(parseCode(codeText(code))).toBe(code);
  for (const text of ['', '2.5', '8.00', '2.32', '2.051', '-2.05', '2.99'])
    expect(parseCode(text)).toBeUndefined();
});

const bytes = (maxLength: number, minLength = 0): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength, maxLength });

const anyMessage: fc.Arbitrary<CoapMessage> = fc
  .record({
    type: fc.constantFrom(CON, NON, ACK, RST),
    messageId: fc.nat(65535),
    code: fc.oneof(fc.nat(31), fc.integer({ min: 0x40, max: 0xbf })),
    token: bytes(8),
    options: fc.array(fc.record({ number: fc.nat(65535), value: fc.oneof(bytes(20), bytes(700, 250)) }), {
      maxLength: 8,
    }),
    payload: bytes(64),
  })
  .map((found) => {
    if (found.type === RST || found.code === 0) return emptyMessage(found.type, found.messageId);
    const type = found.type === ACK && found.code < 32 ? CON : found.type;
    const options = [...found.options].sort((a, b) => a.number - b.number);
    return { ...found, type, options };
  });

describe('any message', () => {
  test('is read as it was written', () => {
    fc.assert(
      fc.property(anyMessage, (sent) => {
        expect(plain(decodeMessage(encodeMessage(sent)))).toEqual(sent);
      }),
    );
  });

  test('is the same to coap-packet, both ways', () => {
    fc.assert(
      fc.property(anyMessage, (sent) => {
        const written = Buffer.from(encodeMessage(sent));
        const read = parse(written);
        expect(read).toMatchObject({
          code: codeText(sent.code),
          messageId: sent.messageId,
          confirmable: sent.type === CON,
          ack: sent.type === ACK,
          reset: sent.type === RST,
        });
        expect(read.token?.equals(sent.token)).toBe(true);
        expect(read.payload?.equals(sent.payload)).toBe(true);
        expect(read.options?.map(({ value }) => Buffer.from(value as Buffer).toString('hex'))).toEqual(
          sent.options.map(({ value }) => Buffer.from(value).toString('hex')),
        );
        expect(generate({ ...read }, 70_000).equals(written)).toBe(true);
      }),
    );
  });

  test('with bytes changed is refused or is another message, and nothing else happens', () => {
    const change = fc.record({ at: fc.nat(), by: fc.integer({ min: 1, max: 255 }) });
    fc.assert(
      fc.property(anyMessage, fc.array(change, { minLength: 1, maxLength: 4 }), (sent, changes) => {
        const written = new Uint8Array(encodeMessage(sent));
        for (const { at, by } of changes) {
          const index = at % written.length;
          written[index] = (written[index] as number) ^ by;
        }
        const read = attempt(written);
        // A value may be written in more bytes than it needs, so only its meaning comes back.
        if (!(read instanceof MalformedMessage)) {
          expect(plain(decodeMessage(encodeMessage(read)))).toEqual(plain(read));
        }
      }),
    );
  });
});

test('any bytes are refused with a CoapError or read', () => {
  fc.assert(
    fc.property(bytes(80), (found) => {
      const read = attempt(found);
      if (read instanceof MalformedMessage) expect(isCoapError(read, 'coap.malformed')).toBe(true);
      else expect(decodeMessage(encodeMessage(read)).code).toBe(read.code);
    }),
    { numRuns: 2000 },
  );
});
