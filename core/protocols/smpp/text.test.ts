import { describe, expect, test } from 'vitest';
import fc from '../../testing/properties.ts';
import { type Alphabet, alphabetOf, decodeText, encodeText } from './data-coding.ts';
import { fromSeptets, packSeptets, septetRoom, toSeptets, unpackSeptets } from './gsm7.ts';

const hex = (data: Uint8Array | undefined): string | undefined => data && Buffer.from(data).toString('hex');
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));

test.each<[string, Alphabet, string]>([
  ['hellohello', 'GSM7_PACKED', 'e8329bfd4697d9ec37'],
  // Seven spare bits: 3GPP 23.038, 6.1.2.3.1.
  ['1234567', 'GSM7_PACKED', '31d98c56b3dd1a'],
  ['@£$_', 'GSM7', '00010211'],
  ['€[]{}~^|\\', 'GSM7', '1b651b3c1b3e1b281b291b3d1b141b401b2f'],
  ['Grüße', 'LATIN1', '4772fcdf65'],
  ['Ω𝄞', 'UCS2', '03a9d834dd1e'],
])('%s in %s', (text, alphabet, wire) => {
  expect(hex(encodeText(text, alphabet))).toBe(wire);
  expect(decodeText(bytes(wire), alphabet)).toBe(text);
});

test('characters that an alphabet lacks are told, not replaced', () => {
  expect(toSeptets('日')).toBeUndefined();
  expect(encodeText('ç', 'GSM7')).toBeUndefined();
  expect(encodeText('€', 'LATIN1')).toBeUndefined();
  expect(encodeText('é', 'ASCII')).toBeUndefined();
});

test('bytes that are no text of their alphabet', () => {
  expect(decodeText(bytes('004100'), 'UCS2')).toBeUndefined();
  expect(decodeText(bytes('d800'), 'UCS2')).toBe('\uFFFD');
  expect(decodeText(bytes('00'), 'OCTETS')).toBeUndefined();
  expect(fromSeptets([0x1b, 0x41, 0x1b])).toBe('A ');
  expect(fromSeptets([0x1b, 0x1b, 0x41])).toBe(' A');
});

const gsmText = fc
  .array(
    fc.constantFrom(...'@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&()*+,-./059:;<=>?¡AZÄÖÑÜ§¿azäöñüà€[]{}~^|\\'),
    {
      maxLength: 170,
    },
  )
  .map((characters) => characters.join(''));

test('texts of the alphabet survive, packed behind headers of any length', () => {
  fc.assert(
    fc.property(gsmText, fc.integer({ min: 0, max: 20 }), (text, headerBytes) => {
      const septets = toSeptets(text) ?? [];
      const packed = packSeptets(septets, headerBytes);
      expect(fromSeptets(unpackSeptets(packed, headerBytes))).toBe(text);
      expect(decodeText(Uint8Array.from(septets), 'GSM7')).toBe(text);
    }),
  );
});

test('room of a short message: 3GPP 23.040, 9.2.3.24.1', () => {
  expect([0, 6, 7].map((header) => septetRoom(140, header))).toEqual([160, 153, 152]);
});

describe('data_coding', () => {
  test.each<[number, Alphabet | undefined]>([
    [0x00, 'GSM7'],
    [0x01, 'ASCII'],
    [0x02, 'OCTETS'],
    [0x03, 'LATIN1'],
    [0x04, 'OCTETS'],
    [0x05, undefined],
    [0x08, 'UCS2'],
    [0xc8, 'GSM7'],
    [0xe0, 'UCS2'],
    [0xf0, 'GSM7'],
    [0xf5, 'OCTETS'],
    [0x80, undefined],
  ])('0x%s', (coding, alphabet) => expect(alphabetOf(coding, 'GSM7')).toBe(alphabet));

  test('what 0 means is for the centre to say', () => {
    expect(alphabetOf(0, 'LATIN1')).toBe('LATIN1');
    expect(alphabetOf(0xf0, 'GSM7_PACKED')).toBe('GSM7_PACKED');
  });
});
