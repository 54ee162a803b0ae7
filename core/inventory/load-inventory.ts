import { sessionStatuses } from '../contract/connectors.ts';
import { interfaceKindOf } from '../contract/interface-kinds/index.ts';
import { isoTime } from '../platform/clock.ts';
import type { Store } from '../store/types.ts';
import { updateInterfaceColumns } from './device-repository.ts';
import { inventoryRepository } from './inventory-repository.ts';
import { idleCapabilities } from './new-interface.ts';
import { TenantInventory } from './tenant-inventory.ts';
import type { DeviceInterface } from './types.ts';

/**
 * The whole inventory from the store, by tenant. No session survives the program: an interface that is still
 * online in the store is set offline, in the store too.
 */
export async function loadInventory(store: Store, nowMs: number): Promise<Map<string, TenantInventory>> {
  const tenants = new Map<string, TenantInventory>();
  const inventoryOf = (tenantId: string): TenantInventory => {
    const found = tenants.get(tenantId) ?? new TenantInventory(tenantId, nowMs);
    tenants.set(tenantId, found);
    return found;
  };
  for (const { id, created } of await inventoryRepository.loadTenants(store)) {
    tenants.set(id, new TenantInventory(id, created));
  }
  for (const group of await inventoryRepository.loadGroups(store))
    inventoryOf(group.tenantId).addGroup(group);
  for (const device of await inventoryRepository.loadDevices(store, inventoryOf)) {
    inventoryOf(device.tenantId).addDevice(device);
  }
  const interfaces = await inventoryRepository.loadInterfaces(store, (tenantId, deviceId) =>
    tenants.get(tenantId)?.devices.get(deviceId),
  );
  for (const each of interfaces) inventoryOf(each.device.tenantId).addInterface(each);
  const leftOnline = interfaces.filter(
    ({ status, connector }) =>
      sessionStatuses.includes(status) && interfaceKindOf(connector).onlineEndsWithProgram,
  );
  for (const each of leftOnline) endSession(each, nowMs);
  if (leftOnline.length > 0) {
    const devices = new Set(leftOnline.map(({ device }) => device));
    await store.commit([
      ...leftOnline.map((each) => inventoryRepository.updateSession(each)),
      ...[...devices].map((device) => updateInterfaceColumns(device)),
    ]);
  }
  return tenants;
}

function endSession(left: DeviceInterface, nowMs: number): void {
  left.status = 'OFFLINE';
  // What a node can do its connector has said; of MQTT devices the subscriptions tell it anew.
  if (left.connector !== 'x-connector') left.capabilities = idleCapabilities(interfaceKindOf(left.connector));
  if (left.connector === 'mqtt') left.activity = { ...left.activity, lastSessionEndTime: isoTime(nowMs) };
  left.updatedMs = nowMs;
}
