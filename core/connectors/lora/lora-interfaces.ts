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
