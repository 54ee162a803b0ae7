import { type Selectable, sql } from 'kysely';
import type { ConnectorName, InterfaceStatus } from '../contract/connectors.ts';
import type { ActivityState } from '../contract/devices.ts';
import { sqlBuilder } from '../store/builder.ts';
import type { Schema } from '../store/schema.ts';
import type { Statement, Store } from '../store/types.ts';
import { preparedInsert, preparedInterfaceUpdate } from './prepared.ts';
import type { TenantInventory } from './tenant-inventory.ts';
import type {
  Capabilities,
  Device,
  DeviceInterface,
  Group,
  InterfaceDebug,
  StaticLocation,
} from './types.ts';

export interface InterfaceChange {
  readonly deviceId: string;
  readonly enabled: boolean;
  readonly definition: Readonly<Record<string, unknown>>;
  readonly status: InterfaceStatus;
  readonly activity: Readonly<Record<string, unknown>>;
  readonly updatedMs: number;
}

type Rows<Table extends keyof Schema> = Promise<Selectable<Schema[Table]>[]>;

const insertInterface = preparedInsert('interfaces');
const updateSession = preparedInterfaceUpdate();
const updateLastContact = preparedInterfaceUpdate();

const keyOf = ({ device, connector, nodeId }: DeviceInterface) => ({
  tenantId: device.tenantId,
  connector,
  nodeId,
});

/** SQL of interfaces and groups, and what loads the inventory; of devices see `device-repository.ts`. */
export const inventoryRepository = {
  loadTenants(store: Store): Promise<{ id: string; created: number }[]> {
    return store.query(sqlBuilder.selectFrom('tenants').select(['id', 'created']).compile());
  },

  async loadGroups(store: Store): Promise<Group[]> {
    const rows = await (store.query(sqlBuilder.selectFrom('groups').selectAll().compile()) as Rows<'groups'>);
    return rows.map((row) => ({
      tenantId: row.tenant_id,
      id: row.id,
      parentId: row.parent_id ?? undefined,
      pathNode: row.path_node,
      path: row.path,
      description: row.description ?? undefined,
      createdMs: row.created,
      updatedMs: row.updated,
    }));
  },

  /** Devices of all tenants, without their interfaces. A group that is gone counts as the root group. */
  async loadDevices(store: Store, inventoryOf: (tenantId: string) => TenantInventory): Promise<Device[]> {
    const rows = await (store.query(
      sqlBuilder.selectFrom('devices').selectAll().compile(),
    ) as Rows<'devices'>);
    return rows.map((row) => {
      const inventory = inventoryOf(row.tenant_id);
      return {
        tenantId: row.tenant_id,
        id: row.id,
        name: row.name ?? undefined,
        description: row.description ?? undefined,
        defaultDataStreamId: row.default_stream_id,
        group: inventory.groups.get(row.group_id) ?? inventory.root,
        tags: JSON.parse(row.tags) as string[],
        properties: JSON.parse(row.properties) as Record<string, string>,
        staticLocation:
          row.static_location === null ? undefined : (JSON.parse(row.static_location) as StaticLocation),
        activityState: row.activity_state as ActivityState,
        interfaces: new Set(),
        createdMs: row.created,
        updatedMs: row.updated,
      };
    });
  },

  /** Interfaces of the devices that `deviceOf` finds. */
  async loadInterfaces(
    store: Store,
    deviceOf: (tenantId: string, deviceId: string) => Device | undefined,
  ): Promise<DeviceInterface[]> {
    const rows = await (store.query(
      sqlBuilder.selectFrom('interfaces').selectAll().orderBy('created').compile(),
    ) as Rows<'interfaces'>);
    return rows.flatMap((row) => {
      const device = deviceOf(row.tenant_id, row.device_id);
      if (!device) return [];
      return {
        connector: row.connector as ConnectorName,
        nodeId: row.node_id,
        device,
        enabled: row.enabled === 1,
        status: row.status as InterfaceStatus,
        definition: JSON.parse(row.definition) as Record<string, unknown>,
        activity: JSON.parse(row.activity) as Record<string, unknown>,
        capabilities: JSON.parse(row.capabilities) as Capabilities,
        lastContactMs: row.last_contact ?? undefined,
        debug: row.debug === null ? undefined : (JSON.parse(row.debug) as InterfaceDebug),
        createdMs: row.created,
        updatedMs: row.updated,
      };
    });
  },

  insertGroup(group: Group): Statement {
    return sqlBuilder
      .insertInto('groups')
      .values({
        id: group.id,
        tenant_id: group.tenantId,
        parent_id: group.parentId ?? null,
        path_node: group.pathNode,
        path: group.path,
        description: group.description ?? null,
        created: group.createdMs,
        updated: group.updatedMs,
      })
      .compile();
  },

  updateGroup(
    { tenantId, id }: Group,
    to: Pick<Group, 'pathNode' | 'parentId' | 'description' | 'updatedMs'>,
  ): Statement {
    return sqlBuilder
      .updateTable('groups')
      .set({
        path_node: to.pathNode,
        parent_id: to.parentId ?? null,
        description: to.description ?? null,
        updated: to.updatedMs,
      })
      .where('tenant_id', '=', tenantId)
      .where('id', '=', id)
      .compile();
  },

  /** Gives the group at a path and all below it the same places at another, where nothing may be. */
  moveGroups(tenantId: string, from: string, to: string): Statement {
    const below = `${from}/`;
    return sqlBuilder
      .updateTable('groups')
      .set({ path: sql<string>`${to} || substr(path, length(${from}) + 1)` })
      .where('tenant_id', '=', tenantId)
      .where(sql<boolean>`(path = ${from} or substr(path, 1, length(${below})) = ${below})`)
      .compile();
  },

  /** Deletes a group unless a device is in it. */
  deleteEmptyGroup({ tenantId, id }: Group): Statement {
    return sqlBuilder
      .deleteFrom('groups')
      .where('tenant_id', '=', tenantId)
      .where('id', '=', id)
      .where((eb) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom('devices')
              .select(sql<number>`1`.as('one'))
              .where('devices.tenant_id', '=', tenantId)
              .where('group_id', '=', id),
          ),
        ),
      )
      .compile();
  },

  insertInterface(added: DeviceInterface): Statement {
    return insertInterface({
      tenant_id: added.device.tenantId,
      connector: added.connector,
      node_id: added.nodeId,
      device_id: added.device.id,
      created: added.createdMs,
      enabled: added.enabled ? 1 : 0,
      definition: JSON.stringify(added.definition),
      debug: added.debug ? JSON.stringify(added.debug) : null,
      ...sessionColumns(added),
    });
  },

  /** Writes what a caller changes of an interface, under the node id that it has. */
  updateInterface(changed: DeviceInterface, to: InterfaceChange): Statement {
    return sqlBuilder
      .updateTable('interfaces')
      .set({
        device_id: to.deviceId,
        enabled: to.enabled ? 1 : 0,
        definition: JSON.stringify(to.definition),
        status: to.status,
        activity: JSON.stringify(to.activity),
        updated: to.updatedMs,
      })
      .where('tenant_id', '=', changed.device.tenantId)
      .where('connector', '=', changed.connector)
      .where('node_id', '=', changed.nodeId)
      .compile();
  },

  updateDebug(changed: DeviceInterface, debug: InterfaceDebug | undefined): Statement {
    return sqlBuilder
      .updateTable('interfaces')
      .set({ debug: debug ? JSON.stringify(debug) : null })
      .where('tenant_id', '=', changed.device.tenantId)
      .where('connector', '=', changed.connector)
      .where('node_id', '=', changed.nodeId)
      .compile();
  },

  deleteInterface(deleted: DeviceInterface): Statement {
    const { tenantId, connector, nodeId } = keyOf(deleted);
    return sqlBuilder
      .deleteFrom('interfaces')
      .where('tenant_id', '=', tenantId)
      .where('connector', '=', connector)
      .where('node_id', '=', nodeId)
      .compile();
  },

  /** Writes all that a live session changes. */
  updateSession(changed: DeviceInterface): Statement {
    return updateSession(keyOf(changed), sessionColumns(changed));
  },

  /** Writes the time of the last sign of life only. */
  updateLastContact(changed: DeviceInterface): Statement {
    return updateLastContact(keyOf(changed), { last_contact: changed.lastContactMs ?? null });
  },
};

function sessionColumns(of: DeviceInterface) {
  return {
    status: of.status,
    activity: JSON.stringify(of.activity),
    capabilities: JSON.stringify(of.capabilities),
    last_contact: of.lastContactMs ?? null,
    updated: of.updatedMs,
  };
}
