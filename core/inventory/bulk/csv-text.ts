import { tooLongRecord, UnreadableFile } from './record-reader.ts';

/** A line of a CSV file. A cell with nothing in it is null, and one with an empty text in quotation marks is ''. */
export interface CsvRow {
  /** Line of the file on which it begins, from 1. */
  readonly line: number;
  readonly cells: readonly (string | null)[];
  /** What keeps the row from being read. */
  readonly damage: string | undefined;
}

const separators = [',', ';', '\t'];

/**
 * Takes CSV apart as it comes (RFC 4180): cells in quotation marks may hold separators, line ends, and quotation marks
 * written twice. The separator is what the first line has of comma, semicolon and tab. A line ends with LF, CR LF or CR. Empty lines are left out.
 */
export class CsvText {
  private readonly maxRowChars: number;
  private separator: string | undefined;
  private line = 1;
  private startLine = 1;
  private cells: (string | null)[] = [];
  private cell = '';
  private rowChars = 0;
  /** `start`: at the start of a cell; `quote`: after a quotation mark within quoted text. */
  private state: 'start' | 'plain' | 'quoted' | 'quote' = 'start';
  private damage: string | undefined;
  private afterCr = false;

  constructor(maxRowChars: number) {
    this.maxRowChars = maxRowChars;
  }

  *read(text: string): Iterable<CsvRow> {
    for (const char of text) {
      if (++this.rowChars > this.maxRowChars) throw tooLongRecord(this.startLine, this.maxRowChars);
      if (this.state === 'quoted') {
        if (char === '"') this.state = 'quote';
        else this.cell += char;
        if (this.endsLine(char)) this.line++;
        continue;
      }
      this.separator ??= separators.includes(char) ? char : undefined;
      if (this.endsLine(char)) {
        this.endCell();
        yield* this.endRow();
        this.line++;
        this.startLine = this.line;
      } else if (char === this.separator) this.endCell();
      else if (char !== '\n') this.take(char);
    }
  }

  *end(): Iterable<CsvRow> {
    if (this.state === 'quoted') {
      throw new UnreadableFile(
        `line ${this.startLine}: the file ends within a cell; its second quotation mark is missing`,
      );
    }
    this.endCell();
    yield* this.endRow();
  }

  /** False for the LF of a CR LF, whose CR has ended the line. */
  private endsLine(char: string): boolean {
    const ends = char === '\r' || (char === '\n' && !this.afterCr);
    this.afterCr = char === '\r';
    return ends;
  }

  private take(char: string): void {
    if (char === '"' && this.state === 'start') {
      this.state = 'quoted';
    } else if (char === '"' && this.state === 'quote') {
      this.cell += char;
      this.state = 'quoted';
    } else if (this.state === 'quote') {
      this.damage ??= `cell ${this.cells.length + 1} goes on behind its quotation marks; write those within it twice`;
    } else {
      this.cell += char;
      this.state = 'plain';
    }
  }

  private endCell(): void {
    this.cells.push(this.state === 'start' ? null : this.cell);
    this.cell = '';
    this.state = 'start';
  }

  private *endRow(): Iterable<CsvRow> {
    const { startLine: line, cells, damage } = this;
    this.cells = [];
    this.damage = undefined;
    this.rowChars = 0;
    // The first line decides; what has one column has no separator to see.
    this.separator ??= ',';
    if (cells.some((cell) => cell !== null) || damage !== undefined) yield { line, cells, damage };
  }
}

const needsQuotes = /[",;\t\r\n]/;

/** One line of CSV. A missing value is an empty cell, and an empty text is a pair of quotation marks. */
export function csvLine(cells: readonly (string | undefined)[]): string {
  const written = cells.map((cell) => {
    if (cell === undefined) return '';
    return cell === '' || needsQuotes.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  });
  return `${written.join(',')}\r\n`;
}
