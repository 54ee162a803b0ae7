import { liveLimits, type StreamEntry } from '../../live/live-store.ts';
import type { Matches } from './history.ts';
import { rowOfEntry } from './message-row.ts';
import { grownBy } from './row-joiner.ts';

type Entries = readonly StreamEntry[];

/** How many came since a list was frozen; more than that when the window could not keep them all. */
export interface Fresh {
  readonly count: number;
  readonly atLeast: boolean;
}

interface Counted extends Fresh {
  readonly live: Entries;
  readonly shown: Entries;
  readonly matches: Matches;
  /** Entries that came since. */
  readonly newer: number;
}

/** Counts what came since a list was frozen; each entry is looked at once, and once more when it is dropped. */
export class FreshCounter {
  private last: Counted | undefined;

  /** @param live newest first @param shown those that were there when the list was frozen */
  count(live: Entries, shown: Entries, matches: Matches): Fresh {
    if (live === shown) this.last = undefined;
    else this.last = this.countOn(live, shown, matches) ?? countAnew(live, shown, matches);
    const { count = 0, atLeast = false } = this.last ?? {};
    return { count, atLeast };
  }

  private countOn(live: Entries, shown: Entries, matches: Matches): Counted | undefined {
    const { last } = this;
    if (last?.shown !== shown || last.matches !== matches) return undefined;
    const added = grownBy(last.live, live);
    if (added === undefined) return undefined;
    const kept = Math.min(last.newer, live.length - added);
    const dropped = matching(last.live.slice(kept, last.newer), matches);
    return {
      ...{ live, shown, matches },
      newer: added + kept,
      count: last.count + matching(live.slice(0, added), matches) - dropped,
      atLeast: last.atLeast || kept < last.newer,
    };
  }
}

function countAnew(live: Entries, shown: Entries, matches: Matches): Counted {
  const newestShown = shown[0];
  const end = newestShown === undefined ? -1 : live.indexOf(newestShown);
  const newer = end < 0 ? live.length : end;
  const count = matching(live.slice(0, newer), matches);
  const atLeast = end < 0 && (newestShown !== undefined || live.length >= liveLimits.entries);
  return { ...{ live, shown, matches }, newer, count, atLeast };
}

const matching = (entries: Entries, matches: Matches): number =>
  entries.reduce((total, entry) => total + (matches(rowOfEntry(entry)) ? 1 : 0), 0);
