import { sqlBuilder } from '../store/builder.ts';
import type { Statement, Store } from '../store/types.ts';
import type { BootstrapConfig } from './config-record.ts';
import type { BootstrapActivity, BootstrapEntry } from './entry-record.ts';

type ConfigDocument = Pick<BootstrapConfig, 'name' | 'description' | 'runServers'>;
type EntryDocument = Pick<BootstrapEntry, 'security' | 'definition'>;

/** Bootstrap configurations and entries in the store. */
export const bootstrapRepository = {
  putConfig({
    tenantId,
    id,
    name,
    description,
    runServers,
    createdMs,
    updatedMs,
  }: BootstrapConfig): Statement {
    const document: ConfigDocument = { name, description, runServers };
    const row = { document: JSON.stringify(document), updated: updatedMs };
    return sqlBuilder
      .insertInto('bootstrap_configs')
      .values({ tenant_id: tenantId, id, created: createdMs, ...row })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'id']).doUpdateSet(row))
      .compile();
  },

  deleteConfig({ tenantId, id }: BootstrapConfig): Statement {
    return sqlBuilder
      .deleteFrom('bootstrap_configs')
      .where('tenant_id', '=', tenantId)
      .where('id', '=', id)
      .compile();
  },

  async loadConfigs(store: Store): Promise<BootstrapConfig[]> {
    const rows = await store.query<{
      tenant_id: string;
      id: string;
      document: string;
      created: number;
      updated: number;
    }>(sqlBuilder.selectFrom('bootstrap_configs').selectAll().orderBy('created').orderBy('id').compile());
    return rows.map((row) => ({
      ...(JSON.parse(row.document) as ConfigDocument),
      tenantId: row.tenant_id,
      id: row.id,
      createdMs: row.created,
      updatedMs: row.updated,
    }));
  },

  /** Makes or replaces what a caller gives of an entry; the activity of one that is there stays. */
  putEntry({ tenantId, endpointName, security, definition, activity, ...entry }: BootstrapEntry): Statement {
    const document: EntryDocument = { security, definition };
    const row = { document: JSON.stringify(document), updated: entry.updatedMs };
    const made = { created: entry.createdMs, activity: JSON.stringify(activity) };
    return sqlBuilder
      .insertInto('bootstrap_entries')
      .values({ tenant_id: tenantId, endpoint_name: endpointName, ...made, ...row })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'endpoint_name']).doUpdateSet(row))
      .compile();
  },

  updateActivity({ tenantId, endpointName, activity, updatedMs }: BootstrapEntry): Statement {
    return sqlBuilder
      .updateTable('bootstrap_entries')
      .set({ activity: JSON.stringify(activity), updated: updatedMs })
      .where('tenant_id', '=', tenantId)
      .where('endpoint_name', '=', endpointName)
      .compile();
  },

  deleteEntry({ tenantId, endpointName }: BootstrapEntry): Statement {
    return sqlBuilder
      .deleteFrom('bootstrap_entries')
      .where('tenant_id', '=', tenantId)
      .where('endpoint_name', '=', endpointName)
      .compile();
  },

  async loadEntries(store: Store): Promise<BootstrapEntry[]> {
    const rows = await store.query<{
      tenant_id: string;
      endpoint_name: string;
      document: string;
      activity: string;
      created: number;
      updated: number;
    }>(sqlBuilder.selectFrom('bootstrap_entries').selectAll().compile());
    return rows.map((row) => ({
      ...(JSON.parse(row.document) as EntryDocument),
      tenantId: row.tenant_id,
      endpointName: row.endpoint_name,
      activity: JSON.parse(row.activity) as BootstrapActivity,
      createdMs: row.created,
      updatedMs: row.updated,
    }));
  },
};
