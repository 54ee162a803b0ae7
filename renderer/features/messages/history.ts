import { messageSequence } from '../../../core/contract/message-id.ts';
import type { Refusal } from '../../../core/contract/trace.ts';
import { type MessageRow, rowOfMessage, rowOfRefusal } from './message-row.ts';
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

export type Matches = (row: MessageRow) => boolean;

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
