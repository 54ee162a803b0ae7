import type { Database } from './database.ts';
import { type ExportHeader, ownTables, quoted, readColumns, toJson } from './export-format.ts';
import { countRows } from './offline.ts';
import type { SqlValue } from './types.ts';

/** Few, since each may be as long as a row can be. */
const rowsPerPage = 200;
/** Characters that are written in one piece; a longer line is a piece of its own. */
const pieceCharacters = 1024 * 1024;

/**
 * Writes all tables as JSON Lines: first a header with the schema version, then a line for each row. Files and the
 * last line are the caller's.
 * @param write is awaited after each piece.
 * @returns how many rows there are
 */
export async function exportTables(
  database: Database,
  write: (text: string) => Promise<void>,
): Promise<number> {
  const header: ExportHeader = {
    format: 'fleetbench-export',
    formatVersion: 2,
    schemaVersion: readVersion(database),
  };
  await write(`${JSON.stringify(header)}\n`);
  let count = 0;
  let piece = '';
  for (const { table } of countRows(database)) {
    if (ownTables.has(table)) continue;
    for (const line of linesOf(database, table)) {
      count += 1;
      piece += line;
      if (piece.length < pieceCharacters) continue;
      await write(piece);
      piece = '';
    }
  }
  if (piece !== '') await write(piece);
  return count;
}

/** In the order of the primary key: a page begins where the last one ended, and two exports of the same data are equal. */
function* linesOf(database: Database, table: string): Generator<string> {
  const names = [...(readColumns(database).get(table) ?? [])];
  const key = primaryKeyOf(database, table);
  const list = names.map(quoted).join(', ');
  const order = key.map(quoted).join(', ');
  const after = `WHERE (${order}) > (${key.map(() => '?').join(', ')})`;
  let place: SqlValue[] | undefined;
  for (;;) {
    const rows: Record<string, SqlValue>[] = [];
    const sql = `SELECT ${list} FROM ${quoted(table)} ${place ? after : ''} ORDER BY ${order} LIMIT ?`;
    database.each(sql, [...(place ?? []), rowsPerPage], (values) => {
      rows.push(Object.fromEntries(names.map((name, index) => [name, values[index] ?? null])));
    });
    const last = rows.at(-1);
    if (!last) return;
    for (const row of rows) {
      const shown = Object.entries(row).map(([name, value]) => [name, toJson(value)]);
      yield `${JSON.stringify({ table, row: Object.fromEntries(shown) })}\n`;
    }
    place = key.map((name) => last[name] ?? null);
  }
}

function primaryKeyOf(database: Database, table: string): string[] {
  const names: string[] = [];
  const sql = 'SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk';
  database.each(sql, [table], ([name]) => names.push(String(name)));
  return names;
}

function readVersion(database: Database): number {
  let version = 0;
  if (!readColumns(database).has('meta')) return version;
  database.each(`SELECT value FROM meta WHERE key = 'schema_version'`, [], ([value]) => {
    version = Number(value);
  });
  return version;
}
