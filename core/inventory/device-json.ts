import type { DeviceField, DeviceJson } from '../contract/devices.ts';
import { isoTime } from '../platform/clock.ts';
import { resourceVersions, toInterfaceJson } from './interface-json.ts';
import type { Device } from './types.ts';

/** What a list of devices shows when it is not asked for other fields (manual 5.3.2.1). */
export const defaultDeviceFields: readonly DeviceField[] = ['id', 'name', 'group', 'tags'];

/** The device as the API shows it (manual 5.3.3.2), or those of its fields asked for and the id. */
export function toDeviceJson(device: Device, fields?: readonly DeviceField[]): DeviceJson {
  const wanted = fields && new Set(fields);
  const shows = (field: DeviceField): boolean => !wanted || wanted.has(field);
  const { name, description, staticLocation, interfaces } = device;
  const versions = resourceVersions(device);
  return {
    id: device.id,
    ...(shows('name') && name !== undefined && { name }),
    ...(shows('description') && description !== undefined && { description }),
    ...(shows('tags') && { tags: [...device.tags] }),
    ...(shows('properties') && { properties: { ...device.properties } }),
    ...(shows('group') && { group: { id: device.group.id, path: device.group.path } }),
    ...(shows('interfaces') &&
      interfaces.size > 0 && { interfaces: [...interfaces].map((each) => toInterfaceJson(each, false)) }),
    ...(shows('firmwares') && versions && { firmwares: versions.firmwares }),
    ...(shows('resources') && versions && { resources: versions.resources }),
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
    ...(shows('activityState') && { activityState: device.activityState }),
  };
}
