import { liveLimits, type StreamEntry } from '../../live/live-store.ts';
import type { History, Matches } from './history.ts';
import { type MessageRow, rowOfEntry } from './message-row.ts';

type Entries = readonly StreamEntry[];

export interface Joined {
  readonly rows: readonly MessageRow[];
  /** False: messages are missing between the live rows and those of before, which are left out for that. */
  readonly whole: boolean;
}

/** What was found the last time. */
interface Sifted {
  readonly entries: Entries;
  readonly history: History;
  readonly matches: Matches;
  /** Of the entries that are asked for, newest first. */
  readonly rows: readonly MessageRow[];
  /** Entries that were looked at: the next one, if there is one, is in the history. */
  readonly end: number;
  /** Place of the live message below which the history begins; undefined: it is none of these. */
  readonly anchorAt: number | undefined;
}

/**
 * By how many entries at its top a list has grown, while it may have lost some at its end; undefined when it is another
 * list. Both newest first.
 */
export function grownBy(before: Entries, now: Entries): number | undefined {
  const [newest] = before;
  if (newest === undefined) return now.length;
  const added = now.indexOf(newest);
  const kept = now.length - added;
  const isSame = added >= 0 && kept <= before.length && now.at(-1) === before[kept - 1];
  return isSame ? added : undefined;
}

/**
 * Live rows above those of before, newest first. A list grows many times a second and is long: of one that has grown,
 * only what is new is looked at.
 */
export class RowJoiner {
  private last: Sifted | undefined;

  /** @param entries newest first */
  join(entries: Entries, history: History, matches: Matches): Joined {
    const sifted = this.sift(entries, history, matches);
    this.last = sifted;
    const { rows, end, anchorAt } = sifted;
    // The live store keeps so many. While it has fewer, none was dropped.
    const whole = entries.length < liveLimits.entries || end < entries.length || anchorAt !== undefined;
    return { rows: whole ? rows.concat(history.rows) : rows, whole };
  }

  private sift(entries: Entries, history: History, matches: Matches): Sifted {
    const { last } = this;
    const isOfLast = last?.history === history && last.matches === matches;
    const added = isOfLast ? grownBy(last.entries, entries) : undefined;
    if (last === undefined || added === undefined) return sift(entries, entries.length, history, matches);
    const fresh = sift(entries, added, history, matches);
    if (fresh.end < added) return fresh;
    const kept = Math.min(last.end, entries.length - added);
    const anchorAt = last.anchorAt !== undefined && last.anchorAt < kept ? added + last.anchorAt : undefined;
    return {
      ...fresh,
      rows: fresh.rows.concat(withoutEnd(last, kept)),
      end: added + kept,
      anchorAt: fresh.anchorAt ?? anchorAt,
    };
  }
}

/** @param upTo how many entries to look at */
function sift(entries: Entries, upTo: number, history: History, matches: Matches): Sifted {
  const rows: MessageRow[] = [];
  let anchorAt: number | undefined;
  let end = 0;
  for (; end < upTo; end++) {
    const row = rowOfEntry(entries[end] as StreamEntry);
    if (row.sequence !== undefined && row.sequence <= history.upTo) break;
    if (row.key === history.anchor) anchorAt = end;
    if (!history.refused.has(row.key) && matches(row)) rows.push(row);
  }
  return { entries, history, matches, rows, end, anchorAt };
}

/** The rows of the newest entries. @param kept how many entries those are */
function withoutEnd({ entries, rows, end }: Sifted, kept: number): readonly MessageRow[] {
  let length = rows.length;
  for (let place = end - 1; place >= kept; place--) {
    if (rows[length - 1] === rowOfEntry(entries[place] as StreamEntry)) length -= 1;
  }
  return length === rows.length ? rows : rows.slice(0, length);
}
