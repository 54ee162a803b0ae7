import { twinMetadataNames } from '../../../core/contract/twin.ts';
import type { BenchOperationJson } from '../../../core/contract/twin-bench.ts';

/**
 * Conditions of notifications by path, as in `pmin 20, gt 50`: what a device has last said of them (DISCOVER), and what it
 * has taken since (WRITE-METADATA).
 * @param operations the oldest first
 */
export function conditionsByPath(operations: readonly BenchOperationJson[]): ReadonlyMap<string, string> {
  const known = new Map<string, Map<string, string>>();
  for (const { status, type, links = [], values = [] } of operations) {
    if (status !== 'OK') continue;
    for (const { path, attributes } of links)
      known.set(path, new Map(Object.entries(attributes).map(textOf)));
    if (type !== 'WRITE-METADATA') continue;
    for (const { path, metadata = [] } of values) {
      const ofPath = known.get(path) ?? new Map<string, string>();
      for (const { name, value } of metadata) {
        if (value === undefined || value === null) ofPath.delete(name);
        else ofPath.set(name, String(value));
      }
      known.set(path, ofPath);
    }
  }
  const texts = [...known].map(([path, conditions]) => [path, wordsOf(conditions)] as const);
  return new Map(texts.filter(([, text]) => text !== ''));
}

const textOf = ([name, value]: readonly [string, unknown]) => [name, String(value)] as const;

const wordsOf = (conditions: ReadonlyMap<string, string>): string =>
  twinMetadataNames
    .filter((name) => conditions.has(name))
    .map((name) => `${name} ${conditions.get(name)}`)
    .join(', ');
