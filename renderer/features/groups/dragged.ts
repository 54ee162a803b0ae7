import type { GroupJson } from '../../../core/contract/groups.ts';
import { isWithin } from './group-counts.ts';

/** What is on its way into another group. */
export type Dragged =
  | { readonly kind: 'group'; readonly group: GroupJson }
  | { readonly kind: 'devices'; readonly ids: readonly string[] };

/** More devices than these follow only after a question. */
export const mostUnasked = 10;

/** True when the target takes it: not a group into itself or below, nor where it is. */
export function canDrop(dragged: Dragged | undefined, target: GroupJson): boolean {
  if (!dragged) return false;
  if (dragged.kind === 'devices') return true;
  const { group } = dragged;
  return !isWithin(target.path, group.path) && target.id !== group.parentId;
}

/** The path that a group has under another parent. */
export const pathUnder = (parent: GroupJson, pathNode: string): string =>
  parent.path === '/' ? `/${pathNode}` : `${parent.path}/${pathNode}`;
