import type { Sqlite3Static } from '@sqlite.org/sqlite-wasm';
import { Pattern } from '../../contract/rsql/pattern.ts';

const patternsKept = 50;

/**
 * Gives a connection the functions of SQL that SQLite lacks: `regexp_like(text, pattern)`, as PostgreSQL has it, for
 * patterns that {@link Pattern} reads.
 */
export function addFunctions({ capi }: Sqlite3Static, connection: number): void {
  const patterns = new Map<string, Pattern>();
  const patternOf = (source: string): Pattern => {
    const known = patterns.get(source);
    if (known) return known;
    if (patterns.size >= patternsKept) patterns.clear();
    const made = new Pattern(source);
    patterns.set(source, made);
    return made;
  };
  const flags = (capi.SQLITE_UTF8 | capi.SQLITE_DETERMINISTIC) as typeof capi.SQLITE_UTF8;
  const matches = (_context: unknown, text: unknown, pattern: unknown): number | null =>
    text === null ? null : Number(patternOf(String(pattern)).matches(String(text)));
  capi.sqlite3_create_function(connection, 'regexp_like', 2, flags, 0, matches, 0, 0);
}
