import { Database, DatabaseBroken } from './database.ts';
import { quoted, readColumns } from './export-format.ts';
import { GroupEncoder } from './group-encoder.ts';
import { decodeSnapshot, type Snapshot } from './snapshot-file.ts';
import type { SqlValue, Statement } from './types.ts';

export interface Salvage {
  readonly snapshot: Snapshot;
  /** Tables of which some rows could not be read; none: SQLite finds nothing wrong, but bytes in rows may be. */
  readonly torn: readonly string[];
}

const rowsPerGroup = 500;

/** What can be read of a snapshot whose image has a wrong checksum; undefined: nothing can. */
export async function salvageSnapshot(bytes: Uint8Array): Promise<Salvage | undefined> {
  const found = decodeSnapshot(bytes, { evenDamaged: true });
  if ('problem' in found) return undefined;
  let damaged: Database;
  try {
    damaged = await Database.open(found.image);
  } catch (error) {
    if (error instanceof DatabaseBroken) return undefined;
    throw error;
  }
  try {
    if (isSound(damaged)) return { snapshot: found, torn: [] };
    const { image, torn } = await copyRows(damaged);
    return { snapshot: { lastGroup: found.lastGroup, image }, torn };
  } catch {
    // Not even its schema.
    return undefined;
  } finally {
    damaged.close();
  }
}

function isSound(database: Database): boolean {
  const verdicts: unknown[] = [];
  try {
    database.each('PRAGMA quick_check(1)', [], ([verdict]) => verdicts.push(verdict));
  } catch {
    return false;
  }
  return verdicts.length === 1 && verdicts[0] === 'ok';
}

/** Makes a database of the same schema with every row that can be read, from either end of each table. */
async function copyRows(damaged: Database): Promise<{ image: Uint8Array; torn: string[] }> {
  const copy = await Database.open();
  try {
    const schema: { type: string; sql: string }[] = [];
    const sql = `SELECT type, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'`;
    damaged.each(sql, [], ([type, text]) => schema.push({ type: String(type), sql: String(text) }));
    const tables = schema.filter(({ type }) => type === 'table');
    for (const each of tables) insert(copy, [{ sql: each.sql, parameters: [] }]);
    const torn: string[] = [];
    for (const [table, columns] of readColumns(copy)) {
      const whole = [false, true].some((backwards) =>
        copyTable(damaged, copy, table, [...columns], backwards),
      );
      if (!whole) torn.push(table);
    }
    for (const { type, sql: text } of schema) {
      if (type !== 'table') insert(copy, [{ sql: text, parameters: [] }]);
    }
    return { image: copy.image(), torn };
  } finally {
    copy.close();
  }
}

/** @returns true when it came to the end */
function copyTable(
  from: Database,
  to: Database,
  table: string,
  columns: readonly string[],
  backwards: boolean,
): boolean {
  const list = columns.map(quoted).join(', ');
  const places = columns.map(() => '?').join(', ');
  const into = `INSERT OR IGNORE INTO ${quoted(table)} (${list}) VALUES (${places})`;
  const key: string[] = [];
  from.each('SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk', [table], ([name]) => {
    key.push(`${quoted(String(name))}${backwards ? ' DESC' : ''}`);
  });
  let pending: Statement[] = [];
  const take = (values: readonly SqlValue[]): void => {
    pending.push({ sql: into, parameters: [...values] });
    if (pending.length < rowsPerGroup) return;
    insert(to, pending);
    pending = [];
  };
  let whole = true;
  try {
    from.each(`SELECT ${list} FROM ${quoted(table)} ORDER BY ${key.join(', ')}`, [], take);
  } catch {
    // What came before the damage is taken.
    whole = false;
  }
  insert(to, pending);
  return whole;
}

function insert(database: Database, statements: readonly Statement[]): void {
  if (statements.length === 0) return;
  const encoder = new GroupEncoder(0);
  encoder.add(statements);
  database.apply([{ sequence: 1, payload: encoder.take().bytes }]);
}
