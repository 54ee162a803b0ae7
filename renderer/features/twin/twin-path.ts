/** The ids of a path: `/3/0/1` is 3, 0 and 1; `/` has none. */
export const idsOf = (path: string): number[] =>
  path
    .split('/')
    .filter((id) => id !== '')
    .map(Number);

/** True for the same path, and for one below it. */
export const isAtOrBelow = (path: string, above: string): boolean =>
  above === '/' || path === above || path.startsWith(`${above}/`);

/** By their numbers, one level after the other. */
export function comparePaths(one: string, other: string): number {
  const [left, right] = [idsOf(one), idsOf(other)];
  const at = left.findIndex((id, index) => id !== right[index]);
  return at < 0 ? left.length - right.length : (left[at] ?? 0) - (right[at] ?? -1);
}

/** The part of it that names an object: `/3` of `/3/0/1`. */
export const objectPath = (path: string): string => `/${idsOf(path)[0] ?? ''}`;
