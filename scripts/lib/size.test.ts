import { expect, test } from 'vitest';
import { checkSizes, countLines } from './size.ts';

const lines = (count: number): string => 'x\n'.repeat(count);

test('counts lines with and without a last newline', () => {
  expect([countLines('a\nb\n'), countLines('a\nb'), countLines('a')]).toEqual([2, 2, 1]);
});

test('is silent up to 300 lines, notes up to 500 and fails above', () => {
  const report = checkSizes([300, 301, 500, 501].map((count) => [`${count}.ts`, lines(count)]));
  expect(report.notes.map((note) => note.split(' ')[1])).toEqual(['301.ts', '500.ts']);
  expect(report.problems).toEqual(['501.ts has 501 lines; 500 is the limit: split it by concept']);
});
