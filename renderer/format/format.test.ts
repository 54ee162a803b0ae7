import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hexDump } from './hex.ts';
import { bytes, count, duration, measured, rate } from './numbers.ts';
import { bothTimes, clockTime, dateTime, fieldTime, instantOf, relativeTime, zoneAt } from './time.ts';

test('times are exact to the millisecond, local and UTC', () => {
  expect(clockTime('2030-01-31T14:03:07.120Z', true)).toBe('14:03:07.120');
  expect(dateTime('2030-01-31T14:03:07.120Z', true)).toBe('2030-01-31 14:03:07.120');
  expect(bothTimes('2030-01-31T14:03:07.120Z')).toMatch(/[+-]\d\d:\d\d\n2030-01-31 14:03:07\.120 UTC$/);
  expect(clockTime('no time')).toBe('no time');
});

describe.each([
  ['Europe/Paris', 'UTC+01:00', 'UTC+02:00'],
  ['America/St_Johns', 'UTC-03:30', 'UTC-02:30'],
  ['UTC', 'UTC+00:00', 'UTC+00:00'],
])('in the zone %s', (zone, winter, summer) => {
  const before = process.env.TZ;
  beforeAll(() => {
    process.env.TZ = zone;
  });
  afterAll(() => {
    process.env.TZ = before;
  });

  test('a date field shows a moment with the zone of that moment', () => {
    expect(zoneAt('2030-01-31T14:03:07Z', false)).toBe(winter);
    expect(zoneAt('2030-07-31T14:03:07Z', false)).toBe(summer);
    expect(zoneAt('2030-01-31T14:03:07Z', true)).toBe('UTC');
    expect(bothTimes('2030-07-31T14:03:07Z')).toContain(` ${summer.slice(3)}\n`);
  });

  test.each([true, false])('and what it holds is the moment that it showed (UTC: %s)', (utc) => {
    // Years as they are typed, digit after digit, are moments too.
    for (const time of ['2030-01-31T14:03:07.000Z', '2030-07-31T23:59:59.000Z', '0203-01-31T12:00:00.000Z']) {
      expect(instantOf(fieldTime(time, utc), utc)).toBe(time);
    }
    expect(fieldTime('2030-01-31T14:03:07.120Z', true)).toBe('2030-01-31T14:03:07');
  });
});

test('an empty date field is no moment', () => {
  expect([fieldTime('', true), instantOf('', true), instantOf('soon', false)]).toEqual([
    '',
    undefined,
    undefined,
  ]);
  expect(zoneAt('', false)).toMatch(/^UTC[+-]\d\d:\d\d$/);
});

test('relative times have a unit', () => {
  const now = Date.parse('2030-01-31T12:00:00Z');
  expect(relativeTime(now - 5_000, now, 'en')).toBe('5 sec. ago');
  expect(relativeTime(now - 7_200_000, now, 'en')).toBe('2 hr. ago');
});

test.each([
  [512, '512 B'],
  [1536, '1.5 KiB'],
  [52_428_800, '50 MiB'],
])('%i bytes', (value, text) => expect(bytes(value)).toBe(text));

test.each([
  [0.123, '0.123 ms'],
  [5.25, '5.25 ms'],
  [3400, '3.4 s'],
  [125_000, '2 min 5 s'],
  [7_200_000, '2 h'],
])('%d ms', (value, text) => expect(duration(value)).toBe(text));

test('values lose the noise of binary fractions only', () => {
  expect(measured(0.1 + 0.2)).toBe('0.3');
  expect(measured(21.5)).toBe('21.5');
});

test('a hex dump shows offset, bytes and text', () => {
  expect(hexDump('7b2261223a317d0a00ff4142434445464748')).toEqual([
    { offset: '0000', hex: '7b 22 61 22 3a 31 7d 0a  00 ff 41 42 43 44 45 46', text: '{"a":1}···ABCDEF' },
    { offset: '0010', hex: '47 48', text: 'GH' },
  ]);
  expect(hexDump('')).toEqual([]);
});

test('numbers are written as the language writes them', () => {
  expect(count(1_234_567, 'en')).toBe('1,234,567');
  expect(count(1_234_567, 'fr').replace(/\s/g, ' ')).toBe('1 234 567');
  expect(rate(37.84, 'en')).toBe('37.8');
  expect(rate(37.84, 'fr')).toBe('37,8');
  expect(rate(5, 'en')).toBe('5.0');
  expect([bytes(1536, 'fr'), duration(2500, 'fr'), duration(0.123, 'fr')]).toEqual([
    '1,5 KiB',
    '2,5 s',
    '0,123 ms',
  ]);
  expect(bytes(1023, 'fr').replace(/\s/g, ' ')).toBe('1 023 B');
});
