import { PlatformError } from '../contract/errors.ts';
import type { CreateGroupRequest } from '../contract/groups.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import type { Clock } from '../platform/clock.ts';
import type { RandomSource } from '../platform/random.ts';
import type { Store } from '../store/types.ts';
import { inventoryRepository } from './inventory-repository.ts';
import { groupPathKey, rootGroupId, type TenantInventory } from './tenant-inventory.ts';
import type { Group } from './types.ts';

/** Which groups of a tenant (manual 8.1.4). */
export interface GroupQuery {
  /** Only groups right below this one. */
  readonly parentId?: string | undefined;
  /** `/a` exactly; `/a/*` with all below; `/a/*` and a slash: those right below. */
  readonly groupPath?: string | undefined;
}

const longestPath = 1000;
const idLetters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** @throws PlatformError `inventory.groupNotFound` for the parent, `inventory.groupDuplicate` */
export async function createGroup(
  { store, clock, random }: { store: Store; clock: Clock; random: RandomSource },
  inventory: TenantInventory,
  tenantId: string,
  request: CreateGroupRequest,
): Promise<Group> {
  const parentId = request.parentId ?? rootGroupId;
  const parent = inventory.groups.get(parentId);
  if (!parent) {
    throw new PlatformError('inventory.groupNotFound', 'There is no such group.', {
      details: `parentId ${parentId}`,
    });
  }
  const path = parent === inventory.root ? `/${request.pathNode}` : `${parent.path}/${request.pathNode}`;
  if (path.length > longestPath) {
    throw invalidParameter(
      `body.pathNode: the path of the group must have at most ${longestPath} characters`,
    );
  }
  if (inventory.groupsByPath.has(path) || inventory.isReserved([groupPathKey(path)])) {
    throw new PlatformError('inventory.groupDuplicate', 'A group of this path exists already.', {
      details: path,
    });
  }
  const id = freeId(inventory, random);
  const nowMs = clock.now();
  const group: Group = {
    tenantId,
    id,
    parentId,
    pathNode: request.pathNode,
    path,
    description: request.description ?? undefined,
    createdMs: nowMs,
    updatedMs: nowMs,
  };
  await inventory.whileReserved([groupPathKey(path), groupIdKey(id)], async () => {
    await store.commit([inventoryRepository.insertGroup(group)]);
    inventory.addGroup(group);
  });
  return group;
}

/**
 * The group of this id, path or both; the root group when neither is given.
 * @throws PlatformError `inventory.groupNotFound`
 */
export function findGroup(
  inventory: TenantInventory,
  { id, path }: { id?: string | undefined; path?: string | undefined },
): Group {
  const byId = id === undefined ? undefined : inventory.groups.get(id);
  const byPath = path === undefined ? undefined : inventory.groupsByPath.get(path);
  const found = id === undefined && path === undefined ? inventory.root : (byId ?? byPath);
  const agree = (id === undefined || byId === found) && (path === undefined || byPath === found);
  if (found && agree) return found;
  throw new PlatformError('inventory.groupNotFound', 'There is no such group.', {
    details: [id, path].filter((part) => part !== undefined).join(' at '),
  });
}

/** Groups that fit, by path. */
export function listGroups(inventory: TenantInventory, { parentId, groupPath }: GroupQuery): Group[] {
  const fits = groupPath === undefined ? () => true : pathTest(groupPath, parentId !== undefined);
  return [...inventory.groups.values()]
    .filter((group) => (parentId === undefined || group.parentId === parentId) && fits(group.path))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * The table of samples of manual 8.1.4.1: all below a group includes the group itself, unless that is the root
 * group or a parent is asked for as well.
 */
function pathTest(groupPath: string, withParent: boolean): (path: string) => boolean {
  if (groupPath.endsWith('/*/')) {
    const prefix = groupPath.slice(0, -2);
    return (path) => path.startsWith(prefix) && path !== prefix && !path.slice(prefix.length).includes('/');
  }
  if (!groupPath.endsWith('/*')) return (path) => path === groupPath;
  const top = groupPath.slice(0, -2);
  return (path) => (path.startsWith(`${top}/`) && path !== '/') || (path === top && !withParent);
}

const groupIdKey = (id: string): string => `group-id ${id}`;

/** Six letters and digits (facts 5), not in use. */
function freeId(inventory: TenantInventory, random: RandomSource): string {
  for (;;) {
    const id = [...random.bytes(6)].map((byte) => idLetters.charAt(byte % idLetters.length)).join('');
    if (!inventory.groups.has(id) && !inventory.isReserved([groupIdKey(id)])) return id;
  }
}
