import { PlatformError } from '../contract/errors.ts';
import type { TenantInventory } from './tenant-inventory.ts';
import type { Group } from './types.ts';

/** Which groups of a tenant (manual 8.1.4). */
export interface GroupQuery {
  /** Only groups right below this one. */
  readonly parentId?: string | undefined;
  /** `/a` exactly; `/a/*` with all below; `/a/*` and a slash: those right below. */
  readonly groupPath?: string | undefined;
}

/** The path of a group of this name in a parent. */
export function joinPath(parent: Group, pathNode: string): string {
  return parent.parentId === undefined ? `/${pathNode}` : `${parent.path}/${pathNode}`;
}

/** True for the path itself, and for all below it. */
export function isInSubtree(path: string, top: string): boolean {
  return path === top || path.startsWith(`${top}/`);
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
function pathTest(given: string, withParent: boolean): (path: string) => boolean {
  const groupPath = given.startsWith('/') ? given : `/${given}`;
  if (groupPath.endsWith('/*/')) {
    const prefix = groupPath.slice(0, -2);
    return (path) => path.startsWith(prefix) && path !== prefix && !path.slice(prefix.length).includes('/');
  }
  if (!groupPath.endsWith('/*')) return (path) => path === groupPath;
  const top = groupPath.slice(0, -2);
  return (path) => (path.startsWith(`${top}/`) && path !== '/') || (path === top && !withParent);
}
