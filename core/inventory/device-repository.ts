import type { ActivityState } from '../contract/devices.ts';
import { numberOf } from '../contract/rsql/field-facts.ts';
import { sqlBuilder } from '../store/builder.ts';
import type { Statement } from '../store/types.ts';
import { preparedDeviceUpdate, preparedInsert } from './prepared.ts';
import type { Device, DeviceInterface } from './types.ts';

const insertRow = preparedInsert('devices');
const insertLabel = preparedInsert('device_labels');
const updateColumns = preparedDeviceUpdate();

/** Tables with rows of devices. */
const belongings = [
  'interfaces',
  'commands',
  'configurations',
  'device_resources',
  'resource_updates',
  'campaign_targets',
  'twins',
  'twin_operations',
  'twin_observations',
] as const;
type Belonging = (typeof belongings)[number];
/** Those that end with the device; of what was asked of it the record stays. */
const mortal = [
  'interfaces',
  'configurations',
  'device_resources',
  'twins',
  'twin_operations',
  'twin_observations',
] as const satisfies readonly Belonging[];

interface Label {
  readonly name: string;
  readonly value: string;
}

/** Statements that add a device, without its interfaces. */
export function insertDevice(device: Device): Statement[] {
  return [
    insertRow({
      ...{ tenant_id: device.tenantId, created: device.createdMs },
      ...columnsOf(device),
      ...interfaceColumns(device.interfaces),
    }),
    ...labelsOf(device).map((label) => addLabel(device, label)),
  ];
}

/**
 * Writes what lists are sorted by of the device's interfaces.
 * @param interfaces those that it has from now on
 */
export function updateInterfaceColumns(
  { tenantId, id, interfaces: present }: Device,
  interfaces: Iterable<InterfaceState> = present,
): Statement {
  return updateColumns({ tenantId, id }, interfaceColumns(interfaces));
}

type InterfaceState = Pick<DeviceInterface, 'status' | 'enabled' | 'lastContactMs'>;

function interfaceColumns(interfaces: Iterable<InterfaceState>) {
  const all = [...interfaces];
  const [first = ''] = all.map(({ status }) => status).sort();
  return {
    last_contact: Math.max(0, ...all.map(({ lastContactMs = 0 }) => lastContactMs)),
    interface_status: first,
    interface_enabled: all.some(({ enabled }) => enabled) ? 1 : 0,
  };
}

/** Statements that turn the rows of a device into those of another state of it, which may have another id. */
export function updateDevice(before: Device, after: Device): Statement[] {
  const { tenantId, id } = before;
  const renamed = after.id !== id;
  const keyOf = ({ name, value }: Label): string => JSON.stringify([name, value]);
  const [old, wanted] = [labelsOf(before), labelsOf(after)];
  const [oldKeys, wantedKeys] = [new Set(old.map(keyOf)), new Set(wanted.map(keyOf))];
  return [
    sqlBuilder
      .updateTable('devices')
      .set(columnsOf(after))
      .where('tenant_id', '=', tenantId)
      .where('id', '=', id)
      .compile(),
    ...old
      .filter((label) => renamed || !wantedKeys.has(keyOf(label)))
      .map((label) => removeLabel(before, label)),
    ...wanted.filter((label) => renamed || !oldKeys.has(keyOf(label))).map((label) => addLabel(after, label)),
    // What stands under the old id goes along at once: a crash must not leave it behind.
    ...(renamed ? belongings.map((table) => moveRows(table, tenantId, id, after.id)) : []),
  ];
}

export function updateActivityState({ tenantId, id }: Device, state: ActivityState): Statement {
  return sqlBuilder
    .updateTable('devices')
    .set({ activity_state: state })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .compile();
}

/** Statements that delete a device with its interfaces, its configuration, its resources and its twin. */
export function deleteDevice(device: Device): Statement[] {
  const { tenantId, id } = device;
  return [
    deleteTwinValues(tenantId, id),
    ...mortal.map((table) => deleteRows(table, tenantId, id)),
    sqlBuilder.deleteFrom('devices').where('tenant_id', '=', tenantId).where('id', '=', id).compile(),
    ...labelsOf(device).map((label) => removeLabel(device, label)),
  ];
}

/** All that a change may touch. */
function columnsOf(device: Device) {
  const { staticLocation } = device;
  return {
    id: device.id,
    name: device.name ?? null,
    description: device.description ?? null,
    default_stream_id: device.defaultDataStreamId,
    group_id: device.group.id,
    tags: JSON.stringify(device.tags),
    properties: JSON.stringify(device.properties),
    static_location: staticLocation ? JSON.stringify(staticLocation) : null,
    updated: device.updatedMs,
    activity_state: device.activityState,
    lat: staticLocation?.lat ?? null,
    lon: staticLocation?.lon ?? null,
    search_text: searchTextOf(device),
  };
}

/** Where the explorer looks for words. The parts are apart, so that no word is found across two of them. */
function searchTextOf({ id, name = '', description = '', tags, properties }: Device): string {
  return [id, name, description, ...tags, ...Object.values(properties)].join('\n').toLowerCase();
}

function labelsOf({ tags, properties }: Device): Label[] {
  return [
    ...tags.map((value) => ({ name: 'tag', value })),
    ...Object.entries(properties).map(([name, value]) => ({ name: `property.${name}`, value })),
  ];
}

function addLabel({ tenantId, id }: Device, { name, value }: Label): Statement {
  const number = name === 'tag' ? null : (numberOf(value) ?? null);
  return insertLabel({ tenant_id: tenantId, name, value, device_id: id, number });
}

function removeLabel({ tenantId, id }: Device, { name, value }: Label): Statement {
  return {
    sql: 'DELETE FROM device_labels WHERE tenant_id = ? AND name = ? AND value = ? AND device_id = ?',
    parameters: [tenantId, name, value, id],
  };
}

function moveRows(table: Belonging, tenantId: string, from: string, to: string): Statement {
  return sqlBuilder
    .updateTable(table)
    .set({ device_id: to })
    .where('tenant_id', '=', tenantId)
    .where('device_id', '=', from)
    .compile();
}

function deleteRows(table: (typeof mortal)[number], tenantId: string, deviceId: string): Statement {
  return sqlBuilder
    .deleteFrom(table)
    .where('tenant_id', '=', tenantId)
    .where('device_id', '=', deviceId)
    .compile();
}

/** Values belong to the twin, and only through it to the device. */
function deleteTwinValues(tenantId: string, deviceId: string): Statement {
  const twin = sqlBuilder
    .selectFrom('twins')
    .select('seq')
    .where('tenant_id', '=', tenantId)
    .where('device_id', '=', deviceId);
  return sqlBuilder.deleteFrom('twin_values').where('twin', 'in', twin).compile();
}
