import { PlatformError } from '../contract/errors.ts';
import { migrations as platformMigrations } from './migrations.ts';
import type { Statement, Store } from './types.ts';

const versionKey = 'schema_version';

/**
 * Writes the steps that the data folder has not had yet, as ordinary transactions.
 * @throws PlatformError `store.unavailable` when a newer program has written the folder.
 */
export async function bringUpToDate(
  store: Store,
  migrations: readonly (readonly string[])[] = platformMigrations,
): Promise<void> {
  const version = await schemaVersion((statement) => store.query(statement));
  if (version > migrations.length) {
    throw new PlatformError(
      'store.unavailable',
      `The data folder was written by a newer Fleetbench (schema ${version}; this one knows ${migrations.length}). ` +
        'Start that version, or choose another folder with --data-dir.',
    );
  }
  for (const [index, step] of migrations.entries()) {
    if (index >= version) await store.commit([...step.map(plain), versionStatement(index + 1)]);
  }
  // Refused statements must show before anybody uses the store.
  await schemaVersion((statement) => store.query(statement));
}

/** How many migrations the database has had; 0 for an empty one. */
export async function schemaVersion(
  query: (statement: Statement) => Promise<{ value?: unknown }[]>,
): Promise<number> {
  const tables = await query(
    plain(`SELECT name AS value FROM sqlite_schema WHERE type = 'table' AND name = 'meta'`),
  );
  if (tables.length === 0) return 0;
  const [row] = await query({ sql: 'SELECT value FROM meta WHERE key = ?', parameters: [versionKey] });
  return Number(row?.value ?? 0);
}

/** Notes that the database has had this many migrations. */
export function versionStatement(version: number): Statement {
  const sql =
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value';
  return { sql, parameters: [versionKey, String(version)] };
}

function plain(sql: string): Statement {
  return { sql, parameters: [] };
}
