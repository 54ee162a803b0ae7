import { invalidParameter } from '../../contract/invalid-parameter.ts';
import { type CsvRow, CsvText } from './csv-text.ts';
import { type BulkRecord, type RecordReader, UnreadableFile } from './record-reader.ts';

/** The cells of a line, in the order of the columns; null where the file has none, or an empty one without quotes. */
export type CsvCells = CsvRow['cells'];

/** What the lines of a CSV file are. */
export interface CsvForm<Column extends string> {
  /** What one line makes: `a device`. */
  readonly makes: string;
  /** The columns that there are, for an error. */
  readonly columns: string;
  /** Columns that no file may lack. */
  readonly needed: readonly Column[];
  /** True when a line may leave out cells at its end. */
  readonly mayEndEarly: boolean;
  /** The column that a cell of the first line names; undefined when it names none. */
  columnOf(cell: string): Column | undefined;
  /** @throws PlatformError `api.invalidParameter` */
  toRecord(columns: readonly Column[], cells: CsvCells): unknown;
}

/** Records of a CSV file: the first line names the columns, in any order. */
export class CsvRecords<Column extends string> implements RecordReader {
  private readonly form: CsvForm<Column>;
  private readonly text: CsvText;
  private columns: readonly Column[] | undefined;

  constructor(form: CsvForm<Column>, maxRecordChars: number) {
    this.form = form;
    this.text = new CsvText(maxRecordChars);
  }

  *read(text: string): Iterable<BulkRecord> {
    yield* this.toRecords(this.text.read(text));
  }

  *end(): Iterable<BulkRecord> {
    yield* this.toRecords(this.text.end());
    if (!this.columns)
      throw new UnreadableFile('line 1: the file is empty; its first line must name the columns');
  }

  private *toRecords(rows: Iterable<CsvRow>): Iterable<BulkRecord> {
    for (const row of rows) {
      const { columns } = this;
      if (columns) yield { line: row.line, parse: () => this.parse(columns, row) };
      else this.columns = this.readHeader(row);
    }
  }

  private readHeader({ line, cells, damage }: CsvRow): Column[] {
    if (damage !== undefined) throw new UnreadableFile(`line ${line}: ${damage}`);
    const { makes, columns: known, needed } = this.form;
    const columns: Column[] = [];
    cells.forEach((cell, index) => {
      const place = `line ${line}, column ${index + 1}`;
      const column = this.form.columnOf(cell ?? '');
      if (column === undefined) {
        const given = JSON.stringify(cell?.trim() ?? '');
        throw new UnreadableFile(`${place}: ${given} is no column of ${makes}; these are ${known}`);
      }
      if (columns.includes(column)) throw new UnreadableFile(`${place}: ${column} is there twice`);
      columns.push(column);
    });
    const missing = needed.filter((column) => !columns.includes(column));
    if (missing.length === 0) return columns;
    throw new UnreadableFile(`line ${line}: missing columns: ${missing.join(', ')}`);
  }

  private parse(columns: readonly Column[], { cells, damage }: CsvRow): unknown {
    if (damage !== undefined) throw invalidParameter(damage);
    const { mayEndEarly, toRecord } = this.form;
    if (cells.length > columns.length || (cells.length < columns.length && !mayEndEarly)) {
      throw invalidParameter(
        `the line has ${cells.length} cells, and the file has ${columns.length} columns`,
      );
    }
    return toRecord(columns, cells);
  }
}
