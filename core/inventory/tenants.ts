import { PlatformError } from '../contract/errors.ts';
import type { Clock } from '../platform/clock.ts';
import { TenantInventory } from './tenant-inventory.ts';
import type { Device } from './types.ts';

/** The inventories of all tenants, by tenant. */
export class Tenants {
  private readonly clock: Clock;
  private inventories = new Map<string, TenantInventory>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  replaceAll(inventories: Map<string, TenantInventory>): void {
    this.inventories = inventories;
  }

  all(): Iterable<TenantInventory> {
    return this.inventories.values();
  }

  find(tenantId: string): TenantInventory | undefined {
    return this.inventories.get(tenantId);
  }

  /** A tenant made since the start is new here, and as old as its first use. */
  of(tenantId: string): TenantInventory {
    let found = this.inventories.get(tenantId);
    if (!found) {
      found = new TenantInventory(tenantId, this.clock.now());
      this.inventories.set(tenantId, found);
    }
    return found;
  }

  /** @throws PlatformError `inventory.deviceNotFound` */
  getDevice(tenantId: string, deviceId: string): Device {
    const found = this.find(tenantId)?.devices.get(deviceId);
    if (found) return found;
    throw new PlatformError('inventory.deviceNotFound', 'There is no such device.', { details: deviceId });
  }
}
