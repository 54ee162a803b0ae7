import { describe, expect, it } from 'vitest';
import { smsLength } from './sms-length.ts';

describe('smsLength', () => {
  it.each([
    ['', 'GSM 7-bit', 1, 160],
    ['Hello', 'GSM 7-bit', 1, 155],
    ['€', 'GSM 7-bit', 1, 158],
    ['a'.repeat(160), 'GSM 7-bit', 1, 0],
    ['a'.repeat(161), 'GSM 7-bit', 2, 145],
    [`${'a'.repeat(152)}€${'a'.repeat(10)}`, 'GSM 7-bit', 2, 141],
    ['Ж', 'UCS-2', 1, 69],
    ['Ж'.repeat(71), 'UCS-2', 2, 63],
    [`${'Ж'.repeat(66)}\u{1F600}${'Ж'.repeat(5)}`, 'UCS-2', 2, 60],
  ])('%j', (text, encoding, segments, left) => {
    expect(smsLength(text)).toEqual({ encoding, segments, left });
  });
});
