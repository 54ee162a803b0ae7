import type { ConnectorName } from '../contract/connectors.ts';
import { Serial } from '../platform/serial.ts';
import type { Device, DeviceInterface, Group } from './types.ts';

/** Id of the group that every tenant has and every other group descends from (facts 5). */
export const rootGroupId = 'root';

/** Devices, interfaces and groups of one tenant in memory, found in one step. */
export class TenantInventory {
  readonly root: Group;
  readonly devices = new Map<string, Device>();
  readonly groups = new Map<string, Group>();
  readonly groupsByPath = new Map<string, Group>();
  /** Changes of the tree of groups, one after the other. */
  readonly groupChanges = new Serial();
  private readonly interfaces = new Map<string, DeviceInterface>();
  /** Ids that a commit under way makes or takes away; each resolves when that commit has ended, either way. */
  private readonly reserved = new Map<string, Promise<void>>();

  /** @param createdMs when the tenant was made: its root group is as old, and needs no row of its own. */
  constructor(tenantId: string, createdMs: number) {
    this.root = {
      tenantId,
      id: rootGroupId,
      parentId: undefined,
      pathNode: '',
      path: '/',
      description: undefined,
      createdMs,
      updatedMs: createdMs,
    };
    this.addGroup(this.root);
  }

  addGroup(group: Group): void {
    this.groups.set(group.id, group);
    this.groupsByPath.set(group.path, group);
  }

  removeGroup(group: Group): void {
    this.groups.delete(group.id);
    this.groupsByPath.delete(group.path);
  }

  /** Gives the groups, which all are at or below a path, the same places at or below another. */
  moveGroups(subtree: readonly Group[], from: string, to: string): void {
    for (const group of subtree) this.groupsByPath.delete(group.path);
    for (const group of subtree) {
      group.path = to + group.path.slice(from.length);
      this.groupsByPath.set(group.path, group);
    }
  }

  addDevice(device: Device): void {
    this.devices.set(device.id, device);
    for (const each of device.interfaces)
      this.interfaces.set(interfaceKey(each.connector, each.nodeId), each);
  }

  addInterface(added: DeviceInterface): void {
    added.device.interfaces.add(added);
    this.interfaces.set(interfaceKey(added.connector, added.nodeId), added);
  }

  removeDevice(device: Device): void {
    this.devices.delete(device.id);
    for (const each of device.interfaces) this.interfaces.delete(interfaceKey(each.connector, each.nodeId));
  }

  removeInterface(gone: DeviceInterface): void {
    gone.device.interfaces.delete(gone);
    this.interfaces.delete(interfaceKey(gone.connector, gone.nodeId));
  }

  interfacesOf(connector: ConnectorName): DeviceInterface[] {
    return [...this.interfaces.values()].filter((each) => each.connector === connector);
  }

  findInterface(connector: ConnectorName, nodeId: string): DeviceInterface | undefined {
    return this.interfaces.get(interfaceKey(connector, nodeId));
  }

  /** True while the object is the one in use: not deleted, and not replaced by another of the same id. */
  holds(candidate: DeviceInterface): boolean {
    return this.findInterface(candidate.connector, candidate.nodeId) === candidate;
  }

  /** The end of the commit that has one of these keys now; undefined when all are free. */
  reservation(keys: readonly string[]): Promise<void> | undefined {
    const busy = keys.find((key) => this.reserved.has(key));
    return busy === undefined ? undefined : this.reserved.get(busy);
  }

  isReserved(keys: readonly string[]): boolean {
    return keys.some((key) => this.reserved.has(key));
  }

  /**
   * Waits until all keys are free, then holds them while `work` runs.
   * @param keys asked again after each wait, since who held them may have changed what they depend on. What it
   *   throws ends the wait.
   */
  async exclusively<Result>(keys: () => readonly string[], work: () => Promise<Result>): Promise<Result> {
    // Nothing else may run between the last look and the reservation.
    for (let busy = this.reservation(keys()); busy !== undefined; busy = this.reservation(keys())) await busy;
    return this.whileReserved(keys(), work);
  }

  /** Holds the keys, which must be free, while `work` runs. */
  async whileReserved<Result>(keys: readonly string[], work: () => Promise<Result>): Promise<Result> {
    let free = (): void => {};
    const freed = new Promise<void>((resolve) => {
      free = resolve;
    });
    for (const key of keys) this.reserved.set(key, freed);
    try {
      return await work();
    } finally {
      for (const key of keys) this.reserved.delete(key);
      free();
    }
  }
}

export const deviceKey = (id: string): string => `device ${id}`;
export const interfaceKey = (connector: string, nodeId: string): string => `${connector} ${nodeId}`;
