import { describe, expect, it } from 'vitest';
import { contentFormatNumbers, contentFormatOf, contentFormats } from './content-format.ts';
import { type ClientFormats, requestFormat, responseFormat } from './format-choice.ts';

const old = (...contentFormats: number[]): ClientFormats => ({ lwm2mVersion: '1.0', contentFormats });
const current = (...contentFormats: number[]): ClientFormats => ({ lwm2mVersion: '1.1', contentFormats });

describe('formats of requests (manual 7.3)', () => {
  it.each([
    [old(), 'singular', 'STRING', 'TLV'],
    [old(), 'singular', 'OPAQUE', 'TLV'],
    [old(42), 'singular', 'OPAQUE', 'OPAQUE'],
    [old(42, 0), 'singular', 'INTEGER', 'TLV'],
    [old(11_543), 'multiple', undefined, 'TLV'],
    [old(112), 'composite', undefined, undefined],
    [current(), 'singular', 'OPAQUE', 'OPAQUE'],
    [current(), 'singular', 'FLOAT', 'TEXT'],
    [current(112), 'singular', undefined, 'TEXT'],
    [current(), 'multiple', undefined, 'SENML_JSON'],
    [current(112), 'multiple', undefined, 'SENML_CBOR'],
    [current(110, 112), 'composite', undefined, 'SENML_CBOR'],
    [current(110), 'composite', undefined, 'SENML_JSON'],
  ] as const)('table 1: %j, %s, %s', (client, scope, type, expected) => {
    expect(requestFormat(client, scope, type)).toBe(expected);
  });

  it.each([
    [old(112), 'singular', undefined],
    [old(112), 'multiple', undefined],
    [current(112), 'singular', undefined],
    [current(112), 'multiple', undefined],
    [current(112), 'composite', 'SENML_CBOR'],
    [current(), 'composite', 'SENML_JSON'],
  ] as const)('table 2: %j, %s', (client, scope, expected) => {
    expect(responseFormat(client, scope)).toBe(expected);
  });
});

describe('numbers of formats', () => {
  it('lead to the format, and numbers of drafts too', () => {
    for (const format of contentFormats) expect(contentFormatOf(contentFormatNumbers[format])).toBe(format);
    expect([1541, 1542, 1543, 1544, 50].map(contentFormatOf)).toEqual([
      'TEXT',
      'TLV',
      'JSON',
      'OPAQUE',
      undefined,
    ]);
  });
});
