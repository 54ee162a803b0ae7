import { PlatformError } from '../contract/errors.ts';
import { interfaceKindOf } from '../contract/interface-kinds/index.ts';
import type { Device, InterfaceRegistry } from '../inventory/types.ts';

/** Devices that have a twin: those with an interface of a connector that knows one. */
export class TwinDevices {
  private readonly registry: InterfaceRegistry;

  constructor(registry: InterfaceRegistry) {
    this.registry = registry;
  }

  /** @throws PlatformError `inventory.deviceNotFound`, `twin.notFound` */
  get(tenantId: string, deviceId: string): Device {
    const device = this.registry.findDevice(tenantId, deviceId);
    if (!device) throw this.notFound(deviceId);
    const hasTwin = [...device.interfaces].some(
      ({ connector }) => interfaceKindOf(connector).features.twin !== 'never',
    );
    if (hasTwin) return device;
    throw new PlatformError('twin.notFound', 'The device has no twin.', {
      details: `${deviceId} has no lwm2m interface; add one`,
    });
  }

  notFound(deviceId: string): PlatformError {
    return new PlatformError('inventory.deviceNotFound', 'There is no such device.', { details: deviceId });
  }
}
