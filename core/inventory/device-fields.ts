import { type RawBuilder, sql } from 'kysely';
import {
  type DeviceFilterField,
  deviceFilterFieldOf,
  deviceFilterFields,
  deviceFilterTable,
  propertyOfSelector,
} from '../contract/device-filter-fields.ts';
import { loraKind } from '../contract/interface-kinds/lora.ts';
import type { FieldTests, RsqlField, RsqlFields } from '../rsql/field.ts';
import type { SetSizes } from './set-sizes.ts';
import { rootGroupId } from './tenant-inventory.ts';
import type { Device, DeviceInterface } from './types.ts';

/** For which devices a condition is made. */
interface Scope {
  readonly tenantId: string;
  /** Undefined where all devices are gone through anyhow. */
  readonly sizes: SetSizes | undefined;
}
type Where = (scope: Scope, comparison: FieldTests) => RawBuilder<boolean>;
/** Where the values of a field are. */
type Source = Pick<RsqlField<Device>, 'values' | 'canonicalValues'> & { readonly where: Where };

/**
 * The tenant of a row as an expression, which no index serves: the rows are read in the order in which they lie. To
 * follow an index to each costs ten times as much.
 */
export const inPassing = (column: string, tenantId: string): RawBuilder<boolean> =>
  sql<boolean>`${sql.ref(column)} || '' = ${tenantId}`;

/** Absent text counts as empty, as in the order of lists. */
const columnValue = (name: string, nullable: boolean): RawBuilder<unknown> =>
  nullable ? sql`coalesce(${sql.ref(name)}, '')` : sql.ref(name);

/** A column of `devices as d` that the indexes hold. */
const ofIndexes =
  (column: string, nullable: boolean): Where =>
  (_, { fits }) =>
    sql<boolean>`(${fits({ value: columnValue(`d.${column}`, nullable) })})`;

/** Another column of devices, looked for in all rows once for the query, unless it is found soon. */
const ofRows =
  (column: string, nullable: boolean): Where =>
  ({ tenantId, sizes }, { fits }) => {
    const fitting = fits({ value: columnValue(`x.${column}`, nullable) });
    const all = sql`select * from devices x where ${inPassing('x.tenant_id', tenantId)}`;
    if (sizes?.isFrequent(all, (rows) => sql`select 1 from ${rows} as x where ${fitting}`))
      return sql<boolean>`(${fits({ value: columnValue(`d.${column}`, nullable) })})`;
    return sql<boolean>`d.id in (select x.id from devices x
      where ${inPassing('x.tenant_id', tenantId)} and ${fitting})`;
  };

/**
 * A column of the device's interfaces.
 * @param byTenant whole values are found by an index of the tenant
 */
const ofInterfaces =
  (column: string, byTenant: boolean): Where =>
  ({ tenantId, sizes }, { fits, tests }) => {
    const fitting = fits({ value: sql.ref(`i.${column}`) });
    const whole = byTenant && tests.every(({ test }) => test === 'in');
    const ofTenant = whole ? sql`i.tenant_id = ${tenantId}` : inPassing('i.tenant_id', tenantId);
    const members = sql`select i.device_id from interfaces i where ${ofTenant} and ${fitting}`;
    const isLarge = whole
      ? sizes?.isLarge(members)
      : sizes?.isFrequent(
          sql`select * from interfaces i where ${ofTenant}`,
          (rows) => sql`select 1 from ${rows} as i where ${fitting}`,
        );
    if (!isLarge) return sql<boolean>`d.id in (${members})`;
    return sql<boolean>`exists (select 1 from interfaces i
      where i.tenant_id = ${tenantId} and i.device_id = d.id and ${fitting})`;
  };

/** Node ids: those of LoRa in their canonical form. Their index begins with the node. */
const ofNodeIds: Where = (scope, comparison) => {
  const { fits, fitsCanonical } = comparison;
  const anyForm: FieldTests = {
    ...comparison,
    fits: (columns) =>
      sql<boolean>`(${fits(columns)} or (i.connector = ${loraKind.connector} and ${fitsCanonical(columns)}))`,
  };
  return ofInterfaces('node_id', false)(scope, anyForm);
};

/** The values that a device has under a name in `device_labels`. */
const ofLabels =
  (name: string): Where =>
  ({ tenantId, sizes }, { fits, tests }) => {
    const fitting = fits({ value: sql.ref('l.value'), number: sql.ref('l.number') });
    const named = sql`l.tenant_id = ${tenantId} and l.name = ${name}`;
    const members = sql`select l.device_id from device_labels l where ${named} and ${fitting}`;
    // The key of a label is its value and then the device, so only whole values are looked up for one device.
    const whole = tests.every(({ test }) => test === 'in');
    if (!whole || !sizes?.isLarge(members)) return sql<boolean>`d.id in (${members})`;
    return sql<boolean>`exists (select 1 from device_labels l
      where ${named} and l.device_id = d.id and ${fitting})`;
  };

/** The root group has no row of its own. */
const ofGroupPath: Where = ({ tenantId }, { fits }) =>
  sql<boolean>`d.group_id in (
    select g.id from groups g where g.tenant_id = ${tenantId} and ${fits({ value: sql.ref('g.path') })}
    union all select ${rootGroupId} where ${fits({ value: sql`'/'` })})`;

const isText = (field: DeviceFilterField): boolean => deviceFilterFields[field].type === 'text';

const column = (
  field: DeviceFilterField,
  name: string,
  value: (device: Device) => string | number | undefined,
  where: (column: string, nullable: boolean) => Where = ofIndexes,
): Source => ({
  values: (device) => [value(device) ?? ''],
  where: where(name, isText(field)),
});

const interfaceField = (
  where: Where,
  value: (each: DeviceInterface) => string | number | undefined,
): Source => ({
  values: ({ interfaces }) => [...interfaces].flatMap((each) => value(each) ?? []),
  where,
});

const sources: Readonly<Record<DeviceFilterField, Source>> = {
  id: column('id', 'id', (device) => device.id),
  name: column('name', 'name', (device) => device.name),
  description: column('description', 'description', (device) => device.description, ofRows),
  defaultDataStreamId: column(
    'defaultDataStreamId',
    'default_stream_id',
    (device) => device.defaultDataStreamId,
    ofRows,
  ),
  tags: { values: (device) => device.tags, where: ofLabels('tag') },
  groupId: column('groupId', 'group_id', (device) => device.group.id),
  groupPath: { values: (device) => [device.group.path], where: ofGroupPath },
  connector: interfaceField(ofInterfaces('connector', true), (each) => each.connector),
  'interfaces.nodeId': {
    ...interfaceField(ofNodeIds, (each) => each.nodeId),
    canonicalValues: ({ interfaces }) =>
      [...interfaces].flatMap((each) => (each.connector === loraKind.connector ? each.nodeId : [])),
  },
  'interfaces.status': interfaceField(ofInterfaces('status', true), (each) => each.status),
  'interfaces.enabled': interfaceField(ofInterfaces('enabled', true), (each) => (each.enabled ? 1 : 0)),
  'interfaces.lastContact': interfaceField(ofInterfaces('last_contact', false), (each) => each.lastContactMs),
  activityState: column('activityState', 'activity_state', (device) => device.activityState, ofRows),
  created: column('created', 'created', (device) => device.createdMs),
  updated: column('updated', 'updated', (device) => device.updatedMs),
};

const property = (name: string): Source => ({
  values: ({ properties }) => {
    const value = Object.hasOwn(properties, name) ? properties[name] : undefined;
    return value === undefined ? [] : [value];
  },
  where: ofLabels(`property.${name}`),
});

/**
 * The fields of devices, for expressions over the devices of one tenant; in SQL, over `devices as d`.
 * @param sizes given for a page, which need not look at all devices
 */
export function deviceFieldsOf(tenantId: string, sizes?: SetSizes): RsqlFields<Device> {
  return {
    names: deviceFilterTable.names,
    find: (selector) => {
      const facts = deviceFilterTable.find(selector);
      const propertyName = propertyOfSelector(selector);
      const name = deviceFilterFieldOf(selector);
      const source = propertyName === undefined ? name && sources[name] : property(propertyName);
      const scope: Scope = { tenantId, sizes };
      return facts && source && { ...facts, ...source, where: (tests) => source.where(scope, tests) };
    },
  };
}
