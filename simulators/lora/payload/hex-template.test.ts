import { expect, it } from 'vitest';
import { hexTemplate } from './hex-template.ts';

const values: Readonly<Record<string, number>> = { n: 258, temperature: -4.1, big: 1e12 };
const names = Object.keys(values);
const fill = (text: string): string =>
  Buffer.from(hexTemplate(text, names)((name) => values[name] ?? 0)).toString('hex');

it.each([
  ['', ''],
  ['01 ff', '01ff'],
  ['01{{u16 n}}02', '01010202'],
  ['{{u16le n}}', '0201'],
  ['{{i16 temperature*10}}', 'ffd7'],
  ['{{i16le temperature * 10}}', 'd7ff'],
  ['{{u8 n}}{{u24 n}}{{u32 n}}', 'ff00010200000102'],
  ['{{i8 temperature*-10}}', '29'],
  ['{{u32 big}}{{i32 big}}', 'ffffffff7fffffff'],
])('fills %j', (text, wanted) => {
  expect(fill(text)).toBe(wanted);
});

it.each([
  ['0', 'column 1: "0" are no two'],
  ['00x1', 'column 3: "x1" are no two'],
  ['00{{u16 n', 'column 3: a place is not closed'],
  ['{{u12 n}}', 'column 1: {{u12 n}} is no place'],
  ['{{u8}}', 'is no place'],
  ['{{u8 pressure}}', 'there is no field pressure; there are n, temperature, big'],
])('refuses %j with its place', (text, said) => {
  expect(() => hexTemplate(text, names)).toThrow(
    expect.objectContaining({ details: expect.stringContaining(said) }),
  );
});
