import type { GroupJson } from '../../../core/contract/groups.ts';

/** A line of the tree. */
export interface GroupLine {
  readonly group: GroupJson;
  /** The root group is at 1. */
  readonly level: number;
  /** Groups right below it. */
  readonly children: number;
  readonly open: boolean;
}

/** The lines of a tree of which the `closed` groups hide what is below them, siblings by their names. */
export function groupLines(groups: readonly GroupJson[], closed: ReadonlySet<string>): GroupLine[] {
  const below = new Map<string, GroupJson[]>();
  for (const group of groups) {
    if (group.parentId === undefined) continue;
    const siblings = below.get(group.parentId);
    if (siblings) siblings.push(group);
    else below.set(group.parentId, [group]);
  }
  for (const siblings of below.values()) siblings.sort(byName);
  const lines: GroupLine[] = [];
  const walk = (group: GroupJson, level: number): void => {
    const children = below.get(group.id) ?? [];
    const open = !closed.has(group.id);
    lines.push({ group, level, children: children.length, open });
    if (open) for (const child of children) walk(child, level + 1);
  };
  for (const group of groups) if (group.parentId === undefined) walk(group, 1);
  return lines;
}

const byName = (a: GroupJson, b: GroupJson): number =>
  (a.pathNode ?? '').localeCompare(b.pathNode ?? '', undefined, { numeric: true });
