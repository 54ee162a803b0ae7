import type { Selectable } from 'kysely';
import { sqlBuilder } from '../store/builder.ts';
import type { Schema } from '../store/schema.ts';
import type { Statement, Store } from '../store/types.ts';
import { type ConfigurationRecord, hasOpenParameter, type Parameter } from './configuration-record.ts';

type Row = Selectable<Schema['configurations']>;
type Document = { notifyTo?: string; parameters: [string, Parameter][] };

const loadPageRows = 1000;

const upsertSql = sqlBuilder
  .insertInto('configurations')
  .values({ seq: 0, tenant_id: '', device_id: '', correlation: 0, open: 0, document: '' })
  .onConflict((conflict) =>
    conflict.column('seq').doUpdateSet(({ ref }) => ({
      correlation: ref('excluded.correlation'),
      open: ref('excluded.open'),
      document: ref('excluded.document'),
    })),
  )
  .compile().sql;

/** Configurations in the store, a row for each device that has one. */
export const configurationRepository = {
  /** Writes the row. Its device is given when it is new, and changed by {@link move} only. */
  put(record: ConfigurationRecord, of: { tenantId: string; id: string }): Statement {
    const { seq, correlation, notifyTo, parameters } = record;
    const document: Document = { ...(notifyTo !== undefined && { notifyTo }), parameters: [...parameters] };
    const open = hasOpenParameter(record) ? 1 : 0;
    const values = [seq, of.tenantId, of.id, correlation, open, JSON.stringify(document)];
    return { sql: upsertSql, parameters: values };
  },

  move(seq: number, deviceId: string): Statement {
    return sqlBuilder
      .updateTable('configurations')
      .set({ device_id: deviceId })
      .where('seq', '=', seq)
      .compile();
  },

  delete(seq: number): Statement {
    return sqlBuilder.deleteFrom('configurations').where('seq', '=', seq).compile();
  },

  /** Every configuration by its number and device, without what is in it. */
  async *loadIndex(
    store: Store,
  ): AsyncGenerator<{ seq: number; tenantId: string; deviceId: string; correlation: number }> {
    for (let afterSeq = 0, more = true; more; ) {
      const page = sqlBuilder
        .selectFrom('configurations')
        .select(['seq', 'tenant_id', 'device_id', 'correlation'])
        .where('seq', '>', afterSeq)
        .orderBy('seq')
        .limit(loadPageRows);
      const rows = await store.query<Omit<Row, 'document' | 'open'>>(page.compile());
      for (const { seq, tenant_id: tenantId, device_id: deviceId, correlation } of rows) {
        afterSeq = seq;
        yield { seq, tenantId, deviceId, correlation };
      }
      more = rows.length === loadPageRows;
    }
  },

  /** Every configuration with something to send or to wait for. */
  async *loadOpen(store: Store): AsyncGenerator<ConfigurationRecord> {
    for (let afterSeq = 0, more = true; more; ) {
      const page = sqlBuilder
        .selectFrom('configurations')
        .selectAll()
        .where('open', '=', 1)
        .where('seq', '>', afterSeq)
        .orderBy('seq')
        .limit(loadPageRows);
      const rows = await store.query<Row>(page.compile());
      for (const row of rows) {
        afterSeq = row.seq;
        yield toRecord(row);
      }
      more = rows.length === loadPageRows;
    }
  },

  async find(store: Store, seq: number): Promise<ConfigurationRecord | undefined> {
    const select = sqlBuilder.selectFrom('configurations').selectAll().where('seq', '=', seq);
    const [row] = await store.query<Row>(select.compile());
    return row && toRecord(row);
  },
};

function toRecord({ seq, correlation, document }: Row): ConfigurationRecord {
  const { notifyTo, parameters } = JSON.parse(document) as Document;
  return { seq, correlation, notifyTo, parameters: new Map(parameters) };
}
