import type { Selectable } from 'kysely';
import type { RegisteredObject } from '../protocols/lwm2m/object-links.ts';
import { sqlBuilder } from '../store/builder.ts';
import { lastSeqOf } from '../store/rows-by-seq.ts';
import type { Schema } from '../store/schema.ts';
import type { Statement, Store } from '../store/types.ts';
import type { InstanceKey, InstanceValues, StoredValue } from './reported-values.ts';
import type { Twin } from './twin.ts';

interface Document {
  readonly objects: readonly RegisteredObject[];
}

// A row is written with each report of a device.
const putValuesSql = `INSERT INTO twin_values (twin, object_id, instance_id, document) VALUES (?, ?, ?, ?)
  ON CONFLICT (twin, object_id, instance_id) DO UPDATE SET document = excluded.document`;

/** Twins and their values in the store. */
export const twinRepository = {
  put({ seq, device, objects }: Twin): Statement {
    const document = JSON.stringify({ objects } satisfies Document);
    return sqlBuilder
      .insertInto('twins')
      .values({ seq, tenant_id: device.tenantId, device_id: device.id, document })
      .onConflict((conflict) => conflict.column('seq').doUpdateSet({ document }))
      .compile();
  },

  /** One instance; a row without values goes. */
  putInstance({ seq, values }: Twin, key: InstanceKey): Statement {
    const ids = key.split('/').map(Number);
    const all = values.instance(key);
    if (all.size === 0)
      return {
        sql: 'DELETE FROM twin_values WHERE twin = ? AND object_id = ? AND instance_id = ?',
        parameters: [seq, ...ids],
      };
    return {
      sql: putValuesSql,
      parameters: [seq, ...ids, JSON.stringify(Object.fromEntries(all))],
    };
  },

  move: (seq: number, deviceId: string): Statement =>
    sqlBuilder.updateTable('twins').set({ device_id: deviceId }).where('seq', '=', seq).compile(),

  delete: (seq: number): Statement[] => [
    sqlBuilder.deleteFrom('twin_values').where('twin', '=', seq).compile(),
    sqlBuilder.deleteFrom('twins').where('seq', '=', seq).compile(),
  ],

  /** 0 when there is none. */
  lastSeq: (store: Store): Promise<number> => lastSeqOf(store, 'twins'),

  async find(
    store: Store,
    { tenantId, id }: { readonly tenantId: string; readonly id: string },
  ): Promise<{ seq: number; objects: readonly RegisteredObject[] } | undefined> {
    const select = sqlBuilder
      .selectFrom('twins')
      .select(['seq', 'document'])
      .where('tenant_id', '=', tenantId)
      .where('device_id', '=', id);
    const [row] = await store.query<Pick<Selectable<Schema['twins']>, 'seq' | 'document'>>(select.compile());
    return row && { seq: row.seq, objects: (JSON.parse(row.document) as Document).objects };
  },

  async values(store: Store, seq: number): Promise<[InstanceKey, InstanceValues][]> {
    const select = sqlBuilder.selectFrom('twin_values').selectAll().where('twin', '=', seq);
    const rows = await store.query<Selectable<Schema['twin_values']>>(select.compile());
    return rows.map((row) => [
      `${row.object_id}/${row.instance_id}`,
      new Map(Object.entries(JSON.parse(row.document) as Record<string, StoredValue>)),
    ]);
  },
};
