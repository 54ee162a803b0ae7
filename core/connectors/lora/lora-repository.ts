import type { GatewayPlace } from '../../contract/lora/gateways.ts';
import type { RegionName } from '../../protocols/lorawan/regions/region.ts';
import { sqlBuilder } from '../../store/builder.ts';
import type { Statement, Store } from '../../store/types.ts';
import type { Gateway } from './gateway.ts';

/** What is kept of a gateway; the rest is of its present connection. */
interface GatewayDocument {
  readonly name?: string | undefined;
  readonly registered: boolean;
  readonly place?: GatewayPlace | undefined;
  readonly gps?: GatewayPlace | undefined;
  readonly region?: RegionName | undefined;
  readonly heardRegion?: RegionName | undefined;
  readonly lastContactMs?: number | undefined;
}

/** Gateways, and sessions of devices, in the store. */
export const loraRepository = {
  putGateway({ tenantId, id, createdMs, updatedMs, ...gateway }: Gateway): Statement {
    const { name, registered, place, gps, region, heardRegion, lastContactMs } = gateway;
    const document: GatewayDocument = {
      ...{ name, registered, place, gps, region, heardRegion, lastContactMs },
    };
    const row = { tenant_id: tenantId, document: JSON.stringify(document), updated: updatedMs };
    return sqlBuilder
      .insertInto('lora_gateways')
      .values({ id, created: createdMs, ...row })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .compile();
  },

  deleteGateway({ id }: Gateway): Statement {
    return sqlBuilder.deleteFrom('lora_gateways').where('id', '=', id).compile();
  },

  async loadGateways(store: Store): Promise<Gateway[]> {
    const rows = await store.query<{
      id: string;
      tenant_id: string;
      document: string;
      created: number;
      updated: number;
    }>(sqlBuilder.selectFrom('lora_gateways').selectAll().orderBy('id').compile());
    return rows.map((row) => {
      const document = JSON.parse(row.document) as GatewayDocument;
      const { name, registered, place, gps, region, heardRegion, lastContactMs } = document;
      return {
        ...{ tenantId: row.tenant_id, id: row.id, name, registered, place, gps, lastContactMs },
        // Nobody knows whether it is there until it is heard.
        ...{ online: lastContactMs === undefined ? 'NEVER_SEEN' : 'OFFLINE', heardMs: 0 },
        ...{
          status: undefined,
          region,
          heardRegion,
          uplinks: 0,
          downlinks: 0,
          createdMs: row.created,
          updatedMs: row.updated,
        },
      } as const;
    });
  },

  putNode(tenantId: string, nodeId: string, row: { joins: string; state: string }): Statement {
    return sqlBuilder
      .insertInto('lora_nodes')
      .values({ tenant_id: tenantId, node_id: nodeId, ...row })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'node_id']).doUpdateSet(row))
      .compile();
  },

  deleteNode(tenantId: string, nodeId: string): Statement {
    return sqlBuilder
      .deleteFrom('lora_nodes')
      .where('tenant_id', '=', tenantId)
      .where('node_id', '=', nodeId)
      .compile();
  },

  async loadNodes(
    store: Store,
  ): Promise<{ tenantId: string; nodeId: string; joins: string; state: string }[]> {
    const rows = await store.query<{ tenant_id: string; node_id: string; joins: string; state: string }>(
      sqlBuilder.selectFrom('lora_nodes').selectAll().compile(),
    );
    return rows.map(({ tenant_id: tenantId, node_id: nodeId, joins, state }) => ({
      ...{ tenantId, nodeId, joins, state },
    }));
  },
};
