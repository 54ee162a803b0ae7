import { PlatformError } from '../contract/errors.ts';
import type { DeviceEvent } from '../contract/events.ts';
import type { Device } from './types.ts';

export function deviceDuplicate(deviceId: string): PlatformError {
  return new PlatformError('inventory.deviceDuplicate', 'A device of this id exists already.', {
    details: deviceId,
  });
}

/** What the bus is told of a device. */
export function deviceEvent(device: Device): DeviceEvent {
  return {
    tenantId: device.tenantId,
    deviceId: device.id,
    groupPath: device.group.path,
    connectors: [...new Set([...device.interfaces].map((each) => each.connector))],
  };
}
