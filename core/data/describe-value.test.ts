import { describe, expect, it } from 'vitest';
import { describeValue } from './describe-value.ts';

describe('describeValue', () => {
  it.each([
    [undefined, 'nothing'],
    [null, 'null'],
    [true, 'true'],
    [-1.5, '-1.5'],
    ['a"b', '"a\\"b"'],
    [[1, 'a', []], '[1,"a",[]]'],
    [{ a: 1, b: { c: null } }, '{"a":1,"b":{"c":null}}'],
    [[[[[[[]]]]]], '[[[[[[…]]]]]]'],
    ['x'.repeat(61), `"${'x'.repeat(56)}...`],
    [new Array(100_000).fill(7), `[${'7,'.repeat(28)}...`],
  ])('shows %j', (value, text) => {
    expect(describeValue(value)).toBe(text);
  });
});
