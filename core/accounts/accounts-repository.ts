import { sqlBuilder } from '../store/builder.ts';
import type { Statement, Store } from '../store/types.ts';
import { type KeyDocument, type KeyRecord, recordOf } from './key-record.ts';

export interface TenantRow {
  readonly id: string;
  readonly name: string;
  readonly created: number;
}

/** SQL of tenants and API keys. */
export const accountsRepository = {
  loadTenants(store: Store): Promise<TenantRow[]> {
    return store.query<TenantRow>(
      sqlBuilder.selectFrom('tenants').selectAll().orderBy('created').orderBy('id').compile(),
    );
  },

  /** Keys of all tenants, oldest first, with their own rights only. */
  async loadKeys(store: Store): Promise<KeyRecord[]> {
    const rows = await store.query<{
      id: string;
      tenant_id: string;
      hash: string;
      document: string;
      created: number;
    }>(sqlBuilder.selectFrom('api_keys').selectAll().orderBy('created').orderBy('id').compile());
    return rows.map((row) =>
      recordOf({
        id: row.id,
        tenantId: row.tenant_id,
        createdMs: row.created,
        hash: row.hash,
        document: JSON.parse(row.document) as KeyDocument,
      }),
    );
  },

  insertTenant(tenant: TenantRow): Statement {
    return sqlBuilder.insertInto('tenants').values(tenant).compile();
  },

  insertKey(key: KeyRecord): Statement {
    const document = JSON.stringify(key.document);
    return sqlBuilder
      .insertInto('api_keys')
      .values({ id: key.id, tenant_id: key.tenantId, hash: key.hash, document, created: key.createdMs })
      .compile();
  },

  updateKey(id: string, hash: string, document: KeyDocument): Statement {
    return sqlBuilder
      .updateTable('api_keys')
      .set({ hash, document: JSON.stringify(document) })
      .where('id', '=', id)
      .compile();
  },

  deleteKey(id: string): Statement {
    return sqlBuilder.deleteFrom('api_keys').where('id', '=', id).compile();
  },
};
