import type { Database } from './database.ts';

/** First line of an export; after it comes a line `{"table": …, "row": {…}}` for each row. */
export interface ExportHeader {
  readonly format: 'fleetbench-export';
  readonly formatVersion: 1;
  readonly schemaVersion: number;
}

/** Tables that the program fills by itself. */
export const ownTables = new Set(['meta']);
/** Names of the columns of each table. */
export function readColumns(database: Database): Map<string, Set<string>> {
  const columns = new Map<string, Set<string>>();
  const sql = `SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table'`;
  database.each(sql, [], ([table, column]) => {
    const known = columns.get(String(table)) ?? new Set();
    columns.set(String(table), known.add(String(column)));
  });
  return columns;
}

/** The name as SQL takes it, whatever is in it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
