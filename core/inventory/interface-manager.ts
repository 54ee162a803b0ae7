import type { EventBus } from '../bus/event-bus.ts';
import { sessionStatuses } from '../contract/connectors.ts';
import { PlatformError } from '../contract/errors.ts';
import type { InterfaceUnusableReason, PlatformEvents } from '../contract/events.ts';
import { interfaceKindOf } from '../contract/interface-kinds/index.ts';
import type { CreateInterfaceRequest, UpdateInterfaceRequest } from '../contract/interfaces.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import { type Clock, isoTime } from '../platform/clock.ts';
import type { Store } from '../store/types.ts';
import { deviceEvent } from './device-outcomes.ts';
import { updateInterfaceColumns } from './device-repository.ts';
import {
  type InterfaceIdentity,
  identifyInterface,
  patchDefinition,
  requireKind,
} from './interface-definition.ts';
import type { InventoryLimits } from './inventory-limits.ts';
import { inventoryRepository } from './inventory-repository.ts';
import { idleCapabilities, newInterface } from './new-interface.ts';
import type { SessionWriter } from './session-writer.ts';
import { deviceKey, interfaceKey } from './tenant-inventory.ts';
import type { Tenants } from './tenants.ts';
import type { Device, DeviceInterface } from './types.ts';

/** Adds, finds, changes and deletes the interfaces of devices (manual 5.4). A change is visible once it is durable. */
export class InterfaceManager {
  private readonly parts: {
    readonly store: Store;
    readonly clock: Clock;
    readonly bus: EventBus<PlatformEvents>;
    readonly tenants: Tenants;
    readonly sessions: SessionWriter;
    readonly limits: Pick<InventoryLimits, 'deviceMaxInterfaces' | 'smsServerPhoneNumbers'>;
  };

  constructor(parts: InterfaceManager['parts']) {
    this.parts = parts;
  }

  /**
   * @param interfaceId `{connector}:{nodeId}`
   * @throws PlatformError `inventory.deviceNotFound`, `inventory.connectorUnavailable`,
   *   `inventory.interfaceNotFound`
   */
  get(tenantId: string, deviceId: string, interfaceId: string): DeviceInterface {
    const device = this.parts.tenants.getDevice(tenantId, deviceId);
    const colon = interfaceId.indexOf(':');
    const connector = colon < 0 ? interfaceId : interfaceId.slice(0, colon);
    const found = this.findNode(tenantId, connector, colon < 0 ? '' : interfaceId.slice(colon + 1));
    if (found?.device === device) return found;
    throw notFound(interfaceId);
  }

  /**
   * The interface of this node, whatever its device.
   * @throws PlatformError `inventory.connectorUnavailable`, `inventory.interfaceNotFound`
   */
  getNode(tenantId: string, connector: string, nodeId: string): DeviceInterface {
    const found = this.findNode(tenantId, connector, nodeId);
    if (found) return found;
    throw notFound(`${connector}:${nodeId}`);
  }

  /**
   * All interfaces of a connector, by node id.
   * @throws PlatformError `inventory.connectorUnavailable`, also for a connector whose nodes are not listed
   */
  listNodes(tenantId: string, connector: string): DeviceInterface[] {
    const kind = requireKind(connector);
    if (!kind.listsNodes) {
      throw new PlatformError(
        'inventory.connectorUnavailable',
        'The nodes of this connector are not listed.',
        {
          details: `${connector}; use GET /api/v1/deviceMgt/devices?connectors=${connector}&fields=interfaces`,
        },
      );
    }
    const all = this.parts.tenants.of(tenantId).interfacesOf(kind.connector);
    return all.sort((a, b) => (a.nodeId < b.nodeId ? -1 : 1));
  }

  /**
   * Adds an interface to a device (manual 5.4.1).
   * @throws PlatformError `inventory.deviceNotFound`, `inventory.connectorUnavailable`, `api.invalidParameter`,
   *   `inventory.interfaceDuplicate`
   */
  async add(tenantId: string, deviceId: string, request: CreateInterfaceRequest): Promise<DeviceInterface> {
    const { tenants, store, clock, bus, sessions } = this.parts;
    const inventory = tenants.of(tenantId);
    tenants.getDevice(tenantId, deviceId);
    const identity = identifyInterface(request, 'body', this.parts.limits);
    const { kind, nodeId } = identity;
    const keys = [deviceKey(deviceId), interfaceKey(kind.connector, nodeId)];
    const added = await inventory.exclusively(
      () => keys,
      async () => {
        const device = tenants.getDevice(tenantId, deviceId);
        if (inventory.findInterface(kind.connector, nodeId)) throw duplicate(identity);
        this.requireRoom(device, 'body');
        const made = newInterface(device, identity, request.enabled, clock.now());
        await store.commit([
          inventoryRepository.insertInterface(made),
          updateInterfaceColumns(device, [...device.interfaces, made]),
        ]);
        inventory.addInterface(made);
        return made;
      },
    );
    sessions.noteInterfaces(added.device);
    bus.emit('interfaceStatus', statusEvent(added));
    this.tellOf(added.device);
    return added;
  }

  /**
   * Changes an interface, moves it to another device, or both (manual 5.4.4). A live session goes on under the new
   * device; it ends when the interface is disabled or gets another node id.
   * @throws PlatformError `inventory.deviceNotFound` for either device, `inventory.connectorUnavailable`,
   *   `inventory.interfaceNotFound`, `api.invalidParameter`, `inventory.interfaceDuplicate`
   */
  async update(
    tenantId: string,
    deviceId: string,
    interfaceId: string,
    request: UpdateInterfaceRequest,
  ): Promise<DeviceInterface> {
    const inventory = this.parts.tenants.of(tenantId);
    return inventory.exclusively(
      () => {
        const { target, identity, device } = this.planUpdate(tenantId, deviceId, interfaceId, request);
        const { connector } = target;
        return [
          deviceKey(deviceId),
          deviceKey(device.id),
          interfaceKey(connector, target.nodeId),
          interfaceKey(connector, identity.nodeId),
        ];
      },
      () => {
        const { target, identity, device } = this.planUpdate(tenantId, deviceId, interfaceId, request);
        const enabled = request.enabled ?? target.enabled;
        return identity.nodeId === target.nodeId
          ? this.change(target, identity, device, enabled)
          : this.replace(target, identity, device, enabled);
      },
    );
  }

  /**
   * Deletes an interface; a live session over it ends.
   * @throws PlatformError as {@link get}
   */
  async delete(tenantId: string, deviceId: string, interfaceId: string): Promise<void> {
    const { tenants, store, sessions } = this.parts;
    const inventory = tenants.of(tenantId);
    const get = () => this.get(tenantId, deviceId, interfaceId);
    await inventory.exclusively(
      () => [deviceKey(deviceId), keyOf(get())],
      async () => {
        const target = get();
        await store.commit([
          inventoryRepository.deleteInterface(target),
          updateInterfaceColumns(target.device, othersThan(target)),
        ]);
        inventory.removeInterface(target);
        sessions.forget(target);
        sessions.noteInterfaces(target.device);
        this.endSession(target, 'deleted');
        this.tellOf(target.device);
      },
    );
  }

  /**
   * Fills in fields of the definition that the platform has, and not a user.
   * @throws PlatformError `inventory.interfaceNotFound` when the interface is gone
   */
  async fillIn(target: DeviceInterface, fields: Readonly<Record<string, unknown>>): Promise<void> {
    const { connector, nodeId } = target;
    const inventory = this.parts.tenants.of(target.device.tenantId);
    await inventory.exclusively(
      () => [deviceKey(target.device.id), keyOf(target)],
      async () => {
        if (!inventory.holds(target)) throw notFound(`${connector}:${nodeId}`);
        const definition = { ...target.definition, ...fields };
        const identity = { kind: interfaceKindOf(connector), nodeId, definition };
        await this.change(target, identity, target.device, target.enabled);
      },
    );
  }

  private findNode(tenantId: string, connector: string, nodeId: string): DeviceInterface | undefined {
    const kind = requireKind(connector);
    const canonical = kind.canonicalNodeId?.(nodeId) ?? nodeId;
    return this.parts.tenants.find(tenantId)?.findInterface(kind.connector, canonical);
  }

  private requireRoom({ id, interfaces }: Device, field: string): void {
    const most = this.parts.limits.deviceMaxInterfaces;
    if (interfaces.size < most) return;
    throw invalidParameter(
      `${field}: ${id} has ${interfaces.size} interfaces, and may have ${most} (setting deviceMaxInterfaces)`,
    );
  }

  /** What the interface shall be, with everything checked that can be refused. */
  private planUpdate(
    tenantId: string,
    deviceId: string,
    interfaceId: string,
    request: UpdateInterfaceRequest,
  ): { target: DeviceInterface; identity: InterfaceIdentity; device: Device } {
    const { tenants } = this.parts;
    const target = this.get(tenantId, deviceId, interfaceId);
    const { connector, nodeId } = target;
    const device = tenants.getDevice(tenantId, request.deviceId ?? deviceId);
    if (device !== target.device) this.requireRoom(device, 'body.deviceId');
    if (!request.definition) {
      const { definition } = target;
      return { target, device, identity: { kind: interfaceKindOf(connector), nodeId, definition } };
    }
    const identity = this.planDefinition(target, request.definition);
    const holder = tenants.of(tenantId).findInterface(connector, identity.nodeId);
    if (holder && holder !== target) throw duplicate(identity);
    return { target, device, identity };
  }

  /** What the platform has filled in stays, unless the user gives it, which is refused or makes it his own. */
  private planDefinition(
    { connector, definition: before }: DeviceInterface,
    patch: Readonly<Record<string, unknown>>,
  ): InterfaceIdentity {
    const after = patchDefinition(before, patch);
    const own = interfaceKindOf(connector).filledIn?.(after) ?? [];
    const kept = own.filter((name) => name in after && !(name in patch));
    const given = Object.fromEntries(Object.entries(after).filter(([name]) => !kept.includes(name)));
    const identity = identifyInterface({ connector, definition: given }, 'body', this.parts.limits);
    const filledIn = Object.fromEntries(kept.map((name) => [name, after[name]]));
    return { ...identity, definition: { ...identity.definition, ...filledIn } };
  }

  private async change(
    target: DeviceInterface,
    { kind, definition }: InterfaceIdentity,
    device: Device,
    enabled: boolean,
  ): Promise<DeviceInterface> {
    const { store, clock, sessions, bus } = this.parts;
    const nowMs = clock.now();
    // Asked for again after the write: a session may begin or end meanwhile.
    const toggled = enabled === target.enabled ? undefined : () => toggledState(target, enabled, nowMs);
    const state = toggled?.() ?? { status: target.status, activity: target.activity };
    const others = device === target.device ? othersThan(target) : [...device.interfaces];
    await store.commit([
      inventoryRepository.updateInterface(target, {
        ...{ deviceId: device.id, enabled, definition, updatedMs: nowMs },
        ...state,
      }),
      updateInterfaceColumns(target.device, othersThan(target)),
      updateInterfaceColumns(device, [...others, { ...target, ...state, enabled }]),
    ]);
    const left = target.device;
    left.interfaces.delete(target);
    target.device = device;
    device.interfaces.add(target);
    target.enabled = enabled;
    target.definition = definition;
    target.updatedMs = nowMs;
    if (toggled) {
      Object.assign(target, toggled(), { capabilities: idleCapabilities(kind) });
      sessions.noteSession(target);
      bus.emit('interfaceStatus', statusEvent(target));
      if (!enabled) this.endSession(target, 'disabled');
    }
    for (const each of new Set([left, device])) {
      sessions.noteInterfaces(each);
      this.tellOf(each);
    }
    return target;
  }

  /** An interface of another node id is another interface, with the history of the one before. */
  private async replace(
    old: DeviceInterface,
    identity: InterfaceIdentity,
    device: Device,
    enabled: boolean,
  ): Promise<DeviceInterface> {
    const { store, clock, sessions, bus, tenants } = this.parts;
    const inventory = tenants.of(device.tenantId);
    const nowMs = clock.now();
    const successor = (): DeviceInterface => ({
      ...old,
      nodeId: identity.nodeId,
      device,
      enabled,
      definition: identity.definition,
      capabilities: idleCapabilities(identity.kind),
      status: enabled ? statusAfterSession(old) : identity.kind.disabledStatus,
      updatedMs: nowMs,
    });
    const others = device === old.device ? othersThan(old) : [...device.interfaces];
    await store.commit([
      inventoryRepository.deleteInterface(old),
      inventoryRepository.insertInterface(successor()),
      updateInterfaceColumns(old.device, othersThan(old)),
      updateInterfaceColumns(device, [...others, successor()]),
    ]);
    this.endSession(old, 'renamed');
    const made = successor();
    inventory.removeInterface(old);
    sessions.forget(old);
    inventory.addInterface(made);
    sessions.noteSession(made);
    bus.emit('interfaceStatus', statusEvent(made));
    for (const each of new Set([old.device, device])) {
      sessions.noteInterfaces(each);
      this.tellOf(each);
    }
    return made;
  }

  /** Who shows the device shows its interfaces. */
  private tellOf(device: Device): void {
    this.parts.bus.emit('deviceUpdated', { ...deviceEvent(device), previousId: device.id });
  }

  private endSession(of: DeviceInterface, reason: InterfaceUnusableReason): void {
    const { connector, nodeId, device } = of;
    this.parts.bus.emit('interfaceUnusable', {
      tenantId: device.tenantId,
      deviceId: device.id,
      connector,
      nodeId,
      reason,
    });
  }
}

const othersThan = (target: DeviceInterface): DeviceInterface[] =>
  [...target.device.interfaces].filter((each) => each !== target);

const keyOf = ({ connector, nodeId }: DeviceInterface): string => interfaceKey(connector, nodeId);

function toggledState(
  { connector, activity }: DeviceInterface,
  enabled: boolean,
  nowMs: number,
): Pick<DeviceInterface, 'status' | 'activity'> {
  const kind = interfaceKindOf(connector);
  return {
    status: enabled ? kind.enabledStatus(activity) : kind.disabledStatus,
    activity: { ...activity, ...kind.toggledActivity?.(enabled, isoTime(nowMs)) },
  };
}

function statusAfterSession({ connector, status, enabled, activity }: DeviceInterface) {
  const over = sessionStatuses.includes(status) || !enabled;
  return over ? interfaceKindOf(connector).enabledStatus(activity) : status;
}

function statusEvent({
  device,
  connector,
  nodeId,
  status,
}: DeviceInterface): PlatformEvents['interfaceStatus'] {
  return { tenantId: device.tenantId, deviceId: device.id, connector, nodeId, status };
}

function notFound(interfaceId: string): PlatformError {
  return new PlatformError('inventory.interfaceNotFound', 'There is no such interface.', {
    details: interfaceId,
  });
}

function duplicate({ kind, nodeId }: InterfaceIdentity): PlatformError {
  return new PlatformError(
    'inventory.interfaceDuplicate',
    'An interface of this connector and node exists already.',
    { details: `${kind.connector}:${nodeId}` },
  );
}
