import { invalidParameter } from '../contract/invalid-parameter.ts';
import { type CsvRow, CsvText } from '../inventory/bulk/csv-text.ts';
import { type BulkRecord, type RecordReader, UnreadableFile } from '../inventory/bulk/record-reader.ts';

/** Columns of a file of bootstrap entries, by the names of the manual (7.7.4.1.2). */
export const entryColumns = [
  'endpointName',
  'pskInfo.identity',
  'pskInfo.secret',
  'bootstrapConfigId',
  'runServers.id',
  'runServers.security.pskInfo.identity',
  'runServers.security.pskInfo.secret',
] as const;
type EntryColumn = (typeof entryColumns)[number];

const needed: readonly EntryColumn[] = ['endpointName', 'pskInfo.identity', 'pskInfo.secret'];

/** Bootstrap entries of a CSV file: the first line names the columns, in any order. */
export class CsvEntries implements RecordReader {
  private readonly text: CsvText;
  private columns: readonly EntryColumn[] | undefined;

  constructor(maxRecordChars: number) {
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
      if (columns) yield { line: row.line, parse: () => toEntry(columns, row) };
      else this.columns = readHeader(row);
    }
  }
}

function readHeader({ line, cells, damage }: CsvRow): EntryColumn[] {
  if (damage !== undefined) throw new UnreadableFile(`line ${line}: ${damage}`);
  const columns = cells.map((cell, index) => {
    const name = cell?.trim() ?? '';
    const column = entryColumns.find((known) => known === name);
    const place = `line ${line}, column ${index + 1}`;
    if (!column) {
      throw new UnreadableFile(
        `${place}: ${JSON.stringify(name)} is no column of a bootstrap entry; these are ${entryColumns.join(', ')}`,
      );
    }
    if (cells.findIndex((other) => other?.trim() === name) < index) {
      throw new UnreadableFile(`${place}: ${column} is there twice`);
    }
    return column;
  });
  const missing = needed.filter((column) => !columns.includes(column));
  if (missing.length === 0) return columns;
  throw new UnreadableFile(`line ${line}: missing columns: ${missing.join(', ')}`);
}

/** The body of the call that makes the entry (7.7.4.1.3). What an empty cell would fill is left out. */
function toEntry(columns: readonly EntryColumn[], { cells, damage }: CsvRow): unknown {
  if (damage !== undefined) throw invalidParameter(damage);
  if (cells.length > columns.length) {
    throw invalidParameter(`the line has ${cells.length} cells, and the file has ${columns.length} columns`);
  }
  const cell = (column: EntryColumn): string | undefined =>
    cells[columns.indexOf(column)]?.trim() || undefined;
  const bootstrapConfigId = cell('bootstrapConfigId');
  const runServerId = cell('runServers.id');
  const identity = cell('runServers.security.pskInfo.identity');
  const secret = cell('runServers.security.pskInfo.secret');
  const ofRunServer = runServerId !== undefined || identity !== undefined || secret !== undefined;
  const hasCredentials = identity !== undefined || secret !== undefined;
  const runServer = {
    id: runServerId,
    ...(hasCredentials && { security: { pskInfo: { identity, secret } } }),
  };
  return {
    endpointName: cell('endpointName'),
    security: {
      mode: 'PSK',
      pskInfo: { identity: cell('pskInfo.identity'), secret: cell('pskInfo.secret') },
    },
    ...((bootstrapConfigId !== undefined || ofRunServer) && {
      definition: { bootstrapConfigId, ...(ofRunServer && { runServers: [runServer] }) },
    }),
  };
}
