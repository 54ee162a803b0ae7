import { PlatformError } from '../../contract/errors.ts';
import type { DeviceInterface, InterfaceRegistry } from '../../inventory/types.ts';

/** The LoRa interfaces of a device. @throws PlatformError `inventory.deviceNotFound` */
export function loraInterfacesOf(
  registry: InterfaceRegistry,
  tenantId: string,
  deviceId: string,
): DeviceInterface[] {
  const device = registry.findDevice(tenantId, deviceId);
  if (!device)
    throw new PlatformError('inventory.deviceNotFound', 'There is no such device.', { details: deviceId });
  return [...device.interfaces].filter(({ connector }) => connector === 'lora');
}

/**
 * Whether frames of the device change the status of the interface. One that is disabled stays DEACTIVATED, and one that the
 * network cannot serve as it is defined CONNECTIVITY_ERROR until the consistency check finds it right (manual 5.5.1.3).
 */
export const followsFrames = ({ enabled, status }: DeviceInterface): boolean =>
  enabled && status !== 'CONNECTIVITY_ERROR';
