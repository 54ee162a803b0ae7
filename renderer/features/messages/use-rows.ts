import { useEffect, useMemo, useState } from 'react';
import type { StreamEntry } from '../../live/live-store.ts';
import { type History, joinRows } from './history.ts';
import { type MessageRow, rowOfEntry } from './message-row.ts';

type Entries = readonly StreamEntry[];
interface Live {
  /** Newest first. */
  readonly entries: Entries;
  /** Messages that came and were left out. */
  readonly skipped: number;
}
type Matches = (row: MessageRow) => boolean;

/** How many came since a list was frozen; more than that when the window could not keep them all. */
export interface Fresh {
  readonly count: number;
  readonly atLeast: boolean;
}

/**
 * The rows of a stream: live ones above those of before, newest first. While `frozen`, the live rows stay as they
 * are, and those that would have come are counted.
 * @returns `leftOut`: messages that came since the look into the past, and are not among the rows
 */
export function useRows(live: Live, history: History, matches: Matches, frozen: boolean) {
  const [held, setHeld] = useState<Live>();
  // Held at the moment of freezing; without this the first render after it would still move.
  if (frozen && held === undefined) setHeld(live);
  useEffect(() => {
    if (!frozen) setHeld(undefined);
  }, [frozen]);
  const { entries, skipped } = frozen ? (held ?? live) : live;
  const joined = useMemo(() => joinRows(entries, history, matches), [entries, history, matches]);
  const fresh = useMemo(() => countFresh(live.entries, entries, matches), [live.entries, entries, matches]);
  return { ...joined, entries, fresh, leftOut: Math.max(0, skipped - history.leftOutBefore) };
}

/** Entries of `live` that came after those of `shown` and match. Both newest first. */
export function countFresh(live: Entries, shown: Entries, matches: Matches): Fresh {
  if (live === shown) return { count: 0, atLeast: false };
  const newestShown = shown[0];
  const end = newestShown === undefined ? live.length : live.indexOf(newestShown);
  const newer = end < 0 ? live : live.slice(0, end);
  return { count: newer.filter((entry) => matches(rowOfEntry(entry))).length, atLeast: end < 0 };
}
