import type { ActionPolicy } from '../contract/routing.ts';
import { sqlBuilder } from '../store/builder.ts';
import type { Statement, Store } from '../store/types.ts';

export interface StoredPolicy {
  readonly tenantId: string;
  readonly policy: ActionPolicy;
  readonly createdMs: number;
}

/** SQL of action policies. */
export const policyRepository = {
  /** Policies of all tenants, oldest first. */
  async load(store: Store): Promise<StoredPolicy[]> {
    const rows = await store.query<{ tenant_id: string; document: string; created: number }>(
      sqlBuilder
        .selectFrom('action_policies')
        .select(['tenant_id', 'document', 'created'])
        .orderBy('created')
        .compile(),
    );
    return rows.map(({ tenant_id: tenantId, document, created: createdMs }) => ({
      tenantId,
      policy: JSON.parse(document) as ActionPolicy,
      createdMs,
    }));
  },

  insert({ tenantId, policy, createdMs }: StoredPolicy): Statement {
    const document = JSON.stringify(policy);
    return sqlBuilder
      .insertInto('action_policies')
      .values({ tenant_id: tenantId, id: policy.id, document, created: createdMs })
      .compile();
  },

  delete(tenantId: string, id: string): Statement {
    return sqlBuilder
      .deleteFrom('action_policies')
      .where('tenant_id', '=', tenantId)
      .where('id', '=', id)
      .compile();
  },
};
