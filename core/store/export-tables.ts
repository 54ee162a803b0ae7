import type { Database } from './database.ts';
import { type ExportHeader, ownTables, quoted, readColumns, toJson } from './export-format.ts';
import { countRows } from './offline.ts';

const rowsPerPage = 10_000;

/**
 * Writes all tables as JSON Lines: first a header with the schema version, then a line for each row.
 * @param write is awaited after each chunk of lines.
 */
export async function exportTables(
  database: Database,
  write: (text: string) => Promise<void>,
): Promise<number> {
  const header: ExportHeader = {
    format: 'fleetbench-export',
    formatVersion: 1,
    schemaVersion: readVersion(database),
  };
  await write(`${JSON.stringify(header)}\n`);
  let count = 0;
  for (const { table } of countRows(database)) {
    if (ownTables.has(table)) continue;
    for await (const lines of linesOf(database, table)) {
      count += lines.length;
      await write(lines.join(''));
    }
  }
  return count;
}

async function* linesOf(database: Database, table: string): AsyncGenerator<string[]> {
  const names = [...(readColumns(database).get(table) ?? [])];
  const list = names.map(quoted).join(', ');
  const order = primaryKeyOf(database, table).map(quoted).join(', ');
  for (let offset = 0; ; offset += rowsPerPage) {
    const lines: string[] = [];
    // In the order of the key, so that a page needs no sorting and two exports of the same data are equal.
    const sql = `SELECT ${list} FROM ${quoted(table)} ORDER BY ${order} LIMIT ? OFFSET ?`;
    database.each(sql, [rowsPerPage, offset], (values) => {
      const row = Object.fromEntries(names.map((name, index) => [name, toJson(values[index] ?? null)]));
      lines.push(`${JSON.stringify({ table, row })}\n`);
    });
    if (lines.length === 0) return;
    yield lines;
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
