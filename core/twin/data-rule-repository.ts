import type { Selectable } from 'kysely';
import type { TwinDataRuleRequest } from '../contract/twin.ts';
import { sqlBuilder } from '../store/builder.ts';
import { lastSeqOf } from '../store/rows-by-seq.ts';
import type { Schema } from '../store/schema.ts';
import type { Statement, Store } from '../store/types.ts';

export interface DataRuleRecord {
  readonly seq: number;
  readonly tenantId: string;
  readonly id: string;
  readonly request: TwinDataRuleRequest;
  readonly createdMs: number;
}

/** Data rules in the store. */
export const dataRuleRepository = {
  put({ seq, tenantId: tenant_id, ...rest }: DataRuleRecord): Statement {
    const document = JSON.stringify(rest);
    return sqlBuilder
      .insertInto('twin_data_rules')
      .values({ seq, tenant_id, document })
      .onConflict((conflict) => conflict.column('seq').doUpdateSet({ document }))
      .compile();
  },

  delete: (seq: number): Statement =>
    sqlBuilder.deleteFrom('twin_data_rules').where('seq', '=', seq).compile(),

  /** 0 when there is none. */
  lastSeq: (store: Store): Promise<number> => lastSeqOf(store, 'twin_data_rules'),

  async loadAll(store: Store): Promise<DataRuleRecord[]> {
    const select = sqlBuilder.selectFrom('twin_data_rules').selectAll().orderBy('seq');
    const rows = await store.query<Selectable<Schema['twin_data_rules']>>(select.compile());
    return rows.map(({ seq, tenant_id: tenantId, document }) => ({
      ...(JSON.parse(document) as Omit<DataRuleRecord, 'seq' | 'tenantId'>),
      ...{ seq, tenantId },
    }));
  },
};
