import { type RawBuilder, sql } from 'kysely';
import {
  type DeviceFilterField,
  deviceFilterFieldOf,
  deviceFilterFields,
  deviceFilterTable,
  propertyOfSelector,
} from '../contract/device-filter-fields.ts';
import type { FieldColumns, RsqlField, RsqlFields } from '../rsql/field.ts';
import { rootGroupId } from './tenant-inventory.ts';
import type { Device, DeviceInterface } from './types.ts';

type Fits = (columns: FieldColumns) => RawBuilder<boolean>;
type Where = (tenantId: string, fits: Fits) => RawBuilder<boolean>;
/** Where the values of a field are. */
type Source = Pick<RsqlField<Device>, 'values'> & { readonly where: Where };

/** A column of `devices as d`. Absent text counts as empty, as in the order of lists. */
const ofDevice = (column: string, nullable: boolean): Where => {
  const value = nullable ? sql`coalesce(${sql.ref(`d.${column}`)}, '')` : sql.ref(`d.${column}`);
  return (_, fits) => sql<boolean>`(${fits({ value })})`;
};

/**
 * A column of the device's interfaces. `indexed`: an index leads from its value to the device, so it is cheapest to
 * look for each device; else all interfaces are gone through once for the query.
 */
const ofInterfaces = (column: string, indexed: boolean): Where => {
  const value = sql.ref(`i.${column}`);
  return (tenantId, fits) =>
    indexed
      ? sql<boolean>`exists (select 1 from interfaces i
          where i.tenant_id = ${tenantId} and i.device_id = d.id and ${fits({ value })})`
      : sql<boolean>`d.id in (select i.device_id from interfaces i where i.tenant_id = ${tenantId} and ${fits({ value })})`;
};

/**
 * The values that a device has under a name in `device_labels`. The set of its devices is found once for the
 * query: to look for each device would be slower as soon as few of them fit.
 */
const ofLabels = (name: string): Where => {
  const columns = { value: sql.ref('l.value'), number: sql.ref('l.number') };
  return (tenantId, fits) =>
    sql<boolean>`d.id in (select l.device_id from device_labels l where l.tenant_id = ${tenantId} and l.name = ${name} and ${fits(columns)})`;
};

/** The root group has no row of its own. */
const ofGroupPath: Where = (tenantId, fits) =>
  sql<boolean>`d.group_id in (
    select g.id from groups g where g.tenant_id = ${tenantId} and ${fits({ value: sql.ref('g.path') })}
    union all select ${rootGroupId} where ${fits({ value: sql`'/'` })})`;

const column = (
  field: DeviceFilterField,
  name: string,
  value: (device: Device) => string | number | undefined,
): Source => ({
  values: (device) => [value(device) ?? ''],
  where: ofDevice(name, deviceFilterFields[field].type === 'text'),
});

const interfaceField = (
  field: DeviceFilterField,
  name: string,
  value: (each: DeviceInterface) => string | number | undefined,
): Source => ({
  values: ({ interfaces }) => [...interfaces].flatMap((each) => value(each) ?? []),
  where: ofInterfaces(name, deviceFilterFields[field].type === 'choice'),
});

const sources: Readonly<Record<DeviceFilterField, Source>> = {
  id: column('id', 'id', (device) => device.id),
  name: column('name', 'name', (device) => device.name),
  description: column('description', 'description', (device) => device.description),
  defaultDataStreamId: column(
    'defaultDataStreamId',
    'default_stream_id',
    (device) => device.defaultDataStreamId,
  ),
  tags: { values: (device) => device.tags, where: ofLabels('tag') },
  groupId: column('groupId', 'group_id', (device) => device.group.id),
  groupPath: { values: (device) => [device.group.path], where: ofGroupPath },
  connector: interfaceField('connector', 'connector', (each) => each.connector),
  'interfaces.nodeId': interfaceField('interfaces.nodeId', 'node_id', (each) => each.nodeId),
  'interfaces.status': interfaceField('interfaces.status', 'status', (each) => each.status),
  'interfaces.enabled': interfaceField('interfaces.enabled', 'enabled', (each) => (each.enabled ? 1 : 0)),
  'interfaces.lastContact': interfaceField(
    'interfaces.lastContact',
    'last_contact',
    (each) => each.lastContactMs,
  ),
  activityState: column('activityState', 'activity_state', (device) => device.activityState),
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

/** The fields of devices, for expressions over the devices of one tenant; in SQL, over `devices as d`. */
export function deviceFieldsOf(tenantId: string): RsqlFields<Device> {
  return {
    names: deviceFilterTable.names,
    find: (selector) => {
      const facts = deviceFilterTable.find(selector);
      const propertyName = propertyOfSelector(selector);
      const name = deviceFilterFieldOf(selector);
      const source = propertyName === undefined ? name && sources[name] : property(propertyName);
      return facts && source && { ...facts, ...source, where: (fits) => source.where(tenantId, fits) };
    },
  };
}
