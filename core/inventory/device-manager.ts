import type { EventBus } from '../bus/event-bus.ts';
import type { ActivityState, UpdateDeviceRequest } from '../contract/devices.ts';
import type { PlatformEvents } from '../contract/events.ts';
import type { Clock } from '../platform/clock.ts';
import type { Store } from '../store/types.ts';
import { type DeviceListQuery, type DevicePage, listDevices } from './device-list.ts';
import { deviceDuplicate, deviceEvent } from './device-outcomes.ts';
import { countDevices, type DeviceFilter, readsSessions } from './device-query.ts';
import { updateActivityState, updateDevice } from './device-repository.ts';
import { countByCell, countByField } from './device-stats.ts';
import { findGroup } from './groups.ts';
import { type InventoryLimits, requireWithinLimits } from './inventory-limits.ts';
import type { SessionWriter } from './session-writer.ts';
import { deviceKey, type TenantInventory } from './tenant-inventory.ts';
import type { Tenants } from './tenants.ts';
import type { Device } from './types.ts';

/** Devices found in one go where all of them are wanted. */
const exportPage = 1000;

export interface DeviceManagerParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly bus: EventBus<PlatformEvents>;
  readonly tenants: Tenants;
  readonly sessions: SessionWriter;
  readonly limits: InventoryLimits;
}

/** Finds and changes devices (manual 5.3). */
export class DeviceManager {
  private readonly parts: DeviceManagerParts;

  constructor(parts: DeviceManagerParts) {
    this.parts = parts;
  }

  /** @throws PlatformError `api.invalidParameter` for a bookmark that is not there */
  list(tenantId: string, query: DeviceListQuery, withTotal: boolean): Promise<DevicePage> {
    return listDevices(this.parts, this.parts.tenants.of(tenantId), query, withTotal);
  }

  /** Every device that a filter lets through, whatever the page of the query. */
  async listAll(tenantId: string, query: DeviceListQuery): Promise<Device[]> {
    const all: Device[] = [];
    let after: DevicePage['end'];
    do {
      const page = await this.list(tenantId, { ...query, limit: exportPage, offset: 0, after }, false);
      all.push(...page.devices);
      after = page.end;
    } while (after !== undefined);
    return all;
  }

  /**
   * Counts the devices that a filter lets through, in all and by the values of a field.
   * @param most groups that are answered, those with the most devices
   * @throws PlatformError `api.invalidParameter` when there is no such field to count by
   */
  async countByField(tenantId: string, filter: DeviceFilter, field: string, most: number) {
    const { store, sessions } = this.parts;
    if (readsSessions({ filter, sort: [] }) || field.startsWith('interfaces.')) void sessions.flush();
    const [[total], groups] = await Promise.all([
      store.query<{ total: number }>(countDevices(tenantId, filter)),
      store.query<{ value: string | number; count: number }>(countByField(tenantId, filter, field, most)),
    ]);
    return { total: total?.total ?? 0, groups };
  }

  /** The same by the cells of the geohash grid that static locations are in. */
  async countByCell(tenantId: string, filter: DeviceFilter, precision: number, most: number) {
    const { store, sessions } = this.parts;
    if (readsSessions({ filter, sort: [] })) void sessions.flush();
    const [[total], cells] = await Promise.all([
      store.query<{ total: number }>(countDevices(tenantId, filter)),
      store.query<{ column: number; row: number; count: number; lat: number; lon: number }>(
        countByCell(tenantId, filter, precision, most),
      ),
    ]);
    return { total: total?.total ?? 0, cells };
  }

  /**
   * Changes what is named of a device, also its id; its interfaces and live sessions stay with it (facts 5).
   * @throws PlatformError `inventory.deviceNotFound`, `inventory.groupNotFound`, `inventory.deviceDuplicate` when
   *   another device has the new id, `api.invalidParameter`
   */
  async update(tenantId: string, deviceId: string, request: UpdateDeviceRequest): Promise<Device> {
    const { store, clock, tenants, bus, limits, sessions } = this.parts;
    const { tags, properties } = request;
    requireWithinLimits({ tags, properties }, limits);
    const inventory = tenants.of(tenantId);
    const newId = request.id ?? deviceId;
    const keys = [...new Set([deviceId, newId])].map(deviceKey);
    return inventory.exclusively(
      () => keys,
      async () => {
        const device = tenants.getDevice(tenantId, deviceId);
        if (newId !== deviceId && inventory.devices.has(newId)) throw deviceDuplicate(newId);
        // Nothing may be waited for between here and the commit: the group could be gone.
        const changes = changesOf(device, request, inventory);
        if (Object.keys(changes).length === 0) return device;
        const changed: Device = { ...device, ...changes, updatedMs: clock.now() };
        await store.commit(updateDevice(device, changed));
        inventory.devices.delete(deviceId);
        Object.assign(device, changes, { updatedMs: changed.updatedMs });
        inventory.devices.set(device.id, device);
        sessions.noteInterfaces(device);
        bus.emit('deviceUpdated', { ...deviceEvent(device), previousId: deviceId });
        return device;
      },
    );
  }

  /** Notes what the activity rules find about a device (manual 5.2.1.2). Resolves when it is stored. */
  async setActivityState(device: Device, state: ActivityState): Promise<void> {
    const inventory = this.parts.tenants.of(device.tenantId);
    await inventory.exclusively(
      () => [deviceKey(device.id)],
      async () => {
        if (device.activityState === state || inventory.devices.get(device.id) !== device) return;
        await this.parts.store.commit([updateActivityState(device, state)]);
        device.activityState = state;
      },
    );
  }
}

/** What is to be different. `null` takes away, or gives what a new device has without it. */
function changesOf(
  device: Device,
  request: UpdateDeviceRequest,
  inventory: TenantInventory,
): Partial<Device> {
  const { name, description, defaultDataStreamId, tags, properties, group, staticLocation } = request;
  const id = request.id ?? device.id;
  return {
    ...(id !== device.id && { id }),
    ...(name !== undefined && { name: name ?? undefined }),
    ...(description !== undefined && { description: description ?? undefined }),
    ...(defaultDataStreamId !== undefined && { defaultDataStreamId: defaultDataStreamId ?? id }),
    ...(tags !== undefined && { tags: tags ?? [] }),
    ...(properties !== undefined && { properties: properties ?? {} }),
    ...(group !== undefined && { group: findGroup(inventory, group ?? {}) }),
    ...(staticLocation !== undefined && { staticLocation: staticLocation ?? undefined }),
  };
}
