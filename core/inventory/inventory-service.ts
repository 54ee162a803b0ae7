import type { EventBus } from '../bus/event-bus.ts';
import type { ConnectorName } from '../contract/connectors.ts';
import { deviceIdPattern } from '../contract/device-id.ts';
import type { CreateDeviceRequest } from '../contract/devices.ts';
import { PlatformError } from '../contract/errors.ts';
import type { PlatformEvents } from '../contract/events.ts';
import { interfaceKindOf } from '../contract/interface-kinds/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { RandomSource } from '../platform/random.ts';
import type { Store } from '../store/types.ts';
import { DeviceManager } from './device-manager.ts';
import { deviceDuplicate, deviceEvent } from './device-outcomes.ts';
import { deleteDevice, insertDevice, updateInterfaceColumns } from './device-repository.ts';
import { GroupManager } from './group-manager.ts';
import { findGroup } from './groups.ts';
import { InterfaceDebugSwitch } from './interface-debug.ts';
import { identifyInterface } from './interface-definition.ts';
import { InterfaceManager } from './interface-manager.ts';
import { defaultInventoryLimits, type InventoryLimits, requireWithinLimits } from './inventory-limits.ts';
import { inventoryRepository } from './inventory-repository.ts';
import { loadInventory } from './load-inventory.ts';
import { newInterface } from './new-interface.ts';
import { SessionWriter } from './session-writer.ts';
import { deviceKey, interfaceKey } from './tenant-inventory.ts';
import { Tenants } from './tenants.ts';
import type { Device, DeviceInterface, InterfaceRegistry, ProvisionRequest, SessionChange } from './types.ts';

export interface InventoryParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly bus: EventBus<PlatformEvents>;
  readonly logger: Logger;
}

export interface InventorySettings extends InventoryLimits {
  /** How often changes of live sessions are written, in milliseconds. */
  readonly sessionWritePeriodMs: number;
}

/**
 * Devices, their interfaces and their groups (manual 5 and 8.1). All are in memory, so that a hot path asks
 * without waiting, and in the store, which answers lists. What is made or deleted is visible once it is durable.
 */
export class InventoryService implements InterfaceRegistry {
  private readonly parts: InventoryParts;
  private readonly sessions: SessionWriter;
  private readonly tenants: Tenants;
  readonly limits: InventoryLimits;
  readonly devices: DeviceManager;
  readonly interfaces: InterfaceManager;
  readonly debug: InterfaceDebugSwitch;
  readonly groups: GroupManager;

  constructor(parts: InventoryParts, settings: Partial<InventorySettings> = {}) {
    this.parts = parts;
    this.sessions = new SessionWriter(parts, settings.sessionWritePeriodMs ?? 1000);
    this.tenants = new Tenants(parts.clock);
    this.limits = { ...defaultInventoryLimits, ...settings };
    const { tenants, sessions, limits } = this;
    this.devices = new DeviceManager({ ...parts, tenants, sessions, limits });
    this.interfaces = new InterfaceManager({ ...parts, tenants, sessions, limits });
    this.debug = new InterfaceDebugSwitch({ ...parts, tenants, interfaces: this.interfaces });
    this.groups = new GroupManager({ ...parts, tenants, limits });
  }

  /** Loads everything. Interfaces that were online when the program ended are offline from now on. */
  async start(): Promise<void> {
    this.tenants.replaceAll(await loadInventory(this.parts.store, this.parts.clock.now()));
    this.sessions.start();
  }

  /** Writes what is waiting. */
  async stop(): Promise<void> {
    await this.sessions.stop();
  }

  findInterface(tenantId: string, connector: ConnectorName, nodeId: string): DeviceInterface | undefined {
    return this.tenants.find(tenantId)?.findInterface(connector, nodeId);
  }

  findDevice(tenantId: string, deviceId: string): Device | undefined {
    return this.tenants.find(tenantId)?.devices.get(deviceId);
  }

  /** @throws PlatformError `inventory.deviceNotFound` */
  getDevice(tenantId: string, deviceId: string): Device {
    return this.tenants.getDevice(tenantId, deviceId);
  }

  /**
   * The device that {@link createDevice} would make, with everything checked that can be refused.
   * @returns with it the keys that it takes, by which two plans can be told to clash
   * @throws PlatformError as {@link createDevice}
   */
  planDevice(tenantId: string, request: CreateDeviceRequest): { device: Device; keys: readonly string[] } {
    requireWithinLimits(request, this.limits);
    const inventory = this.tenants.of(tenantId);
    const nowMs = this.parts.clock.now();
    const device: Device = {
      tenantId,
      id: request.id,
      name: request.name ?? undefined,
      description: request.description ?? undefined,
      defaultDataStreamId: request.defaultDataStreamId ?? request.id,
      group: findGroup(inventory, request.group ?? {}),
      tags: request.tags ?? [],
      properties: request.properties ?? {},
      staticLocation: request.staticLocation ?? undefined,
      activityState: 'NOT_MONITORED',
      interfaces: new Set(),
      createdMs: nowMs,
      updatedMs: nowMs,
    };
    for (const [index, wanted] of (request.interfaces ?? []).entries()) {
      const identity = identifyInterface(wanted, `body.interfaces.${index}`, this.limits);
      device.interfaces.add(newInterface(device, identity, wanted.enabled, nowMs));
    }
    const keys = [...device.interfaces].map((each) => interfaceKey(each.connector, each.nodeId));
    if (inventory.devices.has(device.id) || inventory.isReserved([deviceKey(device.id)])) {
      throw deviceDuplicate(device.id);
    }
    const taken = [...device.interfaces].find((each) => inventory.findInterface(each.connector, each.nodeId));
    if (taken || new Set(keys).size < keys.length || inventory.isReserved(keys)) {
      throw new PlatformError(
        'inventory.interfaceDuplicate',
        'An interface of this connector and node exists already.',
        {
          details: taken ? `${taken.connector}:${taken.nodeId}` : undefined,
        },
      );
    }
    return { device, keys: [deviceKey(device.id), ...keys] };
  }

  /**
   * Registers a device with the interfaces it names (manual 5.3.1).
   * @throws PlatformError `inventory.groupNotFound`, `inventory.deviceDuplicate`,
   *   `inventory.interfaceDuplicate`, `inventory.connectorUnavailable`, `api.invalidParameter`
   */
  async createDevice(tenantId: string, request: CreateDeviceRequest): Promise<Device> {
    const inventory = this.tenants.of(tenantId);
    const { device, keys } = this.planDevice(tenantId, request);
    await inventory.whileReserved(keys, async () => {
      await this.parts.store.commit([
        ...insertDevice(device),
        ...[...device.interfaces].map((each) => inventoryRepository.insertInterface(each)),
      ]);
      inventory.addDevice(device);
    });
    this.parts.bus.emit('deviceCreated', deviceEvent(device));
    return device;
  }

  /** Every interface of a connectivity, of all tenants. */
  interfacesOf(connector: ConnectorName): DeviceInterface[] {
    return [...this.tenants.all()].flatMap((inventory) => inventory.interfacesOf(connector));
  }

  /** Every device of a tenant, as it is now. */
  allDevices(tenantId: string): Device[] {
    return [...this.tenants.of(tenantId).devices.values()];
  }

  /**
   * Deletes a device with its interfaces. Its messages stay.
   * @throws PlatformError `inventory.deviceNotFound`
   */
  async deleteDevice(tenantId: string, deviceId: string): Promise<void> {
    const inventory = this.tenants.of(tenantId);
    // An interface may be about to join it, or another caller to delete it. Nothing else may run between the
    // end of this loop and the reservation below.
    for (let busy = inventory.reservation([deviceKey(deviceId)]); busy !== undefined; ) {
      await busy;
      busy = inventory.reservation([deviceKey(deviceId)]);
    }
    const device = this.getDevice(tenantId, deviceId);
    const keys = [...device.interfaces].map((each) => interfaceKey(each.connector, each.nodeId));
    await inventory.whileReserved([deviceKey(deviceId), ...keys], async () => {
      await this.parts.store.commit(deleteDevice(device));
      inventory.removeDevice(device);
      for (const each of device.interfaces) this.sessions.forget(each);
    });
    this.parts.bus.emit('deviceDeleted', deviceEvent(device));
  }

  async provision(request: ProvisionRequest): Promise<DeviceInterface> {
    const { tenantId, connector, nodeId, deviceId, definition } = request;
    const inventory = this.tenants.of(tenantId);
    const keys = [interfaceKey(connector, nodeId), deviceKey(deviceId)];
    // Nothing else may run between the end of this loop and the reservation below.
    for (;;) {
      const there = inventory.findInterface(connector, nodeId);
      if (there) return there;
      const busy = inventory.reservation(keys);
      if (busy === undefined) break;
      await busy;
    }
    if (!deviceIdPattern.test(deviceId)) {
      throw new PlatformError('api.invalidParameter', 'No device can be registered under this id.', {
        details: deviceId,
      });
    }
    const known = inventory.devices.get(deviceId);
    if (known) requireRoomFor(connector, known, this.limits.deviceMaxInterfaces);
    const nowMs = this.parts.clock.now();
    const device: Device = known ?? {
      tenantId,
      id: deviceId,
      name: undefined,
      description: `Registered at its first contact through ${connector}, as node ${nodeId}`,
      defaultDataStreamId: deviceId,
      group: inventory.root,
      tags: [],
      properties: {},
      staticLocation: undefined,
      activityState: 'NOT_MONITORED',
      interfaces: new Set(),
      createdMs: nowMs,
      updatedMs: nowMs,
    };
    const added = newInterface(device, { kind: interfaceKindOf(connector), nodeId, definition }, true, nowMs);
    await inventory.whileReserved(keys, async () => {
      await this.parts.store.commit([
        ...(known ? [] : insertDevice(device)),
        inventoryRepository.insertInterface(added),
        updateInterfaceColumns(device, [...device.interfaces, added]),
      ]);
      if (!known) inventory.addDevice(device);
      inventory.addInterface(added);
      this.sessions.noteInterfaces(device);
    });
    if (!known) this.parts.bus.emit('deviceCreated', deviceEvent(device));
    return added;
  }

  updateSession(target: DeviceInterface, change: SessionChange): Promise<void> {
    const { tenantId, id: deviceId } = target.device;
    if (!this.tenants.find(tenantId)?.holds(target)) return Promise.resolve();
    const before = target.status;
    if (change.status) target.status = change.status;
    if (change.activity) target.activity = { ...target.activity, ...change.activity };
    if (change.capabilities) target.capabilities = { ...target.capabilities, ...change.capabilities };
    if (change.lastContactMs !== undefined) target.lastContactMs = change.lastContactMs;
    target.updatedMs = this.parts.clock.now();
    this.sessions.noteSession(target);
    const { connector, nodeId, status } = target;
    if (status === before) {
      if (change.lastContactMs !== undefined) this.parts.bus.emit('interfaceContact', { tenantId, deviceId });
      return Promise.resolve();
    }
    this.parts.bus.emit('interfaceStatus', { tenantId, deviceId, connector, nodeId, status });
    // A status is what people look at after a crash, so it does not wait for the next turn of the timer.
    return this.sessions.flush();
  }

  touch(target: DeviceInterface): void {
    target.lastContactMs = this.parts.clock.now();
    if (!this.sessions.noteContact(target)) return;
    const { tenantId, id: deviceId } = target.device;
    this.parts.bus.emit('interfaceContact', { tenantId, deviceId });
  }
}

/**
 * A device may get an interface by itself. Who disabled one has barred the device from the connector, and not only the
 * spelling of its id.
 */
function requireRoomFor(connector: ConnectorName, { id, interfaces }: Device, most: number): void {
  const disabled = [...interfaces].find((each) => each.connector === connector && !each.enabled);
  if (disabled) {
    throw new PlatformError(
      'inventory.interfaceRefused',
      `interface ${connector}:${disabled.nodeId} of ${id} is disabled, so the device gets no other of this connector by itself`,
    );
  }
  if (interfaces.size < most) return;
  throw new PlatformError(
    'inventory.interfaceRefused',
    `${id} has ${interfaces.size} interfaces, and may have ${most} (setting deviceMaxInterfaces); delete one`,
  );
}
