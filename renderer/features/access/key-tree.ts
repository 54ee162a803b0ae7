import type { ApiKeyJson } from '../../../core/contract/api-keys.ts';

export type KeyCondition =
  | 'active'
  | 'inactive'
  | 'expired'
  | 'notYet'
  /** A key above it is switched off, and that counts for it too. */
  | 'offAbove';

/** A key where it stands: how deep below the master key, and what it amounts to there. */
export interface PlacedKey {
  readonly key: ApiKeyJson;
  readonly depth: number;
  readonly condition: KeyCondition;
}

/** Keys with those below each right after it, oldest first. */
export function placeKeys(keys: readonly ApiKeyJson[], nowMs: number): PlacedKey[] {
  const ids = new Set(keys.map(({ id }) => id));
  const below = new Map<string, ApiKeyJson[]>();
  for (const key of keys) {
    const above = key.parentId !== undefined && ids.has(key.parentId) ? key.parentId : '';
    const siblings = below.get(above);
    if (siblings) siblings.push(key);
    else below.set(above, [key]);
  }
  const placed: PlacedKey[] = [];
  const place = (parentId: string, depth: number, offAbove: boolean): void => {
    for (const key of below.get(parentId) ?? []) {
      const condition = conditionOf(key, offAbove, nowMs);
      placed.push({ key, depth, condition });
      place(key.id, depth + 1, offAbove || !key.active);
    }
  };
  place('', 0, false);
  return placed;
}

function conditionOf(key: ApiKeyJson, offAbove: boolean, nowMs: number): KeyCondition {
  if (key.expired) return 'expired';
  if (!key.active) return 'inactive';
  if (offAbove) return 'offAbove';
  return key.from !== undefined && key.from > nowMs ? 'notYet' : 'active';
}

/** All keys below one, which end with it. */
export function keysBelow(keys: readonly ApiKeyJson[], id: string): ApiKeyJson[] {
  const children = keys.filter(({ parentId }) => parentId === id);
  return children.flatMap((child) => [child, ...keysBelow(keys, child.id)]);
}
