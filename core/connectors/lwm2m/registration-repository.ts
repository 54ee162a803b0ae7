import type { Selectable } from 'kysely';
import { sqlBuilder } from '../../store/builder.ts';
import type { Schema } from '../../store/schema.ts';
import type { Statement, Store } from '../../store/types.ts';
import type { Registration } from './registration.ts';

/** The part of a registration that outlives the program. */
export type StoredRegistration = Pick<
  Registration,
  'id' | 'lwm2mVersion' | 'rootPath' | 'contentFormats' | 'objects' | 'lifetimeMs' | 'bindings' | 'queueMode'
>;

/** Registrations in the store, one for each interface. */
export const registrationRepository = {
  documentOf(registration: Registration): string {
    const { id, lwm2mVersion, rootPath, contentFormats, objects, lifetimeMs, bindings, queueMode } =
      registration;
    const stored: StoredRegistration = {
      ...{ id, lwm2mVersion, rootPath, contentFormats, objects, lifetimeMs, bindings, queueMode },
    };
    return JSON.stringify(stored);
  },

  put(tenantId: string, nodeId: string, document: string): Statement {
    return sqlBuilder
      .insertInto('lwm2m_registrations')
      .values({ tenant_id: tenantId, node_id: nodeId, document })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'node_id']).doUpdateSet({ document }))
      .compile();
  },

  delete(tenantId: string, nodeId: string): Statement {
    return sqlBuilder
      .deleteFrom('lwm2m_registrations')
      .where('tenant_id', '=', tenantId)
      .where('node_id', '=', nodeId)
      .compile();
  },

  async loadAll(
    store: Store,
  ): Promise<{ tenantId: string; nodeId: string; document: string; stored: StoredRegistration }[]> {
    const select = sqlBuilder.selectFrom('lwm2m_registrations').selectAll();
    const rows = await store.query<Selectable<Schema['lwm2m_registrations']>>(select.compile());
    return rows.map(({ tenant_id: tenantId, node_id: nodeId, document }) => ({
      ...{ tenantId, nodeId, document },
      stored: JSON.parse(document) as StoredRegistration,
    }));
  },
};
