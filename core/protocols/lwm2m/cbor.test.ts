import { decode as cborgDecode, encode as cborgEncode } from 'cborg';
import { describe, expect, it } from 'vitest';
import fc from '../../testing/properties.ts';
import { type CborItem, readCbor } from './cbor-reader.ts';
import { type CborNode, writeCbor } from './cbor-writer.ts';
import { Lwm2mCodecError } from './codec-error.ts';
import { toInteger } from './value.ts';

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const read = (hex: string): CborItem => readCbor(bytesOf(hex), 'CBOR');
const whole = (value: number | bigint) => ({ whole: typeof value === 'bigint' ? toInteger(value) : value });
const list = (...values: number[]) => values.map(whole);

/** RFC 8949, appendix A; bignums (tags 2 and 3) are read as the tags they are. */
const appendixA: readonly (readonly [hex: string, item: CborItem])[] = [
  ['00', whole(0)],
  ['01', whole(1)],
  ['0a', whole(10)],
  ['17', whole(23)],
  ['1818', whole(24)],
  ['1819', whole(25)],
  ['1864', whole(100)],
  ['1903e8', whole(1000)],
  ['1a000f4240', whole(1_000_000)],
  ['1b000000e8d4a51000', whole(1_000_000_000_000)],
  ['1bffffffffffffffff', whole(18_446_744_073_709_551_615n)],
  ['c249010000000000000000', { tag: 2, item: bytesOf('010000000000000000') }],
  ['3bffffffffffffffff', whole(-18_446_744_073_709_551_616n)],
  ['20', whole(-1)],
  ['29', whole(-10)],
  ['3863', whole(-100)],
  ['3903e7', whole(-1000)],
  ['f90000', 0],
  ['f98000', -0],
  ['f93c00', 1],
  ['fb3ff199999999999a', 1.1],
  ['f93e00', 1.5],
  ['f97bff', 65_504],
  ['fa47c35000', 100_000],
  ['fa7f7fffff', 3.402_823_466_385_288_6e38],
  ['fb7e37e43c8800759c', 1e300],
  ['f90001', 2 ** -24],
  ['f90400', 2 ** -14],
  ['f9c400', -4],
  ['fbc010666666666666', -4.1],
  ['f97c00', Number.POSITIVE_INFINITY],
  ['f97e00', Number.NaN],
  ['f9fc00', Number.NEGATIVE_INFINITY],
  ['f4', false],
  ['f5', true],
  ['f6', null],
  ['f7', { simple: 23 }],
  ['f0', { simple: 16 }],
  ['f8ff', { simple: 255 }],
  ['c074323031332d30332d32315432303a30343a30305a', { tag: 0, item: '2013-03-21T20:04:00Z' }],
  ['c11a514b67b0', { tag: 1, item: whole(1_363_896_240) }],
  ['c1fb41d452d9ec200000', { tag: 1, item: 1_363_896_240.5 }],
  ['d74401020304', { tag: 23, item: bytesOf('01020304') }],
  ['d818456449455446', { tag: 24, item: bytesOf('6449455446') }],
  ['40', bytesOf('')],
  ['4401020304', bytesOf('01020304')],
  ['60', ''],
  ['6161', 'a'],
  ['6449455446', 'IETF'],
  ['62225c', '"\\'],
  ['62c3bc', 'ü'],
  ['63e6b0b4', '水'],
  ['64f0908591', '𐅑'],
  ['80', []],
  ['83010203', list(1, 2, 3)],
  ['8301820203820405', [whole(1), list(2, 3), list(4, 5)]],
  [
    '98190102030405060708090a0b0c0d0e0f101112131415161718181819',
    list(...Array.from({ length: 25 }, (_, i) => i + 1)),
  ],
  ['a0', new Map()],
  [
    'a201020304',
    new Map([
      [whole(1), whole(2)],
      [whole(3), whole(4)],
    ]),
  ],
  [
    'a26161016162820203',
    new Map<CborItem, CborItem>([
      ['a', whole(1)],
      ['b', list(2, 3)],
    ]),
  ],
  ['826161a161626163', ['a', new Map([['b', 'c']])]],
  [
    'a56161614161626142616361436164614461656145',
    new Map(['a', 'b', 'c', 'd', 'e'].map((key) => [key, key.toUpperCase()])),
  ],
];

/** Indefinite and longer forms, which are read and never written. */
const otherForms: typeof appendixA = [
  ['fa7f800000', Number.POSITIVE_INFINITY],
  ['fb7ff0000000000000', Number.POSITIVE_INFINITY],
  ['5f42010243030405ff', bytesOf('0102030405')],
  ['7f657374726561646d696e67ff', 'streaming'],
  ['9fff', []],
  ['9f018202039f0405ffff', [whole(1), list(2, 3), list(4, 5)]],
  ['9f01820203820405ff', [whole(1), list(2, 3), list(4, 5)]],
  ['83018202039f0405ff', [whole(1), list(2, 3), list(4, 5)]],
  [
    'bf61610161629f0203ffff',
    new Map<CborItem, CborItem>([
      ['a', whole(1)],
      ['b', list(2, 3)],
    ]),
  ],
  ['826161bf61626163ff', ['a', new Map([['b', 'c']])]],
  [
    'bf6346756ef563416d7421ff',
    new Map<CborItem, CborItem>([
      ['Fun', true],
      ['Amt', whole(-2)],
    ]),
  ],
  ['1800', whole(0)],
  ['1b0000000000000017', whole(23)],
  ['7b0000000000000000', ''],
];

describe('CBOR', () => {
  it.each([...appendixA, ...otherForms])('reads %s (RFC 8949, appendix A)', (hex, item) => {
    expect(read(hex)).toEqual(item);
  });

  it.each(appendixA.filter(([hex]) => !/^f[078]/.test(hex)))('writes %s', (hex, item) => {
    if (item !== null) expect(hexOf(writeCbor(item as CborNode))).toBe(hex);
  });

  it.each([...appendixA, ...otherForms])('refuses %s cut off at every byte', (hex) => {
    const bytes = bytesOf(hex);
    for (let length = 0; length < bytes.length; length++)
      expect(() => readCbor(bytes.subarray(0, length), 'CBOR')).toThrow(
        expect.objectContaining({ name: 'Lwm2mCodecError', fault: 'truncated' }),
      );
  });

  it.each([
    ['0000', 1, 'there is something behind the item'],
    ['ff', 0, 'a break where an item has to be'],
    ['81ff', 1, 'a break where an item has to be'],
    ['bf01ff', 2, 'a break where an item has to be'],
    ['1c', 0, 'byte 0x1c begins no item'],
    ['1f', 0, 'a number or tag cannot be of indefinite length'],
    ['df', 0, 'a number or tag cannot be of indefinite length'],
    ['f814', 0, 'simple value 20 cannot take two bytes'],
    ['62c328', 1, 'the text is not UTF-8'],
    ['5f6161ff', 1, 'a string of indefinite length holds strings of its kind only'],
    ['5f5f4101ffff', 1, 'a string of indefinite length holds strings of its kind only'],
    ['a201020103', 3, 'a key is in the map twice'],
    ['a2616101616102', 4, 'a key is in the map twice'],
  ])('refuses %s at byte %i: %s', (hex, offset, reason) => {
    expect(() => read(hex)).toThrow(expect.objectContaining({ fault: 'malformed', offset, reason }));
  });

  it('refuses lengths that nothing stands behind without setting memory aside for them', () => {
    for (const hex of [
      '5bffffffffffffffff',
      '7b7fffffffffffffff',
      '9bffffffffffffffff',
      'bb00000000ffffffff',
      '9affffffff00',
    ])
      expect(() => read(hex)).toThrow(expect.objectContaining({ fault: 'truncated' }));
  });

  it('refuses items within one another without end, of whatever kind', () => {
    for (const open of ['81', '9f', 'a100', 'bf00', 'c1'])
      expect(() => read(open.repeat(100_000))).toThrow(expect.objectContaining({ fault: 'limit' }));
  });

  const item: fc.Memo<CborNode> = fc.memo((depth) =>
    fc.oneof(
      fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n - 1n }).map((value) => ({ whole: toInteger(value) })),
      fc.double(),
      fc.string({ unit: 'grapheme' }),
      fc.boolean(),
      fc.uint8Array(),
      ...(depth > 1
        ? [
            fc.array(item(depth - 1), { maxLength: 4 }),
            fc
              .uniqueArray(fc.tuple(fc.string(), item(depth - 1)), { selector: ([key]) => key, maxLength: 4 })
              .map((entries) => new Map<CborNode, CborNode>(entries)),
          ]
        : []),
    ),
  );

  it('reads what it writes', () => {
    fc.assert(
      fc.property(item(3), (node) => {
        expect(readCbor(writeCbor(node), 'CBOR')).toEqual(node);
      }),
      { numRuns: 500 },
    );
  });

  it('agrees with another library', () => {
    /** What both give in one form: theirs has buffers for bytes, knows no -0, and takes 5.0 for 5. */
    const plain = (node: unknown): unknown => {
      if (node instanceof Uint8Array) return Uint8Array.from(node);
      if (Array.isArray(node)) return node.map(plain);
      if (node instanceof Map) return new Map([...node].map(([key, value]) => [plain(key), plain(value)]));
      if (typeof node === 'object' && node !== null && 'whole' in node) return node.whole;
      return node === 0 ? 0 : node;
    };
    fc.assert(
      fc.property(item(3), (node) => {
        const theirs = cborgDecode(writeCbor(node), { useMaps: true });
        expect(plain(theirs)).toEqual(plain(node));
        expect(plain(readCbor(cborgEncode(theirs), 'CBOR'))).toEqual(plain(node));
      }),
      { numRuns: 500 },
    );
  });

  it('throws nothing but the error of codecs, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          readCbor(bytes, 'CBOR');
        } catch (error) {
          expect(error).toBeInstanceOf(Lwm2mCodecError);
          expect((error as Lwm2mCodecError).offset).toBeLessThanOrEqual(bytes.length);
        }
      }),
      { numRuns: 5000 },
    );
  });
});
