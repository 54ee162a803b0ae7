import type { Files } from '../platform/files.ts';
import { DataFolder } from './data-folder.ts';
import { Database } from './database.ts';
import {
  type ExportEnd,
  type ExportedFile,
  type ExportHeader,
  fromJson,
  ownTables,
  quoted,
  readColumns,
} from './export-format.ts';
import { GroupEncoder } from './group-encoder.ts';
import { versionStatement } from './migrate.ts';
import { migrations } from './migrations.ts';
import { encodeSnapshot } from './snapshot-file.ts';
import type { Statement } from './types.ts';

const rowsPerGroup = 1000;

/** The text cannot be imported; the message says which line and why. */
export class ImportError extends Error {}

/**
 * Fills an empty data folder from an export, all of it or nothing; it may be longer than a text can be.
 * @param takeFile is handed the files that follow the rows
 * @throws ImportError
 */
export async function importTables(
  files: Files,
  dataDir: string,
  bytes: Uint8Array,
  takeFile: (file: ExportedFile) => Promise<void>,
): Promise<number> {
  const lines = linesOf(bytes);
  const { schemaVersion, formatVersion } = parseHeader(String(lines.next().value ?? ''));
  const database = await Database.open();
  try {
    for (const [index, step] of migrations.slice(0, schemaVersion).entries()) {
      const statements = step.map((sql): Statement => ({ sql, parameters: [] }));
      applyRows(database, [...statements, versionStatement(index + 1)], 1);
    }
    const columns = readColumns(database);
    let count = 0;
    let number = 1;
    let taken = 0;
    let end: ExportEnd['end'] | undefined;
    let pending: Statement[] = [];
    for (const line of lines) {
      number++;
      if (line.trim() === '') continue;
      if (end) throw new ImportError(`Line ${number} comes after the last line of the export.`);
      const parsed = parseLine(line, number, columns);
      if ('end' in parsed) end = parsed.end;
      else if ('file' in parsed) {
        taken++;
        await takeFile(parsed);
      } else pending.push(parsed);
      if (pending.length < rowsPerGroup) continue;
      count += applyRows(database, pending, number);
      pending = [];
    }
    count += applyRows(database, pending, number);
    if (formatVersion > 1) requireAll(end, { rows: count, files: taken });
    const folder = new DataFolder(files, dataDir);
    await files.makeFolder(folder.store);
    const image = database.image();
    const path = folder.snapshotPath(1);
    await files.writeWhole(path, encodeSnapshot({ lastGroup: 1, image }));
    return count;
  } finally {
    database.close();
  }
}

function applyRows(database: Database, statements: readonly Statement[], line: number): number {
  if (statements.length === 0) return 0;
  const encoder = new GroupEncoder(0);
  try {
    encoder.add(statements);
  } catch (error) {
    throw new ImportError(`A row up to line ${line} cannot be kept: ${(error as Error).message}`);
  }
  const [refused] = database.apply([{ sequence: 1, payload: encoder.take().bytes }]).refused;
  if (refused)
    throw new ImportError(`A row up to line ${line} is refused: ${refused.reason}. ${refused.sql}`);
  return statements.length;
}

function parseHeader(line: string): ExportHeader {
  const header = parseJson(line, 1) as Partial<ExportHeader>;
  if (header.format !== 'fleetbench-export' || (header.formatVersion !== 1 && header.formatVersion !== 2)) {
    throw new ImportError('The file is no export of Fleetbench: its first line is not the header of one.');
  }
  const { schemaVersion } = header;
  if (
    !Number.isInteger(schemaVersion) ||
    Number(schemaVersion) < 1 ||
    Number(schemaVersion) > migrations.length
  ) {
    throw new ImportError(
      `The export has schema ${schemaVersion}; this program knows 1 to ${migrations.length}. Use a newer Fleetbench.`,
    );
  }
  return header as ExportHeader;
}

/** An export that was cut off must not pass for a small one. */
function requireAll(end: ExportEnd['end'] | undefined, found: ExportEnd['end']): void {
  if (!end) {
    throw new ImportError(
      `The export was cut off: its last line is missing, after ${found.rows} rows. Export again.`,
    );
  }
  if (end.rows === found.rows && end.files === found.files) return;
  throw new ImportError(
    `The export is not whole: it holds ${found.rows} rows and ${found.files} files, and its last line tells of ${end.rows} and ${end.files}.`,
  );
}

function* linesOf(bytes: Uint8Array): Generator<string> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = 0; start < buffer.length; ) {
    const newline = buffer.indexOf(0x0a, start);
    const end = newline < 0 ? buffer.length : newline;
    yield buffer.toString('utf8', start, end);
    start = end + 1;
  }
}

function parseLine(
  line: string,
  number: number,
  columns: ReadonlyMap<string, ReadonlySet<string>>,
): Statement | ExportedFile | ExportEnd {
  const parsed = parseJson(line, number) as {
    table?: unknown;
    row?: unknown;
    file?: unknown;
    end?: ExportEnd['end'];
  };
  if (typeof parsed.end === 'object') return { end: parsed.end };
  if (parsed.file !== undefined) return parseFile(parsed, number);
  const { table, row } = parsed;
  const known = typeof table === 'string' && !ownTables.has(table) ? columns.get(table) : undefined;
  if (!known) throw new ImportError(`Line ${number}: there is no table ${JSON.stringify(table)}.`);
  if (typeof row !== 'object' || row === null) throw new ImportError(`Line ${number}: the row is missing.`);
  const names = Object.keys(row);
  const unknown = names.find((name) => !known.has(name));
  if (unknown !== undefined || names.length === 0) {
    throw new ImportError(`Line ${number}: table ${table} has no column ${JSON.stringify(unknown ?? '')}.`);
  }
  const places = names.map(() => '?').join(', ');
  return {
    sql: `INSERT INTO ${quoted(table as string)} (${names.map(quoted).join(', ')}) VALUES (${places})`,
    parameters: Object.values(row).map(fromJson),
  };
}

function parseFile({ file, content }: { file?: unknown; content?: unknown }, number: number): ExportedFile {
  const bytes = fromJson(content);
  // The name becomes a path.
  if (typeof file !== 'string' || !/^[\w-]{1,100}$/.test(file) || !(bytes instanceof Uint8Array)) {
    throw new ImportError(`Line ${number}: the file is not {"file": name, "content": {"$base64": …}}.`);
  }
  return { file, content: bytes };
}

function parseJson(line: string, number: number): object {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Told below, as any line that is no object.
  }
  throw new ImportError(`Line ${number} is not a JSON object.`);
}
