import type { Database } from './database.ts';
import type { SqlValue } from './types.ts';

/**
 * First line of an export; after it comes a line `{"table": …, "row": {…}}` for each row, then one
 * `{"file": …, "content": {"$base64": …}}` for each file that rows name, and {@link ExportEnd}.
 */
export interface ExportHeader {
  readonly format: 'fleetbench-export';
  /** 1: without a last line, so that nobody can tell whether it is whole. */
  readonly formatVersion: 1 | 2;
  readonly schemaVersion: number;
}

/** Last line of an export: an export that was cut off lacks it. */
export interface ExportEnd {
  readonly end: { readonly rows: number; readonly files: number };
}

/** A file beside the database. */
export interface ExportedFile {
  readonly file: string;
  readonly content: Uint8Array;
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

/** The line of a file. */
export function fileLine({ file, content }: ExportedFile): string {
  return `${JSON.stringify({ file, content: toJson(content) })}\n`;
}

/** The last line. */
export function endLine(end: ExportEnd['end']): string {
  return `${JSON.stringify({ end } satisfies ExportEnd)}\n`;
}

/** Bytes are `{"$base64": "…"}`. */
export function toJson(value: SqlValue): unknown {
  return value instanceof Uint8Array ? { $base64: Buffer.from(value).toString('base64') } : value;
}

export function fromJson(value: unknown): unknown {
  const base64 = (value as { $base64?: unknown } | null)?.$base64;
  return typeof base64 === 'string' ? new Uint8Array(Buffer.from(base64, 'base64')) : value;
}
