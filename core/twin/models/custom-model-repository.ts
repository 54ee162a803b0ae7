import type { ObjectModel } from '../../protocols/lwm2m/models/object-model.ts';
import { sqlBuilder } from '../../store/builder.ts';
import type { Statement, Store } from '../../store/types.ts';

/** A model that a tenant imported. */
export interface CustomModel {
  readonly tenantId: string;
  readonly createdMs: number;
  readonly model: ObjectModel;
}

/** Custom models in the store. */
export const customModelRepository = {
  async load(store: Store): Promise<CustomModel[]> {
    const rows = await store.query<{ tenant_id: string; document: string; created: number }>(
      sqlBuilder
        .selectFrom('custom_models')
        .select(['tenant_id', 'document', 'created'])
        .orderBy('tenant_id')
        .orderBy('object_id')
        .orderBy('version')
        .compile(),
    );
    return rows.map((row) => ({
      tenantId: row.tenant_id,
      createdMs: row.created,
      model: JSON.parse(row.document) as ObjectModel,
    }));
  },

  put({ tenantId, createdMs, model }: CustomModel): Statement {
    const row = { document: JSON.stringify(model), created: createdMs };
    return sqlBuilder
      .insertInto('custom_models')
      .values({ tenant_id: tenantId, object_id: model.id, version: model.version, ...row })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'object_id', 'version']).doUpdateSet(row))
      .compile();
  },

  delete(tenantId: string, { id, version }: ObjectModel): Statement {
    return sqlBuilder
      .deleteFrom('custom_models')
      .where('tenant_id', '=', tenantId)
      .where('object_id', '=', id)
      .where('version', '=', version)
      .compile();
  },
};
