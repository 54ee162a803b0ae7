import type { Statement, Store } from './types.ts';

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
