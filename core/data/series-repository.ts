import { sqlBuilder } from '../store/builder.ts';
import type { Statement, Store } from '../store/types.ts';

/** A pair of stream and sender. */
export interface SeriesRow {
  readonly id: number;
  readonly tenant_id: string;
  readonly stream_id: string;
  readonly source: string;
}

const withoutMessages = sqlBuilder
  .selectFrom('series')
  .selectAll()
  .where(({ not, exists, selectFrom }) =>
    not(exists(selectFrom('messages').select('seq').whereRef('messages.series_id', '=', 'series.id'))),
  );

/** SQL of pairs of stream and sender. */
export const seriesRepository = {
  load(store: Store): Promise<SeriesRow[]> {
    return store.query<SeriesRow>(sqlBuilder.selectFrom('series').selectAll().compile());
  },

  /** Does nothing for a pair that is there. */
  insert(row: SeriesRow): Statement {
    return sqlBuilder
      .insertInto('series')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .compile();
  },

  delete(id: number): Statement {
    return sqlBuilder.deleteFrom('series').where('id', '=', id).compile();
  },

  /** Pairs that no message names; of these ids alone, when some are given. */
  loadEmpty(store: Store, ids?: readonly number[]): Promise<SeriesRow[]> {
    const select = ids === undefined ? withoutMessages : withoutMessages.where('id', 'in', ids);
    return store.query<SeriesRow>(select.compile());
  },
};
