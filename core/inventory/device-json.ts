import type { DeviceField, DeviceJson, InterfaceJson } from '../contract/devices.ts';
import type { GroupJson } from '../contract/groups.ts';
import { isoTime } from '../platform/clock.ts';
import type { Device, DeviceInterface, Group } from './types.ts';

/** What a list of devices shows when it is not asked for other fields (manual 5.3.2.1). */
export const defaultDeviceFields: readonly DeviceField[] = ['id', 'name', 'group', 'tags'];

/** The device as the API shows it (manual 5.3.3.2), or those of its fields asked for and the id. */
export function toDeviceJson(device: Device, fields?: readonly DeviceField[]): DeviceJson {
  const wanted = fields && new Set(fields);
  const shows = (field: DeviceField): boolean => !wanted || wanted.has(field);
  const { name, description, staticLocation, interfaces } = device;
  return {
    id: device.id,
    ...(shows('name') && name !== undefined && { name }),
    ...(shows('description') && description !== undefined && { description }),
    ...(shows('tags') && { tags: [...device.tags] }),
    ...(shows('properties') && { properties: { ...device.properties } }),
    ...(shows('group') && { group: { id: device.group.id, path: device.group.path } }),
    ...(shows('interfaces') &&
      interfaces.size > 0 && { interfaces: [...interfaces].map((each) => toInterfaceJson(each, false)) }),
    ...(shows('defaultDataStreamId') && { defaultDataStreamId: device.defaultDataStreamId }),
    ...(shows('staticLocation') &&
      staticLocation && {
        staticLocation: {
          lat: staticLocation.lat,
          lon: staticLocation.lon,
          ...(staticLocation.alt !== undefined && { alt: staticLocation.alt }),
        },
      }),
    ...(shows('created') && { created: isoTime(device.createdMs) }),
    ...(shows('updated') && { updated: isoTime(device.updatedMs) }),
    ...(shows('activityState') && { activityState: 'NOT_MONITORED' as const }),
  };
}

/** @param named true where the interface stands alone, so that it must say whose it is (manual 5.4.3.2). */
export function toInterfaceJson(of: DeviceInterface, named = true): InterfaceJson {
  const { capabilities } = of;
  return {
    connector: of.connector,
    nodeId: of.nodeId,
    ...(named && { deviceId: of.device.id }),
    enabled: of.enabled,
    status: of.status,
    definition: { ...of.definition },
    ...(of.lastContactMs !== undefined && { lastContact: isoTime(of.lastContactMs) }),
    capabilities: {
      configuration: capability(capabilities.configuration),
      command: capability(capabilities.command),
      resource: capability(capabilities.resource),
      twin: capability(capabilities.twin),
    },
    activity: { ...of.activity },
    created: isoTime(of.createdMs),
    updated: isoTime(of.updatedMs),
  };
}

/** The examples of the manual name a version where a feature can be used, and none where it cannot (5.4.2.2). */
function capability(available: boolean): { version?: number; available: boolean } {
  return available ? { version: 1, available } : { available };
}

export function toGroupJson(group: Group): GroupJson {
  return {
    id: group.id,
    ...(group.parentId !== undefined && { pathNode: group.pathNode, parentId: group.parentId }),
    path: group.path,
    ...(group.description !== undefined && { description: group.description }),
    created: isoTime(group.createdMs),
    updated: isoTime(group.updatedMs),
  };
}
