import { type RawBuilder, sql } from 'kysely';
import { connectorNames, interfaceStatuses } from '../contract/connectors.ts';
import { activityStates } from '../contract/devices.ts';
import type { FieldColumns, FieldType, RsqlField, RsqlFields } from '../rsql/field.ts';
import { rootGroupId } from './tenant-inventory.ts';
import type { Device, DeviceInterface } from './types.ts';

type Fits = (columns: FieldColumns) => RawBuilder<boolean>;
type Where = (tenantId: string, fits: Fits) => RawBuilder<boolean>;
type DeviceField = Omit<RsqlField<Device>, 'where'> & { readonly where: Where };

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
  type: FieldType,
  name: string,
  value: (device: Device) => string | number | undefined,
): DeviceField => ({
  type,
  values: (device) => [value(device) ?? ''],
  where: ofDevice(name, type === 'text'),
});

const interfaceField = (
  type: FieldType,
  name: string,
  value: (each: DeviceInterface) => string | number | undefined,
  choices?: readonly string[],
): DeviceField => ({
  type,
  ...(choices && { choices }),
  values: ({ interfaces }) => [...interfaces].flatMap((each) => value(each) ?? []),
  where: ofInterfaces(name, choices !== undefined),
});

const tags: DeviceField = { type: 'text', values: (device) => device.tags, where: ofLabels('tag') };
const groupId = column('text', 'group_id', (device) => device.group.id);
const groupPath: DeviceField = {
  type: 'path',
  values: (device) => [device.group.path],
  where: ofGroupPath,
};
const connector = interfaceField('choice', 'connector', (each) => each.connector, connectorNames);
const activityState: DeviceField = {
  ...column('choice', 'activity_state', (device) => device.activityState),
  choices: activityStates,
};

/** By every name that the service is known to take (manual 5.3.2.1, facts 5 and 6). */
const named: Readonly<Record<string, DeviceField>> = {
  id: column('text', 'id', (device) => device.id),
  name: column('text', 'name', (device) => device.name),
  description: column('text', 'description', (device) => device.description),
  defaultDataStreamId: column('text', 'default_stream_id', (device) => device.defaultDataStreamId),
  tags,
  groupId,
  groupPath,
  connector,
  'interfaces.nodeId': interfaceField('text', 'node_id', (each) => each.nodeId),
  'interfaces.status': interfaceField('choice', 'status', (each) => each.status, interfaceStatuses),
  'interfaces.enabled': interfaceField('flag', 'enabled', (each) => (each.enabled ? 1 : 0)),
  'interfaces.lastContact': interfaceField('time', 'last_contact', (each) => each.lastContactMs),
  activityState,
  created: column('time', 'created', (device) => device.createdMs),
  updated: column('time', 'updated', (device) => device.updatedMs),
};
const otherNames: Readonly<Record<string, DeviceField>> = {
  tag: tags,
  connectors: connector,
  'interfaces.connector': connector,
  'group.id': groupId,
  'group.path': groupPath,
  aggregatedActivityState: activityState,
};
const fieldByName = new Map(Object.entries({ ...named, ...otherNames }));

const property = (name: string): DeviceField => ({
  type: 'label',
  values: ({ properties }) => {
    const value = Object.hasOwn(properties, name) ? properties[name] : undefined;
    return value === undefined ? [] : [value];
  },
  where: ofLabels(`property.${name}`),
});

/** The property that a selector names: `property.site` and `properties.site` are the same. */
export const propertyOfSelector = (selector: string): string | undefined =>
  /^propert(?:y|ies)\.(.+)$/s.exec(selector)?.[1];

/** The fields of devices, for expressions over the devices of one tenant; in SQL, over `devices as d`. */
export function deviceFieldsOf(tenantId: string): RsqlFields<Device> {
  return {
    names: `${Object.keys(named).join(', ')} and property.{name}`,
    find: (selector) => {
      const propertyName = propertyOfSelector(selector);
      const found = propertyName === undefined ? fieldByName.get(selector) : property(propertyName);
      return found && { ...found, where: (fits) => found.where(tenantId, fits) };
    },
  };
}
