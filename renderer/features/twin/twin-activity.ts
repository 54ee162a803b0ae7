import type { TwinOperationStatus } from '../../../core/contract/twin.ts';
import type { BenchObservationJson, BenchOperationJson } from '../../../core/contract/twin-bench.ts';
import { idsOf, isAtOrBelow } from './twin-path.ts';

const open: readonly TwinOperationStatus[] = ['PENDING', 'SENT', 'RETRYING'];
export const isOpen = ({ status }: Pick<BenchOperationJson, 'status'>): boolean => open.includes(status);

/** What an operation is about, in short: its paths, else those of its values. */
export const targetsOf = ({ paths = [], values = [] }: BenchOperationJson): readonly string[] =>
  paths.length > 0 ? paths : values.map(({ path }) => path);

/** The paths on whose rows an operation stands: what it writes, else what it is about. */
export function rowsOf({ paths = [], values }: BenchOperationJson): readonly string[] {
  return values && values.length > 0 ? [...values.map(({ path }) => path), ...paths] : paths;
}

/**
 * What to show on rows, by path: the newest operation of each, while it goes on, or when it failed since a moment.
 * @param operations the oldest first
 */
export function operationsByRow(
  operations: readonly BenchOperationJson[],
  sinceMs: number,
): ReadonlyMap<string, BenchOperationJson> {
  const newest = new Map<string, BenchOperationJson>();
  for (const operation of operations) for (const path of rowsOf(operation)) newest.set(path, operation);
  for (const [path, operation] of newest) {
    const failed = operation.status === 'FAILED' || operation.status === 'EXPIRED';
    const shown = isOpen(operation) || (failed && Date.parse(operation.updated) >= sinceMs);
    if (!shown) newest.delete(path);
  }
  return newest;
}

/** How a path is observed: by itself, with others in one, or with what is above it. */
export interface ObservedBy {
  readonly observation: BenchObservationJson;
  readonly exactly: boolean;
}

export function observedBy(
  observations: readonly BenchObservationJson[],
  path: string,
): ObservedBy | undefined {
  const exact = observations.find(({ paths }) => paths.includes(path));
  if (exact) return { observation: exact, exactly: true };
  const above = observations
    .filter(({ paths }) => paths.some((each) => isAtOrBelow(path, each)))
    .sort((one, other) => depth(other, path) - depth(one, path))[0];
  return above && { observation: above, exactly: false };
}

const depth = ({ paths }: BenchObservationJson, path: string): number =>
  Math.max(...paths.filter((each) => isAtOrBelow(path, each)).map((each) => idsOf(each).length));

/** A list with one that is new or has changed; the one that has gone further stays. @param newer it can also be older */
export function withOperation(
  operations: readonly BenchOperationJson[],
  told: BenchOperationJson,
): BenchOperationJson[] {
  const known = operations.findIndex(({ id }) => id === told.id);
  if (known < 0) return [...operations, told];
  return operations.map((each, index) => (index === known && each.updated <= told.updated ? told : each));
}

export function withObservation(
  observations: readonly BenchObservationJson[],
  told: BenchObservationJson,
): BenchObservationJson[] {
  const known = observations.some(({ id }) => id === told.id);
  return known ? observations.map((each) => (each.id === told.id ? told : each)) : [...observations, told];
}
