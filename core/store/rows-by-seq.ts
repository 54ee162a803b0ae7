import { sql } from 'kysely';
import { sqlBuilder } from './builder.ts';
import type { Statement, Store } from './types.ts';

type Numbered =
  | 'audit_messages'
  | 'commands'
  | 'messages'
  | 'resource_updates'
  | 'twin_data_rules'
  | 'twin_observations'
  | 'twin_operations'
  | 'twins';

/** The highest `seq` of a table, 0 without any row. */
export async function lastSeqOf(store: Store, table: Numbered): Promise<number> {
  const [row] = await store.query<{ last: number | null }>(
    sql`SELECT max(seq) AS last FROM ${sql.table(table)}`.compile(sqlBuilder),
  );
  return row?.last ?? 0;
}

/** Few enough that reading them never holds up other work of the database for long. */
const rowsAtATime = 1000;

/**
 * All rows of a table in the order of their `seq`, read in parts.
 * @param part builds the statement for the next rows: those above this `seq`, in its order, at most so many.
 */
export async function* rowsBySeq<T extends { seq: number }>(
  store: Store,
  part: (aboveSeq: number, limit: number) => Statement,
): AsyncGenerator<T> {
  for (let aboveSeq = 0, more = true; more; ) {
    const rows = await store.query<T>(part(aboveSeq, rowsAtATime));
    yield* rows;
    aboveSeq = rows.at(-1)?.seq ?? aboveSeq;
    more = rows.length === rowsAtATime;
  }
}
