import { describe, expect, it } from 'vitest';
import fc from '../../testing/properties.ts';
import { CsvText, csvLine } from './csv-text.ts';
import { UnreadableFile } from './record-reader.ts';

/** The rows of a text that comes in pieces of these lengths. */
function rows(text: string, lengths: readonly number[] = [], limit = 1000) {
  const csv = new CsvText(limit);
  const found = [];
  let at = 0;
  for (const length of lengths) {
    found.push(...csv.read(text.slice(at, at + length)));
    at += length;
  }
  found.push(...csv.read(text.slice(at)), ...csv.end());
  return found;
}
const cells = (text: string) => rows(text).map((row) => row.cells);

describe('CSV text', () => {
  it.each<[string, (string | null)[][]]>([
    ['', []],
    ['a', [['a']]],
    ['a\n', [['a']]],
    [
      'a,b\r\nc,d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a;b\nc,c;d',
      [
        ['a', 'b'],
        ['c,c', 'd'],
      ],
    ],
    ['a\rb\r"c\rd"\r', [['a'], ['b'], ['c\rd']]],
    ['a\tb\nc', [['a', 'b'], ['c']]],
    ['a\nb;c', [['a'], ['b;c']]],
    ['a,b\n,', [['a', 'b']]],
    [
      'a,b\n"",',
      [
        ['a', 'b'],
        ['', null],
      ],
    ],
    [
      'a,b\n"x ""y"", z\nw",2',
      [
        ['a', 'b'],
        ['x "y", z\nw', '2'],
      ],
    ],
    [
      'a,b\n\n\r\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a,b\n x , "y"',
      [
        ['a', 'b'],
        [' x ', ' "y"'],
      ],
    ],
  ])('%j', (text, expected) => {
    expect(cells(text)).toEqual(expected);
  });

  it('tells the line on which a row begins', () => {
    expect(rows('a\n\n"b\nb"\r\nc').map(({ line }) => line)).toEqual([1, 3, 5]);
    expect(rows('a\r\r"b\rb"\r\nc\rd').map(({ line }) => line)).toEqual([1, 3, 5, 6]);
  });

  it('marks a row whose cell goes on behind its quotation marks', () => {
    expect(rows('a,b\n1,"x"y\n2,z')).toMatchObject([
      { damage: undefined },
      { line: 2, damage: expect.stringContaining('cell 2') },
      { cells: ['2', 'z'], damage: undefined },
    ]);
  });

  it('refuses an end within quotation marks, and a row that does not end', () => {
    expect(() => rows('a\nb\n"c\n')).toThrow(UnreadableFile);
    expect(() => rows('a\nb\n"c\n')).toThrow('line 3: the file ends within a cell');
    expect(() => rows(`a\n"${'x'.repeat(1000)}`)).toThrow(
      /line 2: .* 1000 characters \(setting importMaxRecordChars\)/,
    );
  });

  it('reads what was written, whatever the pieces in which it comes', () => {
    const cell = fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined });
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 5 });
    fc.assert(
      fc.property(table, fc.array(fc.nat(9)), (lines, lengths) => {
        const text = [['h', 'i'], ...lines].map(csvLine).join('');
        const filled = lines.filter((line) => line.some((each) => each !== undefined));
        expect(rows(text, lengths).map((row) => row.cells)).toEqual([
          ['h', 'i'],
          ...filled.map((line) => line.map((each) => each ?? null)),
        ]);
      }),
    );
  });
});
