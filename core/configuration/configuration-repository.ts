import type { Selectable } from 'kysely';
import { sqlBuilder } from '../store/builder.ts';
import { rowsBySeq } from '../store/rows-by-seq.ts';
import type { Schema } from '../store/schema.ts';
import type { Statement, Store } from '../store/types.ts';
import { type ConfigurationRecord, hasOpenParameter, type Parameter } from './configuration-record.ts';

type Row = Selectable<Schema['configurations']>;
type Document = { notifyTo?: string; parameters: [string, Parameter][] };

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
    const all = sqlBuilder
      .selectFrom('configurations')
      .select(['seq', 'tenant_id', 'device_id', 'correlation']);
    const rows = rowsBySeq<Omit<Row, 'document' | 'open'>>(store, (aboveSeq, limit) =>
      all.where('seq', '>', aboveSeq).orderBy('seq').limit(limit).compile(),
    );
    for await (const { seq, tenant_id: tenantId, device_id: deviceId, correlation } of rows)
      yield { seq, tenantId, deviceId, correlation };
  },

  /** Every configuration with something to send or to wait for. */
  async *loadOpen(store: Store): AsyncGenerator<ConfigurationRecord> {
    const open = sqlBuilder.selectFrom('configurations').selectAll().where('open', '=', 1);
    const rows = rowsBySeq<Row>(store, (aboveSeq, limit) =>
      open.where('seq', '>', aboveSeq).orderBy('seq').limit(limit).compile(),
    );
    for await (const row of rows) yield toRecord(row);
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
