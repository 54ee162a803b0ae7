import type { EventBus } from '../bus/event-bus.ts';
import { PlatformError } from '../contract/errors.ts';
import type { PlatformEvents } from '../contract/events.ts';
import type { CreateGroupRequest, UpdateGroupRequest } from '../contract/groups.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import type { Clock } from '../platform/clock.ts';
import type { RandomSource } from '../platform/random.ts';
import type { Store } from '../store/types.ts';
import { findGroup, type GroupQuery, isInSubtree, joinPath, listGroups } from './groups.ts';
import type { InventoryLimits } from './inventory-limits.ts';
import { inventoryRepository } from './inventory-repository.ts';
import { rootGroupId, type TenantInventory } from './tenant-inventory.ts';
import type { Tenants } from './tenants.ts';
import type { Group } from './types.ts';

const idLetters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/**
 * The tree of groups of each tenant (manual 8.1). Changes of a tenant's tree come one after the other, so what was
 * checked still holds when it is written.
 */
export class GroupManager {
  private readonly parts: {
    readonly store: Store;
    readonly clock: Clock;
    readonly random: RandomSource;
    readonly bus: EventBus<PlatformEvents>;
    readonly tenants: Tenants;
    readonly limits: Pick<InventoryLimits, 'groupMaxPathCharacters'>;
  };

  constructor(parts: GroupManager['parts']) {
    this.parts = parts;
  }

  /** Groups that fit, by path. */
  list(tenantId: string, query: GroupQuery): Group[] {
    return listGroups(this.parts.tenants.of(tenantId), query);
  }

  findByPath(tenantId: string, path: string): Group | undefined {
    return this.parts.tenants.of(tenantId).groupsByPath.get(path);
  }

  /** @throws PlatformError `inventory.groupNotFound` */
  get(tenantId: string, groupId: string): Group {
    return findGroup(this.parts.tenants.of(tenantId), { id: groupId });
  }

  /** @throws PlatformError `inventory.groupNotFound` for the parent, `inventory.groupDuplicate`, `api.invalidParameter` */
  create(tenantId: string, request: CreateGroupRequest): Promise<Group> {
    const inventory = this.parts.tenants.of(tenantId);
    return inventory.groupChanges.run(() => this.createNow(inventory, tenantId, request));
  }

  /**
   * Makes the groups of a path that are not there.
   * @returns how many were made
   * @throws PlatformError `api.invalidParameter` when the path is too long
   */
  ensure(tenantId: string, pathNodes: readonly string[]): Promise<number> {
    const inventory = this.parts.tenants.of(tenantId);
    return inventory.groupChanges.run(async () => {
      let group = inventory.root;
      let made = 0;
      for (const pathNode of pathNodes) {
        const there = inventory.groupsByPath.get(joinPath(group, pathNode));
        if (!there) made++;
        group = there ?? (await this.createNow(inventory, tenantId, { pathNode, parentId: group.id }));
      }
      return made;
    });
  }

  /**
   * Renames a group, moves it in the tree, or gives it another description; what is not named stays. The paths of
   * all groups below follow, and devices stay where they are (manual 8.1.3).
   * @throws PlatformError `inventory.groupNotFound` for the group or its new parent, `inventory.groupFixed` for the
   *   root group, `inventory.groupDuplicate`, `api.invalidParameter`
   */
  update(tenantId: string, groupId: string, request: UpdateGroupRequest): Promise<Group> {
    const inventory = this.parts.tenants.of(tenantId);
    return inventory.groupChanges.run(async () => {
      const group = findGroup(inventory, { id: groupId });
      if (group === inventory.root) throw rootIsFixed();
      const parent = parentOf(inventory, request.parentId ?? group.parentId);
      if (isInSubtree(parent.path, group.path)) {
        throw invalidParameter(`body.parentId: ${parent.path} is the group itself, or below it`);
      }
      const pathNode = request.pathNode ?? group.pathNode;
      const path = joinPath(parent, pathNode);
      const subtree = [...inventory.groups.values()].filter((each) => isInSubtree(each.path, group.path));
      if (path !== group.path) this.checkPath(inventory, path, group.path, subtree);
      const changed = {
        pathNode,
        parentId: parent.id,
        description: request.description ?? group.description,
        updatedMs: this.parts.clock.now(),
      };
      await this.parts.store.commit([
        inventoryRepository.updateGroup(group, changed),
        ...(path === group.path ? [] : [inventoryRepository.moveGroups(tenantId, group.path, path)]),
      ]);
      const moves = path !== group.path;
      inventory.moveGroups(subtree, group.path, path);
      Object.assign(group, changed);
      if (moves) this.parts.bus.emit('groupsMoved', { tenantId });
      return group;
    });
  }

  /**
   * Deletes a group that holds nothing.
   * @throws PlatformError `inventory.groupNotFound`, `inventory.groupUndeletable` while it has devices or groups, and
   *   for the root group
   */
  delete(tenantId: string, groupId: string): Promise<void> {
    const inventory = this.parts.tenants.of(tenantId);
    return inventory.groupChanges.run(async () => {
      const group = findGroup(inventory, { id: groupId });
      if (group === inventory.root) throw undeletable(group, 'it is the root group');
      const below = [...inventory.groups.values()].filter(({ parentId }) => parentId === group.id).length;
      if (below > 0) throw undeletable(group, `it has ${plural(below, 'group')}`);
      refuseWithDevices(inventory, group);
      // From here on nobody finds it to put a device into. Devices on their way into it were handed to the store
      // before the deletion, which therefore spares the row then, and they are in memory when it has ended.
      inventory.removeGroup(group);
      try {
        await this.parts.store.commit([inventoryRepository.deleteEmptyGroup(group)]);
        refuseWithDevices(inventory, group);
      } catch (error) {
        inventory.addGroup(group);
        throw error;
      }
    });
  }

  private async createNow(
    inventory: TenantInventory,
    tenantId: string,
    request: CreateGroupRequest,
  ): Promise<Group> {
    const parent = parentOf(inventory, request.parentId ?? rootGroupId);
    const path = joinPath(parent, request.pathNode);
    this.checkPath(inventory, path, path, []);
    const nowMs = this.parts.clock.now();
    const group: Group = {
      tenantId,
      id: this.freeId(inventory),
      parentId: parent.id,
      pathNode: request.pathNode,
      path,
      description: request.description ?? undefined,
      createdMs: nowMs,
      updatedMs: nowMs,
    };
    await this.parts.store.commit([inventoryRepository.insertGroup(group)]);
    inventory.addGroup(group);
    return group;
  }

  /** @param subtree groups that move from `before` to `path`, the first of them included */
  private checkPath(
    inventory: TenantInventory,
    path: string,
    before: string,
    subtree: readonly Group[],
  ): void {
    if (inventory.groupsByPath.has(path)) {
      throw new PlatformError('inventory.groupDuplicate', 'A group of this path exists already.', {
        details: path,
      });
    }
    const longest = Math.max(
      path.length,
      ...subtree.map((each) => path.length + each.path.length - before.length),
    );
    const most = this.parts.limits.groupMaxPathCharacters;
    if (longest <= most) return;
    const below = longest > path.length ? ', and those below it,' : '';
    throw invalidParameter(
      `body.pathNode: the path of the group${below} must have at most ${most} characters, got ${longest} (setting groupMaxPathCharacters)`,
    );
  }

  /** Six letters and digits (facts 5), not in use. */
  private freeId(inventory: TenantInventory): string {
    for (;;) {
      const bytes = this.parts.random.bytes(6);
      const id = [...bytes].map((byte) => idLetters.charAt(byte % idLetters.length)).join('');
      if (!inventory.groups.has(id)) return id;
    }
  }
}

function parentOf(inventory: TenantInventory, id: string | undefined): Group {
  const parent = inventory.groups.get(id ?? rootGroupId);
  if (parent) return parent;
  throw new PlatformError('inventory.groupNotFound', 'There is no such group.', {
    details: `parentId ${id}`,
  });
}

function refuseWithDevices(inventory: TenantInventory, group: Group): void {
  let count = 0;
  for (const device of inventory.devices.values()) if (device.group === group) count++;
  if (count > 0) throw undeletable(group, `it has ${plural(count, 'device')}`);
}

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

function undeletable({ path }: Group, why: string): PlatformError {
  return new PlatformError('inventory.groupUndeletable', 'The group cannot be deleted.', {
    details: `${path}: ${why}`,
  });
}

const rootIsFixed = (): PlatformError =>
  new PlatformError('inventory.groupFixed', 'The root group cannot be changed.');
