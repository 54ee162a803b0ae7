import { describe, expect, test } from 'vitest';
import fc from '../../testing/properties.ts';
import { type Block, blockAt, blockBytes, blockOffset, blockOption, exponentOf, readBlock } from './block.ts';
import { noBytes } from './message.ts';
import {
  findOption,
  findStrings,
  findUint,
  isCritical,
  isNoCacheKey,
  isUnfit,
  isUnsafe,
  optionNumbers,
  optionText,
  readUint,
  stringOption,
  uintOption,
} from './options.ts';

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));

/** The columns C, U and N of RFC 7252 5.10, RFC 7641 2, RFC 7959 2.1 and 4, RFC 7967 2. */
const classes: Readonly<Record<keyof typeof optionNumbers, string>> = {
  ifMatch: 'C',
  uriHost: 'CU',
  etag: '',
  ifNoneMatch: 'C',
  observe: 'U',
  uriPort: 'CU',
  locationPath: '',
  uriPath: 'CU',
  contentFormat: '',
  maxAge: 'U',
  uriQuery: 'CU',
  accept: 'C',
  locationQuery: '',
  block2: 'CU',
  block1: 'CU',
  size2: 'N',
  proxyUri: 'CU',
  proxyScheme: 'CU',
  size1: 'N',
  noResponse: 'U',
};

test.each(Object.entries(classes))('%s is of class "%s"', (name, expected) => {
  const number = optionNumbers[name as keyof typeof optionNumbers];
  const found = `${isCritical(number) ? 'C' : ''}${isUnsafe(number) ? 'U' : ''}`;
  expect(isNoCacheKey(number) ? `${found}N` : found).toBe(expected);
  expect(optionText(number).replaceAll('-', '').toLowerCase()).toBe(name.toLowerCase());
});

describe('numbers in options', () => {
  test.each([
    [0, ''],
    [1, '01'],
    [255, 'ff'],
    [256, '0100'],
    [65535, 'ffff'],
    [65536, '010000'],
    [11542, '2d16'],
    [0xffff_ffff, 'ffffffff'],
  ])('%d takes the bytes "%s"', (value, bytes) => {
    expect(Buffer.from(uintOption(60, value).value).toString('hex')).toBe(bytes);
    expect(readUint(hex(bytes))).toBe(value);
    expect(readUint(hex(`00${bytes}`))).toBe(value);
  });

  test.each([-1, 1.5, 2 ** 32, Number.NaN])('%d is refused', (value) => {
    expect(() => uintOption(optionNumbers.maxAge, value)).toThrow(`Max-Age cannot be ${value}`);
  });

  test('any of 32 bits come back', () => {
    fc.assert(fc.property(fc.nat(0xffff_ffff), (value) => readUint(uintOption(60, value).value) === value));
  });
});

describe('texts in options', () => {
  test('are UTF-8, and are measured in bytes', () => {
    const path = stringOption(optionNumbers.uriPath, 'süß');
    expect(path.value).toHaveLength(5);
    expect(findStrings([path], optionNumbers.uriPath)).toEqual(['süß']);
    expect(() => stringOption(optionNumbers.uriPath, 'ü'.repeat(128))).toThrow(
      'Uri-Path takes 0 to 255 bytes, got 256',
    );
    expect(() => stringOption(optionNumbers.uriHost, '')).toThrow('Uri-Host takes 1 to 255 bytes, got 0');
  });
});

describe('options to be treated as unknown', () => {
  test.each<[string, number, string[], number]>([
    ['Uri-Host without bytes', 3, [''], 0],
    ['ETag of 9 bytes', 4, ['010203040506070809'], 0],
    ['If-None-Match with a value', 5, ['00'], 0],
    ['Observe of 4 bytes', 6, ['00000000'], 0],
    ['Accept of 3 bytes', 17, ['000000'], 0],
    ['Accept a second time', 17, ['', ''], 1],
    ['Block1 of 4 bytes', 27, ['00000000'], 0],
    ['Uri-Path that is no UTF-8', 11, ['ff'], 0],
    ['Uri-Path of 256 bytes', 11, ['61'.repeat(256)], 0],
  ])('%s', (_, number, values, unfit) => {
    const options = values.map((value) => ({ number, value: hex(value) }));
    expect(options.map((__, index) => isUnfit(options, index))).toEqual(
      options.map((__, index) => index === unfit),
    );
  });

  test('not those that may be repeated, nor those that the table does not have', () => {
    const path = [11, 11, 1, 1, 9999, 9999].map((number) => ({ number, value: noBytes }));
    expect(path.some((_, index) => isUnfit(path, index))).toBe(false);
  });
});

describe('blocks', () => {
  // RFC 7959 2.2 and the examples of 3: NUM:M/SIZE.
  test.each<[string, Block, string]>([
    ['0/0/16', { number: 0, more: false, sizeExponent: 0 }, ''],
    ['0/1/128', { number: 0, more: true, sizeExponent: 3 }, '0b'],
    ['1/0/128', { number: 1, more: false, sizeExponent: 3 }, '13'],
    ['2/1/64', { number: 2, more: true, sizeExponent: 2 }, '2a'],
    ['5/0/64', { number: 5, more: false, sizeExponent: 2 }, '52'],
    ['16/0/1024', { number: 16, more: false, sizeExponent: 6 }, '0106'],
    ['1048575/1/1024', { number: 1_048_575, more: true, sizeExponent: 6 }, 'fffffe'],
  ])('%s', (_, block, bytes) => {
    expect(readBlock(hex(bytes))).toEqual(block);
    expect(Buffer.from(blockOption(optionNumbers.block2, block).value).toString('hex')).toBe(bytes);
    expect(blockAt(blockOffset(block), block.sizeExponent, block.more)).toEqual(block);
  });

  test('size exponent 7 is reserved', () => expect(readBlock(hex('07'))).toBeUndefined());

  test('there are 2^20 of them at most', () => {
    const block = { number: 1_048_576, more: false, sizeExponent: 0 };
    expect(() => blockOption(optionNumbers.block1, block)).toThrow('no block 1048576');
  });

  test('their sizes are powers of two', () => {
    expect([16, 32, 64, 128, 256, 512, 1024].map(exponentOf)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect([0, 1, 2, 3, 4, 5, 6].map(blockBytes)).toEqual([16, 32, 64, 128, 256, 512, 1024]);
    for (const size of [0, 8, 17, 1000, 2048]) expect(() => exponentOf(size)).toThrow(`not ${size}`);
  });
});

test('the first option of a number is the one that counts', () => {
  const options = [uintOption(60, 5), uintOption(60, 6)];
  expect(findUint(options, 60)).toBe(5);
  expect(findOption(options, 61)).toBeUndefined();
});
