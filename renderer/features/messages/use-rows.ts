import { useEffect, useMemo, useState } from 'react';
import type { StreamEntry } from '../../live/live-store.ts';
import { type MessageFilters, matches } from './message-filter.ts';
import { type MessageRow, rowOfEntry } from './message-row.ts';

type Entries = readonly StreamEntry[];

/**
 * The rows of a stream: live ones above those of before, newest first. While `frozen`, the rows stay as they
 * are, and those that would have come are counted.
 */
export function useRows(
  live: Entries,
  before: readonly MessageRow[],
  filters: MessageFilters,
  frozen: boolean,
): { rows: readonly MessageRow[]; fresh: number } {
  const [held, setHeld] = useState<Entries>();
  // Held at the moment of freezing; without this the first render after it would still move.
  if (frozen && held === undefined) setHeld(live);
  useEffect(() => {
    if (!frozen) setHeld(undefined);
  }, [frozen]);
  const entries = frozen ? (held ?? live) : live;
  const rows = useMemo(() => {
    const fromLive = entries.map(rowOfEntry);
    const known = new Set(fromLive.map(({ key }) => key));
    // What lies between live rows and is none of them was left out, and is told as such.
    const oldest = fromLive.at(-1)?.time;
    const older = before.filter(
      ({ key, time }) => !known.has(key) && (oldest === undefined || time <= oldest),
    );
    return [...fromLive, ...older].filter((row) => matches(row, filters));
  }, [entries, before, filters]);
  const fresh = useMemo(() => countFresh(live, entries, filters), [live, entries, filters]);
  return { rows, fresh };
}

/** Entries of `live` that came after those of `shown` and match. Both newest first. */
export function countFresh(live: Entries, shown: Entries, filters: MessageFilters): number {
  if (live === shown) return 0;
  const newestShown = shown[0];
  const end = newestShown === undefined ? live.length : live.indexOf(newestShown);
  return live.slice(0, end < 0 ? live.length : end).filter((entry) => matches(rowOfEntry(entry), filters))
    .length;
}
