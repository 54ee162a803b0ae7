import { describe, expect, it } from 'vitest';
import { dtlsCaptures } from '../../testing/dtls-captures.ts';
import fc from '../../testing/properties.ts';
import { alertName, decodeAlert, encodeAlert } from './alert.ts';
import { ByteReader, MalformedError } from './bytes.ts';
import { decodeExtensions, encodeExtensions, type HelloExtensions } from './extensions.ts';
import { cutMessage, decodeFragments, encodeMessage } from './handshake-message.ts';
import {
  type ClientHello,
  decodeClientHello,
  decodeHelloStart,
  decodeHelloVerifyRequest,
  decodeServerHello,
  encodeClientHello,
  encodeHelloVerifyRequest,
  encodeServerHello,
  isAtLeastDtls12,
} from './hello.ts';
import {
  decodeClientKeyExchange,
  decodeServerKeyExchange,
  encodeClientKeyExchange,
  encodeServerKeyExchange,
} from './key-exchange.ts';
import { Reassembly } from './reassembly.ts';
import { contentTypes, plainRecord, readRecords } from './record.ts';
import { RecordProtection } from './record-protection.ts';
import { ReplayWindow } from './replay-window.ts';
import { cipherSuites } from './suites.ts';

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const upTo = (most: number, least = 0) => fc.uint8Array({ minLength: least, maxLength: most });
const uint16 = fc.integer({ min: 0, max: 0xffff });

const extensions: fc.Arbitrary<HelloExtensions> = fc.record(
  {
    serverName: fc.stringMatching(/^[a-z0-9.-]{1,60}$/),
    groups: fc.array(uint16, { minLength: 1, maxLength: 8 }),
    pointFormats: fc.constant(true),
    extendedMasterSecret: fc.constant(true),
    connectionId: upTo(32),
    renegotiationInfo: fc.constant(true),
  },
  { requiredKeys: [] },
);
const clientHello: fc.Arbitrary<ClientHello> = fc.record({
  version: uint16,
  random: upTo(32, 32),
  sessionId: upTo(32),
  cookie: upTo(255),
  suites: fc.array(fc.integer({ min: 0x100, max: 0xffff }), { minLength: 1, maxLength: 20 }),
  extensions: extensions.map((each) => ({ ...each, renegotiationInfo: each.renegotiationInfo ?? false })),
});
const serverHello = fc.record({
  random: upTo(32, 32),
  sessionId: upTo(32),
  suite: uint16,
  extensions,
});
const share = fc.record({ group: uint16, point: upTo(255, 1) });

/** Each codec: values, how they are written, and how they are read. */
const codecs: [string, fc.Arbitrary<any>, (value: any) => Uint8Array, (body: Uint8Array) => unknown][] = [
  ['ClientHello', clientHello, encodeClientHello, decodeClientHello],
  ['ServerHello', serverHello, encodeServerHello, decodeServerHello],
  [
    'HelloVerifyRequest',
    fc.record({ cookie: upTo(255) }),
    ({ cookie }) => encodeHelloVerifyRequest(cookie),
    decodeHelloVerifyRequest,
  ],
  [
    'ServerKeyExchange of PSK',
    fc.record({ hint: upTo(100), share: fc.constant(undefined) }),
    encodeServerKeyExchange,
    (body) => decodeServerKeyExchange(body, false),
  ],
  [
    'ServerKeyExchange of ECDHE_PSK',
    fc.record({ hint: upTo(100), share }),
    encodeServerKeyExchange,
    (body) => decodeServerKeyExchange(body, true),
  ],
  [
    'ClientKeyExchange of PSK',
    fc.record({ identity: upTo(100), point: fc.constant(undefined) }),
    encodeClientKeyExchange,
    (body) => decodeClientKeyExchange(body, false),
  ],
  [
    'ClientKeyExchange of ECDHE_PSK',
    fc.record({ identity: upTo(100), point: upTo(255, 1) }),
    encodeClientKeyExchange,
    (body) => decodeClientKeyExchange(body, true),
  ],
  [
    'alert',
    fc.record({ level: fc.constantFrom('warning', 'fatal'), description: fc.nat(255) }),
    encodeAlert,
    decodeAlert,
  ],
];

/** Reads it or throws MalformedError, and nothing else. */
function readsOrRefuses(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedError);
  }
}

describe.each(codecs)('%s', (_, values, encode, decode) => {
  it('comes out as it went in', () => {
    fc.assert(fc.property(values, (value) => void expect(decode(encode(value))).toMatchObject(value)));
  });

  it('is refused with a byte too many, and read or refused with any too few', () => {
    fc.assert(
      fc.property(values, (value) => {
        const encoded = encode(value);
        expect(() => decode(new Uint8Array([...encoded, 0]))).toThrow(MalformedError);
        for (let length = 0; length < encoded.length; length++) {
          readsOrRefuses(() => decode(encoded.subarray(0, length)));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('is read or refused when it is damaged, and when it is anything', () => {
    fc.assert(
      fc.property(values, fc.nat(), fc.nat(255), upTo(300), (value, position, byte, anything) => {
        const encoded = encode(value);
        encoded[position % encoded.length] = byte;
        readsOrRefuses(() => decode(encoded));
        readsOrRefuses(() => decode(anything));
      }),
    );
  });
});

describe('extensions', () => {
  // Type, length, content, as the RFC of each has it.
  it.each<[string, string, HelloExtensions]>([
    ['server name (RFC 6066, 3)', '0000 000e 000c 00 0009 6c6f63616c686f7374', { serverName: 'localhost' }],
    ['groups (RFC 8422, 5.1.1)', '000a 0006 0004 0017 0018', { groups: [23, 24] }],
    ['point formats (RFC 8422, 5.1.2)', '000b 0002 01 00', { pointFormats: true }],
    ['extended master secret (RFC 7627, 5.1)', '0017 0000', { extendedMasterSecret: true }],
    ['connection id (RFC 9146, 3)', '0036 0003 02 c1d2', { connectionId: bytes('c1d2') }],
    ['an empty connection id', '0036 0001 00', { connectionId: new Uint8Array(0) }],
    ['renegotiation info (RFC 5746, 3.2)', 'ff01 0001 00', { renegotiationInfo: true }],
  ])('have the form of the standard: %s', (_, text, value) => {
    const content = bytes(text);
    const block = new Uint8Array([0, content.length, ...content]);
    expect(Buffer.from(encodeExtensions(value)).toString('hex')).toBe(Buffer.from(block).toString('hex'));
    expect(decodeExtensions(new ByteReader(block)).extensions).toEqual(value);
  });

  it.each([
    ['the same twice', '0008 0017 0000 0017 0000'],
    ['one that ends behind the block', '0005 0017 0005 00'],
    ['data of an earlier renegotiation', '0006 ff01 0002 01 aa'],
    ['a server name without a name', '0006 0000 0002 0000'],
    ['a connection id with something behind it', '0007 0036 0003 01 aa bb'],
  ])('are refused: %s', (_, text) => {
    expect(() => decodeExtensions(new ByteReader(bytes(text)))).toThrow(MalformedError);
  });

  it('that are not known are left alone', () => {
    const { extensions: known, present } = decodeExtensions(
      new ByteReader(bytes('0008 1234 0000 0017 0000')),
    );
    expect(known).toEqual({ extendedMasterSecret: true });
    expect([...present]).toEqual([0x1234, 23]);
  });
});

describe('hellos of other makers', () => {
  const hellos = dtlsCaptures.map(({ datagrams }) => readRecords(datagrams[0]!.bytes, 0).records[0]!);

  it('are read, and their start alone is read from a part', () => {
    for (const { fragment } of hellos) {
      const { part } = decodeFragments(fragment)[0]!;
      const hello = decodeClientHello(part);
      expect(hello.extensions.renegotiationInfo).toBe(true);
      expect(decodeHelloStart(part.subarray(0, 40))).toMatchObject({ version: 0xfefd, random: hello.random });
      for (let length = 0; length < part.length; length++) {
        readsOrRefuses(() => decodeClientHello(part.subarray(0, length)));
      }
    }
  });
});

it('versions count down', () => {
  expect([0xfefd, 0xfefc, 0xfe00].every(isAtLeastDtls12)).toBe(true);
  expect([0xfeff, 0xfefe, 0x0303, 0x0100].some(isAtLeastDtls12)).toBe(false);
});

it('alerts have the names of the standard, and unknown ones their number', () => {
  expect([20, 115, 99].map(alertName)).toEqual(['bad_record_mac', 'unknown_psk_identity', 'alert 99']);
});

describe('records', () => {
  it('are found in a datagram, up to the first that is none', () => {
    const first = plainRecord(contentTypes.handshake, 0xfeff, 2 ** 40 + 7, bytes('010203'));
    const second = plainRecord(contentTypes.alert, 0xfefd, 8, bytes('0228'));
    const { records, malformed } = readRecords(new Uint8Array([...first, ...second, 0x16, 0xfe]), 0);
    expect(malformed).toBe(true);
    expect(records).toMatchObject([
      { type: 22, version: 0xfeff, epoch: 0, sequence: 2 ** 40 + 7 },
      { type: 21, version: 0xfefd, epoch: 0, sequence: 8 },
    ]);
  });

  it('of mbedTLS 2.28, whose first has version 0xfe00, are records', () => {
    expect(readRecords(plainRecord(22, 0xfe00, 0, bytes('01')), 0)).toMatchObject({ malformed: false });
  });

  it.each([
    ['of TLS', '16 0303 0000 000000000000 0001 00'],
    ['of a kind that there is not', '18 fefd 0000 000000000000 0001 00'],
    ['longer than the datagram', '16 fefd 0000 000000000000 0002 00'],
    ['longer than allowed', `16 fefd 0000 000000000000 4801 ${'00'.repeat(0x4801)}`],
  ])('are none: %s', (_, text) => {
    expect(readRecords(bytes(text), 0)).toEqual({ records: [], malformed: true });
  });

  it('have the form of RFC 9146 with a connection id', () => {
    const keys = { key: new Uint8Array(16), salt: new Uint8Array(4) };
    const protection = new RecordProtection(cipherSuites[0]!, keys, bytes('c1c2c3'));
    const record = protection.seal(1, 5, contentTypes.applicationData, bytes('616263'));
    // Type 25, version, epoch and number, the id, the length of nonce, content with its type, and tag.
    const header = '19 fefd 0001 000000000005 c1c2c3 0014 0001000000000005';
    expect(Buffer.from(record.subarray(0, 24)).toString('hex')).toBe(header.replaceAll(' ', ''));
    const [read] = readRecords(record, 3).records;
    expect(protection.open(read!)).toEqual({ type: 23, content: bytes('616263') });
    const other = new RecordProtection(cipherSuites[0]!, keys, bytes('c1c2c4'));
    expect(other.open(read!)).toBeUndefined();
    expect(new RecordProtection(cipherSuites[0]!, keys).open(read!)).toBeUndefined();
  });

  it('come out as they went in, with every suite, and not at all when a bit is changed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...cipherSuites),
        upTo(200),
        upTo(8),
        fc.integer({ min: 0, max: 2 ** 48 - 1 }),
        fc.nat(),
        (suite, content, connectionId, sequence, bit) => {
          const keys = { key: new Uint8Array(suite.keyBytes).fill(7), salt: bytes('01020304') };
          const protection = new RecordProtection(suite, keys, connectionId);
          const sealed = protection.seal(1, sequence, contentTypes.applicationData, content);
          expect(sealed.length).toBe(content.length + protection.overheadBytes);
          const [record] = readRecords(sealed, connectionId.length).records;
          expect(record).toMatchObject({ epoch: 1, sequence });
          const opened = protection.open(record!);
          expect([opened?.type, ...(opened?.content ?? [])]).toEqual([23, ...content]);
          sealed[(bit >> 3) % sealed.length]! ^= 1 << (bit & 7);
          const [damaged] = readRecords(sealed, connectionId.length).records;
          if (damaged) expect(protection.open(damaged)).toBeUndefined();
        },
      ),
    );
  });
});

describe('the replay window', () => {
  it('takes each number once, and none that is 64 or more behind', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(200), fc.nat(2 ** 45)), { maxLength: 300 }), (numbers) => {
        const window = new ReplayWindow();
        const seen = new Set<number>();
        let newest = -1;
        for (const number of numbers) {
          expect(window.hasSeen(number)).toBe(seen.has(number) || number <= newest - 64);
          if (window.hasSeen(number)) continue;
          window.note(number);
          seen.add(number);
          newest = Math.max(newest, number);
        }
      }),
    );
  });
});

describe('messages in parts', () => {
  const message = fc.record({ type: fc.nat(255), messageSequence: uint16, body: upTo(400) });

  it('are whole again, in whatever order and however often their parts come', () => {
    fc.assert(
      fc.property(
        message,
        fc.array(fc.tuple(fc.nat(400), fc.integer({ min: 1, max: 90 })), { maxLength: 30 }),
        (whole, cuts) => {
          const encoded = encodeMessage(whole);
          const reassembly = new Reassembly(whole.messageSequence, 400);
          const { length } = whole.body;
          const add = (offset: number, partLength: number): void => {
            for (const part of decodeFragments(cutMessage(encoded, offset, partLength))) reassembly.add(part);
          };
          for (const [offset, partLength] of cuts) {
            if (offset < length) add(offset, Math.min(partLength, length - offset));
          }
          add(0, length);
          expect(reassembly.next()).toEqual({ ...whole, body: new Uint8Array(whole.body) });
          expect(reassembly.next()).toBeUndefined();
        },
      ),
    );
  });

  it('are given out in their order, and those far ahead are not kept', () => {
    const reassembly = new Reassembly(0, 400);
    for (const messageSequence of [9, 2, 1, 0]) {
      const body = Uint8Array.of(messageSequence);
      reassembly.add(decodeFragments(encodeMessage({ type: 1, messageSequence, body }))[0]!);
    }
    const order = [1, 2, 3, 4].map(() => reassembly.next()?.messageSequence);
    expect(order).toEqual([0, 1, 2, undefined]);
  });

  it('are read or refused when they are anything', () => {
    fc.assert(fc.property(upTo(200), (anything) => readsOrRefuses(() => decodeFragments(anything))));
    expect(() => decodeFragments(bytes('01 000002 0000 000001 000002 aabb'))).toThrow(
      'ends behind its message',
    );
    expect(() => decodeFragments(bytes('01 000002 0000 000001 000000'))).toThrow('without content');
    expect(decodeFragments(bytes('0e 000000 0002 000000 000000'))).toHaveLength(1);
  });
});
