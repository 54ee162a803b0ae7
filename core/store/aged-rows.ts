import { type RawBuilder, sql } from 'kysely';
import { sqlBuilder } from './builder.ts';
import type { AgedRows } from './oldest-rows.ts';
import type { Schema } from './schema.ts';

/**
 * The rows of a table for {@link OldestRows}.
 * @param textColumns those whose length counts as the size of a row
 * @param which those rows that may go; all without it
 */
export function agedRows<Table extends 'audit_messages' | 'commands' | 'resource_updates'>(
  table: Table,
  textColumns: readonly (keyof Schema[Table] & string)[],
  which: RawBuilder<boolean> = sql<boolean>`true`,
): AgedRows {
  const lengths = textColumns.map((column) => sql`octet_length(${sql.ref(column)})`);
  const octets = sql`${sql.join(lengths, sql` + `)}`;
  const rows = sql`FROM ${sql.table(table)} WHERE ${which}`;
  return {
    async size(store) {
      const [kept] = await store.query<{ rows: number; bytes: number }>(
        sql`SELECT count(*) AS rows, coalesce(sum(${octets}), 0) AS bytes ${rows}`.compile(sqlBuilder),
      );
      return kept ?? { rows: 0, bytes: 0 };
    },
    oldest: (store, limit) =>
      store.query(
        sql`SELECT seq, ${octets} AS bytes ${rows} ORDER BY seq LIMIT ${limit}`.compile(sqlBuilder),
      ),
    deleteUpTo: (seq) => sql`DELETE ${rows} AND seq <= ${seq}`.compile(sqlBuilder),
  };
}
