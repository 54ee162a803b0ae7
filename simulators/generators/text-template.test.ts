import { describe, expect, it } from 'vitest';
import { PlatformError } from '../../core/contract/errors.ts';
import fc from '../../core/testing/properties.ts';
import { Sfc32 } from './sfc32.ts';
import { textTemplate } from './text-template.ts';

const turn = (n: number, random = new Sfc32(1)) => ({
  n,
  elapsedS: 0,
  device: 'urn:lo:nsid:sim:a',
  timeMs: Date.UTC(2030, 0, 2, 3, 4, 5),
  random,
  memory: new Float64Array(0),
});

describe('textTemplate', () => {
  it('fills every place', () => {
    const fill = textTemplate('{"v":{"n":{{n}},"d":"{{ device }}"},"ts":"{{time}}"}');
    expect(fill(turn(7))).toBe('{"v":{"n":7,"d":"urn:lo:nsid:sim:a"},"ts":"2030-01-02T03:04:05.000Z"}');
  });

  it('leaves text without places as it is', () => {
    for (const text of ['', 'plain', '{"a":{"b":1}}', '}}']) expect(textTemplate(text)(turn(1))).toBe(text);
  });

  it('draws from the bounds, both included, with their decimals', () => {
    const random = new Sfc32(3);
    const dice = textTemplate('{{random 1 6}}');
    const thrown = new Set(Array.from({ length: 200 }, () => dice(turn(1, random))));
    expect([...thrown].sort()).toEqual(['1', '2', '3', '4', '5', '6']);
    const half = textTemplate('{{random -0.50 0.5}}');
    for (let round = 0; round < 200; round++) expect(half(turn(1, random))).toMatch(/^-?0\.[0-5]\d$/);
  });

  it('stays within any bounds, and repeats itself for the same seed', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(1e6), fc.nat(3), fc.nat(), (low, width, decimals, seed) => {
        const [min, max] = [low / 100, low / 100 + width];
        const text = `{{random ${min.toFixed(decimals)} ${max.toFixed(decimals)}}}`;
        const drawn = textTemplate(text)(turn(1, new Sfc32(seed)));
        expect(Number(drawn)).toBeGreaterThanOrEqual(Number(min.toFixed(decimals)));
        expect(Number(drawn)).toBeLessThanOrEqual(Number(max.toFixed(decimals)));
        expect(textTemplate(text)(turn(1, new Sfc32(seed)))).toBe(drawn);
      }),
    );
  });

  it.each([
    ['a\nb {{temperature}}', 'line 2, column 3: {{temperature}} is not known'],
    ['{{n', 'line 1, column 1: {{n is not closed'],
    ['{{}}', '{{}} is not known'],
    ['{{n 3}}', '{{n 3}}: n takes nothing'],
    ['{{random 1}}', 'needs two numbers'],
    ['{{random 1 x}}', 'needs two numbers'],
    ['{{random 5 1}}', '{{random 5 1}}: 5 is above 1'],
    ['{{random 0 0.12345678901}}', 'more than 10 decimals'],
  ])('says where %j is wrong', (text, expected) => {
    expect(() => textTemplate(text)).toThrow(
      expect.toSatisfy((error) => error instanceof PlatformError && (error.details ?? '').includes(expected)),
    );
  });
});
