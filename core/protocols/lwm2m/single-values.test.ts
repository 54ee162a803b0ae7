import { describe, expect, it } from 'vitest';
import { decodeContent, encodeContent, type ValueFormat } from './codec.ts';
import { Lwm2mPath } from './path.ts';
import type { DataType, Lwm2mValue } from './value.ts';

const path = Lwm2mPath.parse('/26241/0/1');
const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
const utf8 = (text: string) => new TextEncoder().encode(text);
const decode = (format: ValueFormat, bytes: Uint8Array, type?: DataType) =>
  decodeContent(format, bytes, {
    path,
    nowMs: 0,
    ...(type && { findResource: () => ({ type, multiple: false }) }),
  });

/** A value as each format that can hold it writes it (LwM2M Core 1.1.1, appendix C); TLV is the bytes of the value. */
const forms: readonly (readonly [value: Lwm2mValue, text: string, tlv: string, cbor: string])[] = [
  [{ type: 'STRING', value: '' }, '', '', '60'],
  [{ type: 'STRING', value: 'Ü€𐅑' }, 'Ü€𐅑', 'c39ce282acf0908591', '69c39ce282acf0908591'],
  [
    { type: 'CORELNK', value: '</3/0>;dim=2' },
    '</3/0>;dim=2',
    '3c2f332f303e3b64696d3d32',
    '6c3c2f332f303e3b64696d3d32',
  ],
  [{ type: 'INTEGER', value: 0 }, '0', '00', '00'],
  [{ type: 'INTEGER', value: -1 }, '-1', 'ff', '20'],
  [{ type: 'INTEGER', value: 127 }, '127', '7f', '187f'],
  [{ type: 'INTEGER', value: 128 }, '128', '0080', '1880'],
  [{ type: 'INTEGER', value: -32_769 }, '-32769', 'ffff7fff', '398000'],
  [{ type: 'INTEGER', value: 2 ** 32 }, '4294967296', '0000000100000000', '1b0000000100000000'],
  [
    { type: 'INTEGER', value: 9_223_372_036_854_775_807n },
    '9223372036854775807',
    '7fffffffffffffff',
    '1b7fffffffffffffff',
  ],
  [
    { type: 'INTEGER', value: -9_223_372_036_854_775_808n },
    '-9223372036854775808',
    '8000000000000000',
    '3b7fffffffffffffff',
  ],
  [{ type: 'UNSIGNED_INTEGER', value: 255 }, '255', 'ff', '18ff'],
  [
    { type: 'UNSIGNED_INTEGER', value: 18_446_744_073_709_551_615n },
    '18446744073709551615',
    'ffffffffffffffff',
    '1bffffffffffffffff',
  ],
  [{ type: 'FLOAT', value: 1.5 }, '1.5', '3fc00000', 'f93e00'],
  [{ type: 'FLOAT', value: -4.1 }, '-4.1', 'c010666666666666', 'fbc010666666666666'],
  [{ type: 'FLOAT', value: -6.667e-11 }, '-6.667e-11', 'bdd2537bf2d93ad5', 'fbbdd2537bf2d93ad5'],
  [{ type: 'BOOLEAN', value: true }, '1', '01', 'f5'],
  [{ type: 'BOOLEAN', value: false }, '0', '00', 'f4'],
  [{ type: 'OPAQUE', value: hex('00fffe') }, 'AP/+', '00fffe', '4300fffe'],
  [{ type: 'OPAQUE', value: hex('') }, '', '', '40'],
  [{ type: 'TIME', value: 1_367_491_215 }, '1367491215', '5182428f', 'c11a5182428f'],
  [{ type: 'TIME', value: 4_102_444_800 }, '4102444800', '00000000f4865700', 'c11af4865700'],
  [{ type: 'OBJLNK', value: { objectId: 10, instanceId: 3 } }, '10:3', '000a0003', '6431303a33'],
  [
    { type: 'OBJLNK', value: { objectId: 65_535, instanceId: 65_535 } },
    '65535:65535',
    'ffffffff',
    '6b36353533353a3635353335',
  ],
];

describe.each(forms)('$type $value', (value, text, tlv, cbor) => {
  const content = { records: [{ path, value }], empty: [] };

  it.each([
    ['TEXT', utf8(text)],
    ['CBOR', hex(cbor)],
  ] as const)('in %s', (format, bytes) => {
    expect(Buffer.from(encodeContent(format, content, path))).toEqual(Buffer.from(bytes));
    expect(decode(format, bytes, value.type)).toEqual(content);
  });

  it('in TLV', () => {
    const length = tlv.length / 2;
    const head =
      length < 8 ? `${(0xc0 | length).toString(16)}01` : `c801${length.toString(16).padStart(2, '0')}`;
    expect(Buffer.from(encodeContent('TLV', content, path)).toString('hex')).toBe(head + tlv);
    expect(decode('TLV', hex(head + tlv), value.type)).toEqual(content);
  });

  it.each(['JSON', 'SENML_JSON', 'SENML_CBOR'] as const)('in %s', (format) => {
    expect(decode(format, encodeContent(format, content, path), value.type)).toEqual(content);
  });
});

describe('values that are of no type, or not of the type of their resource', () => {
  it.each([
    ['TEXT', 'INTEGER', utf8('1.5'), 'malformed'],
    ['TEXT', 'INTEGER', utf8(''), 'malformed'],
    ['TEXT', 'INTEGER', utf8('9223372036854775808'), 'range'],
    ['TEXT', 'UNSIGNED_INTEGER', utf8('-1'), 'range'],
    ['TEXT', 'FLOAT', utf8('NaN'), 'malformed'],
    ['TEXT', 'FLOAT', utf8('1e999'), 'malformed'],
    ['TEXT', 'BOOLEAN', utf8('true'), 'malformed'],
    ['TEXT', 'OPAQUE', utf8('AP_-'), 'malformed'],
    ['TEXT', 'OBJLNK', utf8('10'), 'malformed'],
    ['TEXT', 'OBJLNK', utf8('65536:0'), 'malformed'],
    ['TEXT', 'STRING', hex('c328'), 'malformed'],
    ['TEXT', 'NONE', utf8(''), 'type'],
    ['OPAQUE', 'STRING', utf8('x'), 'type'],
    ['TLV', 'INTEGER', hex('c301010203'), 'malformed'],
    ['TLV', 'INTEGER', hex('c001'), 'malformed'],
    ['TLV', 'FLOAT', hex('c2013f80'), 'malformed'],
    ['TLV', 'BOOLEAN', hex('c10102'), 'malformed'],
    ['TLV', 'OBJLNK', hex('c2010001'), 'malformed'],
    ['TLV', 'STRING', hex('c201c328'), 'malformed'],
    ['TLV', 'NONE', hex('c001'), 'type'],
    ['CBOR', 'INTEGER', hex('fb3ff199999999999a'), 'type'],
    ['CBOR', 'INTEGER', hex('1b8000000000000000'), 'range'],
    ['CBOR', 'UNSIGNED_INTEGER', hex('20'), 'range'],
    ['CBOR', 'STRING', hex('4161'), 'type'],
    ['CBOR', 'BOOLEAN', hex('01'), 'type'],
    ['CBOR', 'STRING', hex('c11a514b67b0'), 'type'],
    ['CBOR', 'TIME', hex('c06161'), 'malformed'],
    ['CBOR', 'TIME', hex('c16161'), 'malformed'],
    ['CBOR', 'STRING', hex('f6'), 'type'],
    ['CBOR', undefined, hex('80'), 'type'],
    ['CBOR', undefined, hex('3b8000000000000000'), 'range'],
    ['SENML_JSON', 'STRING', utf8('[{"n":"/26241/0/1","v":1}]'), 'type'],
    ['SENML_JSON', 'STRING', utf8('[{"n":"/26241/0/1","vs":"\\ud800"}]'), 'malformed'],
    ['SENML_JSON', undefined, utf8('[{"n":"/26241/0/1"}]'), 'malformed'],
    ['SENML_JSON', undefined, utf8('[{"n":"/26241/0/2","v":1}]'), 'path'],
    ['SENML_JSON', undefined, utf8('[{"n":"26241/0/1","v":1}]'), 'path'],
    ['SENML_JSON', undefined, utf8('[{"n":"/26241/0/1","v":01}]'), 'malformed'],
    ['SENML_JSON', undefined, utf8('[{"n":"/26241/0/1","v":1},]'), 'malformed'],
    ['SENML_JSON', undefined, utf8('['.repeat(100_000)), 'limit'],
    ['JSON', undefined, utf8('{"e":[{"v":1,"sv":"x"}]}'), 'malformed'],
    ['JSON', undefined, utf8('{"e":{}}'), 'malformed'],
    ['JSON', undefined, utf8('[]'), 'malformed'],
    ['JSON', 'OPAQUE', utf8('{"e":[{"sv":"AP_-"}]}'), 'malformed'],
    ['SENML_JSON', 'OPAQUE', utf8('[{"n":"/26241/0/1","vs":"AAAA"}]'), 'type'],
    ['CBOR', 'OPAQUE', hex('6441414141'), 'type'],
    ['JSON', 'OBJLNK', utf8('{"e":[{"ov":"x"}]}'), 'malformed'],
  ] as const)('%s for %s', (format, type, bytes, fault) => {
    expect(() => decode(format, bytes, type)).toThrow(
      expect.objectContaining({ name: 'Lwm2mCodecError', fault }),
    );
  });

  it('are not written either', () => {
    const write = (format: ValueFormat, value: Lwm2mValue) =>
      encodeContent(format, { records: [{ path, value }], empty: [] }, path);
    for (const format of ['TEXT', 'JSON', 'SENML_JSON', 'SENML_CBOR'] as const)
      expect(() => write(format, { type: 'FLOAT', value: Number.NaN })).toThrow(
        expect.objectContaining({ fault: 'type' }),
      );
    for (const format of ['TEXT', 'TLV', 'CBOR', 'JSON', 'SENML_JSON', 'SENML_CBOR'] as const) {
      expect(() => write(format, { type: 'INTEGER', value: 2n ** 63n })).toThrow(
        expect.objectContaining({ fault: 'range' }),
      );
      expect(() => write(format, { type: 'STRING', value: '\ud800' })).toThrow(
        expect.objectContaining({ fault: 'type' }),
      );
    }
    expect(() => write('OPAQUE', { type: 'STRING', value: 'x' })).toThrow(
      expect.objectContaining({ fault: 'type' }),
    );
  });
});

describe('types without a model', () => {
  it.each([
    ['TEXT', utf8('21.5'), { type: 'STRING', value: '21.5' }],
    ['OPAQUE', hex('0102'), { type: 'OPAQUE', value: hex('0102') }],
    ['TLV', hex('c10115'), { type: 'OPAQUE', value: hex('15') }],
    ['CBOR', hex('15'), { type: 'INTEGER', value: 21 }],
    ['CBOR', hex('f94d60'), { type: 'FLOAT', value: 21.5 }],
    ['CBOR', hex('1bffffffffffffffff'), { type: 'UNSIGNED_INTEGER', value: 18_446_744_073_709_551_615n }],
    ['CBOR', hex('c11a514b67b0'), { type: 'TIME', value: 1_363_896_240 }],
    ['CBOR', hex('c074323031332d30332d32315432303a30343a30305a'), { type: 'TIME', value: 1_363_896_240 }],
    ['SENML_JSON', utf8('[{"n":"/26241/0/1","v":21.0}]'), { type: 'FLOAT', value: 21 }],
    [
      'SENML_JSON',
      utf8('[{"n":"/26241/0/1","vlo":"3:0"}]'),
      { type: 'OBJLNK', value: { objectId: 3, instanceId: 0 } },
    ],
    ['JSON', utf8('{"e":[{"bv":true}]}'), { type: 'BOOLEAN', value: true }],
  ] as const)('are guessed, and said to be, from %s', (format, bytes, value) => {
    expect(decode(format, bytes)).toEqual({ records: [{ path, value, guessed: true }], empty: [] });
  });

  it('take a whole number written with a fraction of zero, where the model says so', () => {
    expect(
      decode('SENML_JSON', utf8('[{"n":"/26241/0/1","v":21.0}]'), 'INTEGER').records[0]?.value.value,
    ).toBe(21);
    expect(decode('SENML_JSON', utf8('[{"n":"/26241/0/1","v":21}]'), 'FLOAT').records[0]?.value.value).toBe(
      21,
    );
  });
});
