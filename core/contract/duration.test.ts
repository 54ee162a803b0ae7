import { describe, expect, it } from 'vitest';
import fc from '../testing/properties.ts';
import { addDuration, isDuration } from './duration.ts';

const start = Date.UTC(2030, 0, 31, 12);
const after = (text: string): string => new Date(addDuration(start, text)).toISOString();

describe('durations', () => {
  it.each([
    ['PT1S', '2030-01-31T12:00:01.000Z'],
    ['PT0.25S', '2030-01-31T12:00:00.250Z'],
    ['PT1,5H', '2030-01-31T13:30:00.000Z'],
    ['P7D', '2030-02-07T12:00:00.000Z'],
    ['P1W', '2030-02-07T12:00:00.000Z'],
    ['P1M', '2030-02-28T12:00:00.000Z'],
    ['P2Y1M', '2032-02-29T12:00:00.000Z'],
    ['P1DT2H3M4S', '2030-02-01T14:03:04.000Z'],
    ['PT0S', '2030-01-31T12:00:00.000Z'],
  ])('%s', (text, expected) => {
    expect(after(text)).toBe(expected);
  });

  it.each([
    '',
    'P',
    'PT',
    'P1DT',
    '1D',
    'P-1D',
    '-P1D',
    'P1H',
    'PT1D',
    'P1.5DT1H',
    'P1S',
    'P 1D',
    'p1d',
    'P1.D',
  ])('refuses %j', (text) => {
    expect(isDuration(text)).toBe(false);
    expect(() => addDuration(start, text)).toThrow(RangeError);
  });

  it('adds days, hours, minutes and seconds as what they are', () => {
    const part = fc.integer({ min: 0, max: 5000 });
    fc.assert(
      fc.property(part, part, part, part, (days, hours, minutes, seconds) => {
        const ms = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
        expect(addDuration(start, `P${days}DT${hours}H${minutes}M${seconds}S`)).toBe(start + ms);
      }),
    );
  });
});
