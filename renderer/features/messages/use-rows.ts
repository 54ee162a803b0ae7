import { useEffect, useMemo, useState } from 'react';
import type { StreamEntry } from '../../live/live-store.ts';
import { FreshCounter } from './fresh-count.ts';
import type { History, Matches } from './history.ts';
import { RowJoiner } from './row-joiner.ts';

type Entries = readonly StreamEntry[];
interface Live {
  /** Newest first. */
  readonly entries: Entries;
  /** Messages that came and were left out. */
  readonly skipped: number;
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
  const { joiner, counter } = useMemo(() => ({ joiner: new RowJoiner(), counter: new FreshCounter() }), []);
  const joined = useMemo(() => joiner.join(entries, history, matches), [joiner, entries, history, matches]);
  const fresh = useMemo(
    () => counter.count(live.entries, entries, matches),
    [counter, live.entries, entries, matches],
  );
  return { ...joined, entries, fresh, leftOut: Math.max(0, skipped - history.leftOutBefore) };
}
