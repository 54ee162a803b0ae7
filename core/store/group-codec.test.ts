import { describe, expect, it } from 'vitest';
import fc from '../testing/properties.ts';
import { checkParameters, GroupEncoder } from './group-encoder.ts';
import { CodecError } from './group-reader.ts';
import { readTransactions } from './transaction-reader.ts';
import type { SqlValue, Statement } from './types.ts';

function encode(...transactions: Statement[][]): Buffer {
  const encoder = new GroupEncoder(0);
  for (const transaction of transactions) encoder.add(transaction);
  return encoder.take().bytes;
}

function decode(payload: Uint8Array): Statement[][] {
  const transactions: Statement[][] = [];
  readTransactions(payload, (transaction) => transactions.push([...transaction]));
  return transactions;
}

const one = (...parameters: SqlValue[]): Statement[] => [{ sql: 'S', parameters }];
const definition = '01 01 53';
const vectors: [string, Statement[][], string][] = [
  ['nothing', [], ''],
  ['an empty transaction', [[]], '03'],
  ['no parameters', [one()], `${definition} 02 00 00 03`],
  ['null', [one(null)], `${definition} 02 00 01 00 03`],
  ['small whole numbers', [one(0, -1, 1, 63, 64)], `${definition} 02 00 05 0100 0101 0102 017e 018001 03`],
  ['a time in milliseconds', [one(1_900_000_000_000)], `${definition} 02 00 01 01 80 e0 99 8d cc 6e 03`],
  ['a fraction', [one(1.5)], `${definition} 02 00 01 02 000000000000f83f 03`],
  ['text', [one('aé')], `${definition} 02 00 01 03 03 61c3a9 03`],
  ['bytes', [one(new Uint8Array([1, 2]))], `${definition} 02 00 01 05 02000000 0102 03`],
  ['two transactions with one text', [one(), one()], `${definition} 02 00 00 03 02 00 00 03`],
];

describe('payload of a group', () => {
  it.each(vectors)('has the documented bytes for %s', (_name, transactions, hex) => {
    const expected = Buffer.from(hex.replaceAll(' ', ''), 'hex');
    expect(encode(...transactions)).toEqual(expected);
    expect(decode(expected)).toEqual(transactions);
  });

  const value = fc.oneof(
    fc.constant(null),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ unit: 'grapheme', maxLength: 300 }).map((text) => text.replaceAll('\0', '')),
    fc.uint8Array({ maxLength: 300 }),
  );
  const statement = fc.record({
    sql: fc.constantFrom('INSERT a', 'INSERT b', 'UPDATE ü'),
    parameters: fc.array(value, { maxLength: 8 }),
  });

  it('comes back as it was', () => {
    fc.assert(
      fc.property(fc.array(fc.array(statement, { maxLength: 4 }), { maxLength: 6 }), (transactions) => {
        expect(decode(encode(...transactions))).toEqual(transactions);
      }),
    );
  });

  it('is refused when cut anywhere but between two transactions', () => {
    const first = encode(one(1, 'text', null));
    const whole = encode(one(1, 'text', null), one(2.5, new Uint8Array([7])));
    for (let length = 1; length < whole.length; length++) {
      if (length === first.length) continue;
      expect(() => decode(whole.subarray(0, length)), `length ${length}`).toThrow(CodecError);
    }
  });

  it('never breaks the reader, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          decode(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(CodecError);
        }
      }),
    );
  });

  it('is self-contained: the next group defines its texts again', () => {
    const encoder = new GroupEncoder(4);
    encoder.add(one(1));
    const first = encoder.take();
    encoder.add(one(1));
    const second = encoder.take();
    expect(second.bytes.subarray(4)).toEqual(first.bytes.subarray(4));
    expect(second).toMatchObject({ transactions: 1, statements: 1, payloadLength: first.payloadLength });
  });

  it.each([
    ['a boolean', true],
    ['undefined', undefined],
    ['NaN', Number.NaN],
    ['infinity', Number.NEGATIVE_INFINITY],
    ['a big integer', 1n],
    ['an object', {}],
    ['a date', new Date(0)],
  ])('refuses %s and keeps nothing of that transaction', (_name, wrong) => {
    const bad = { sql: 'NEW', parameters: ['x', wrong] };
    const encoder = new GroupEncoder(0);
    encoder.add(one(1));
    expect(() => encoder.add([{ sql: 'OTHER', parameters: [] }, bad])).toThrow(
      /Parameter 2 is .*Statement: NEW/s,
    );
    encoder.add([{ sql: 'NEW', parameters: [] }]);
    expect(decode(encoder.take().bytes)).toEqual([one(1), [{ sql: 'NEW', parameters: [] }]]);
    expect(() => checkParameters(bad)).toThrow(TypeError);
  });

  it('refuses U+0000 in text', () => {
    expect(() => encode(one('a\0b'))).toThrow(/U\+0000/);
  });
});
