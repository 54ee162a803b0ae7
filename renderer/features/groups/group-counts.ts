import type { ExplorerStatsResult } from '../../../core/contract/explorer.ts';
import type { GroupJson } from '../../../core/contract/groups.ts';

export interface GroupCount {
  readonly own: number;
  /** With all groups below. */
  readonly all: number;
}

/** Devices by the id of the group. */
export interface GroupCounts {
  readonly byId: ReadonlyMap<string, GroupCount>;
  /** False when there are more groups than one answer counts: the figures are the least there can be. */
  readonly exact: boolean;
}

/** True for the path itself and for all below it. */
export const isWithin = (path: string, above: string): boolean =>
  above === '/' || path === above || path.startsWith(`${above}/`);

/** What the platform counted by path, for each group with all below it. */
export function groupCounts(
  groups: readonly GroupJson[],
  { devices, fieldAggregation = [] }: ExplorerStatsResult,
): GroupCounts {
  const own = new Map(fieldAggregation.map(({ value, count }) => [String(value), count]));
  const all = new Map<string, number>();
  let counted = 0;
  for (const [path, count] of own) {
    counted += count;
    let at = path;
    while (at !== '') {
      all.set(at, (all.get(at) ?? 0) + count);
      at = at === '/' ? '' : at.slice(0, at.lastIndexOf('/')) || '/';
    }
  }
  return {
    byId: new Map(groups.map(({ id, path }) => [id, { own: own.get(path) ?? 0, all: all.get(path) ?? 0 }])),
    exact: counted === devices,
  };
}
