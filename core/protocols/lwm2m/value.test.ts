import { describe, expect, it } from 'vitest';
import { anyValue } from '../../testing/lwm2m-arbitraries.ts';
import fc from '../../testing/properties.ts';
import {
  bytesOfBase64,
  bytesOfBase64Url,
  toBase64,
  toBase64Url,
  valueFromJson,
  valueToJson,
} from './value.ts';

describe('values as JSON', () => {
  it.each([
    [{ type: 'INTEGER', value: 9_007_199_254_740_993n }, '9007199254740993'],
    [{ type: 'INTEGER', value: -5 }, -5],
    [{ type: 'FLOAT', value: Number.NaN }, 'NaN'],
    [{ type: 'OPAQUE', value: Uint8Array.of(0, 255, 254) }, 'AP/+'],
    [{ type: 'OBJLNK', value: { objectId: 3, instanceId: 0 } }, '3:0'],
    [{ type: 'BOOLEAN', value: true }, true],
  ] as const)('%o', (value, json) => {
    expect(valueToJson(value)).toBe(json);
  });

  it.each([
    ['INTEGER', '12', 12],
    ['INTEGER', 1.5, undefined],
    ['INTEGER', '9223372036854775808', undefined],
    ['UNSIGNED_INTEGER', -1, undefined],
    ['FLOAT', '1e3', 1000],
    ['FLOAT', 'warm', undefined],
    ['BOOLEAN', '1', true],
    ['BOOLEAN', 'yes', undefined],
    ['OPAQUE', 'AP_+', undefined],
    ['OBJLNK', '3', undefined],
    ['STRING', 3, undefined],
    ['NONE', 'x', undefined],
  ] as const)('%s of %j', (type, json, value) => {
    expect(valueFromJson(type, json)?.value).toEqual(value);
  });

  it('are the same there and back', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const json = JSON.parse(JSON.stringify(valueToJson(value)));
        expect(valueFromJson(value.type, json)).toEqual(value);
      }),
    );
  });

  it('have bytes as base64, in both alphabets', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
        expect(toBase64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
        expect(bytesOfBase64(toBase64(bytes))).toEqual(bytes);
        expect(bytesOfBase64Url(toBase64Url(bytes))).toEqual(bytes);
        expect(bytesOfBase64Url(toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_'))).toEqual(bytes);
      }),
    );
    for (const text of ['A', 'AAA', '====', 'A=A=', 'AA=A', 'A A='])
      expect(bytesOfBase64(text)).toBeUndefined();
    for (const text of ['A', 'AAAA=', 'AA=', '+/AA', 'AA A']) expect(bytesOfBase64Url(text)).toBeUndefined();
  });
});
