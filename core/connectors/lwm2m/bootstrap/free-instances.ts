import { BootstrapFailure } from './bootstrap-failure.ts';

/**
 * An instance for each that wants one: the one it names, or the lowest that nobody has.
 * @param taken instances that must stay as they are
 * @throws BootstrapFailure when one of these is named
 */
export function freeInstances(
  wanted: readonly (number | undefined)[],
  taken: readonly number[],
): readonly number[] {
  const clash = wanted.find((id) => id !== undefined && taken.includes(id));
  if (clash !== undefined) {
    throw new BootstrapFailure(
      `the client keeps its bootstrap server in /0/${clash}, and the configuration wants to write there (settings.objectInstanceId)`,
    );
  }
  const used = new Set([...taken, ...wanted]);
  let next = 0;
  return wanted.map((id) => {
    if (id !== undefined) return id;
    while (used.has(next)) next++;
    return next++;
  });
}
