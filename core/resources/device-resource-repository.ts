import { sqlBuilder } from '../store/builder.ts';
import type { Statement, Store } from '../store/types.ts';
import type { DeviceResource } from './device-resource.ts';

const loadPageRows = 5000;

/** What devices have of resources, in the store. */
export const deviceResourceRepository = {
  put(of: { tenantId: string; id: string }, resourceId: string, resource: DeviceResource): Statement {
    const document = JSON.stringify(resource);
    return sqlBuilder
      .insertInto('device_resources')
      .values({ tenant_id: of.tenantId, device_id: of.id, resource_id: resourceId, document })
      .onConflict((conflict) =>
        conflict.columns(['tenant_id', 'device_id', 'resource_id']).doUpdateSet({ document }),
      )
      .compile();
  },

  deleteOne(of: { tenantId: string; id: string }, resourceId: string): Statement {
    return sqlBuilder
      .deleteFrom('device_resources')
      .where('tenant_id', '=', of.tenantId)
      .where('device_id', '=', of.id)
      .where('resource_id', '=', resourceId)
      .compile();
  },

  /** Deletes all of a device. */
  delete(tenantId: string, deviceId: string): Statement {
    return sqlBuilder
      .deleteFrom('device_resources')
      .where('tenant_id', '=', tenantId)
      .where('device_id', '=', deviceId)
      .compile();
  },

  /** All there are. */
  async *load(store: Store): AsyncGenerator<{
    tenantId: string;
    deviceId: string;
    resourceId: string;
    resource: DeviceResource;
  }> {
    let after = ['', '', ''] as [string, string, string];
    for (let more = true; more; ) {
      const page = sqlBuilder
        .selectFrom('device_resources')
        .selectAll()
        .where(({ refTuple, tuple, eb }) =>
          eb(refTuple('tenant_id', 'device_id', 'resource_id'), '>', tuple(...after)),
        )
        .orderBy('tenant_id')
        .orderBy('device_id')
        .orderBy('resource_id')
        .limit(loadPageRows);
      const rows = await store.query<{
        tenant_id: string;
        device_id: string;
        resource_id: string;
        document: string;
      }>(page.compile());
      for (const { tenant_id: tenantId, device_id: deviceId, resource_id: resourceId, document } of rows) {
        after = [tenantId, deviceId, resourceId];
        yield { tenantId, deviceId, resourceId, resource: JSON.parse(document) as DeviceResource };
      }
      more = rows.length === loadPageRows;
    }
  },
};
