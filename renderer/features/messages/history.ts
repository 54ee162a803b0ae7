import { messageSequence } from '../../../core/contract/message-id.ts';
import type { Refusal } from '../../../core/contract/trace.ts';
import { liveLimits, type StreamEntry } from '../../live/live-store.ts';
import { type MessageRow, rowOfEntry, rowOfMessage, rowOfRefusal } from './message-row.ts';
import type { FoundMessages } from './messages-api.ts';

/** One look into the past: what is stored, and with the first look what was refused. */
export interface HistoryPage extends FoundMessages {
  /** Newest first. */
  readonly refusals: readonly Refusal[];
  /** The live message below which the first look began; undefined: at what was newest then. */
  readonly anchor: string | undefined;
  /** Live messages that had been left out when it began: those are in it, what is left out later is not. */
  readonly leftOutBefore: number;
}

/** What was before the live messages, with nothing left out between its rows. */
export interface History {
  /** Newest first. */
  readonly rows: readonly MessageRow[];
  /** What came up to this number is in the rows; what is newer comes live. */
  readonly upTo: number;
  readonly anchor: string | undefined;
  /** Time of the oldest message that was looked at; undefined without any. */
  readonly lookedBackTo: string | undefined;
  /** Whether there are older messages that were not looked at. */
  readonly more: boolean;
  readonly refused: ReadonlySet<string>;
  readonly leftOutBefore: number;
}

type Matches = (row: MessageRow) => boolean;

/** @param pages the newest first @param matches which rows are asked for */
export function historyOf(pages: readonly HistoryPage[], matches: Matches): History {
  const [first] = pages;
  const last = pages.at(-1);
  const stored = pages.flatMap(({ messages }) => messages.map(rowOfMessage).filter(matches));
  const more = last?.more ?? false;
  const lookedBackTo = last?.lookedBackTo?.created;
  // Before that, what was stored between two refusals is not known.
  const since = more ? lookedBackTo : undefined;
  const refused = (first?.refusals ?? [])
    .filter(({ time }) => since === undefined || time >= since)
    .map(rowOfRefusal)
    .filter(matches);
  return {
    rows: merge(stored, refused),
    upTo: messageSequence(first?.newestId ?? '') ?? -1,
    anchor: first?.anchor,
    ...{ lookedBackTo, more },
    refused: new Set(refused.map(({ key }) => key)),
    leftOutBefore: first?.leftOutBefore ?? 0,
  };
}

/** Two lists, newest first, as one by time; each keeps its own order. */
function merge(stored: readonly MessageRow[], refused: readonly MessageRow[]): MessageRow[] {
  if (refused.length === 0) return [...stored];
  const rows: MessageRow[] = [];
  let next = 0;
  for (const row of stored) {
    while (next < refused.length && (refused[next] as MessageRow).time > row.time) {
      rows.push(refused[next++] as MessageRow);
    }
    rows.push(row);
  }
  return [...rows, ...refused.slice(next)];
}

export interface Joined {
  readonly rows: readonly MessageRow[];
  /** False: messages are missing between the live rows and those of before, which are left out for that. */
  readonly whole: boolean;
}

/** Live rows above those of before, newest first. @param entries newest first */
export function joinRows(entries: readonly StreamEntry[], history: History, matches: Matches): Joined {
  const { upTo, anchor, refused } = history;
  const rows: MessageRow[] = [];
  // The live store keeps so many. While it has fewer, none was dropped.
  let whole = entries.length < liveLimits.entries;
  for (const entry of entries) {
    const row = rowOfEntry(entry);
    if (row.sequence !== undefined && row.sequence <= upTo) {
      whole = true;
      break;
    }
    if (row.key === anchor) whole = true;
    if (!refused.has(row.key) && matches(row)) rows.push(row);
  }
  if (whole) for (const row of history.rows) rows.push(row);
  return { rows, whole };
}
