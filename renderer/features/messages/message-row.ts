import type { TraceView } from '../../../core/contract/trace.ts';
import { type DataMessage, isSimulated } from '../../api/data-message.ts';
import { measured } from '../../format/numbers.ts';
import type { StreamEntry } from '../../live/live-store.ts';

/** One line of a list of messages: stored ones, and publications that were refused. */
export interface MessageRow {
  /** Id of the message, or of the trace of what was refused. It finds the trace in both cases. */
  readonly key: string;
  readonly refused: boolean;
  readonly time: string;
  readonly connector: string;
  /** Id of the device, when it is known. */
  readonly device: string | undefined;
  /** Who spoke on the wire, of what was refused. */
  readonly sender: string;
  readonly stream: string | undefined;
  readonly model: string | undefined;
  readonly tags: readonly string[];
  readonly simulated: boolean;
  /** The value in short, or the reason of a refusal. */
  readonly summary: string;
  readonly message: DataMessage | undefined;
}

const noTags: readonly string[] = [];

export function rowOfMessage(message: DataMessage): MessageRow {
  const { metadata, tags = noTags } = message;
  return {
    key: message.id,
    refused: false,
    time: message.created,
    connector: metadata?.connector ?? '',
    device: metadata?.source,
    sender: metadata?.source ?? '',
    stream: message.streamId,
    model: message.model,
    tags,
    simulated: isSimulated(message.extra),
    summary: summaryOf(message.value),
    message,
  };
}

/** A row of the time before this window was open. */
export function rowOfTrace(trace: TraceView): MessageRow {
  const refused = trace.messageId === null;
  const reason = trace.steps.findLast(({ outcome }) => outcome !== 'ok')?.reason;
  return {
    key: trace.traceId,
    refused,
    time: trace.received,
    connector: trace.connector,
    device: deviceOfSender(trace.sender),
    sender: trace.sender,
    stream: trace.streamId ?? undefined,
    model: undefined,
    tags: noTags,
    simulated: false,
    summary: refused ? (reason ?? trace.payload.text) : trace.payload.text,
    message: undefined,
  };
}

const rows = new WeakMap<StreamEntry, MessageRow>();

/** Made once for an entry, so that a list that grows at its top keeps its other rows. */
export function rowOfEntry(entry: StreamEntry): MessageRow {
  const known = rows.get(entry);
  if (known) return known;
  const row = entry.kind === 'message' ? rowOfMessage(entry.message) : rowOfRefusal(entry);
  rows.set(entry, row);
  return row;
}

function rowOfRefusal({ refusal }: Extract<StreamEntry, { kind: 'refusal' }>): MessageRow {
  const { traceId, time, connector, sender, reason } = refusal;
  return {
    key: traceId,
    refused: true,
    time,
    connector,
    device: deviceOfSender(sender),
    sender,
    stream: undefined,
    model: undefined,
    tags: noTags,
    simulated: false,
    summary: reason,
    message: undefined,
  };
}

const deviceOfSender = (sender: string): string | undefined =>
  sender.startsWith('urn:lo:nsid:') ? sender : undefined;

const longestSummary = 300;

/** `temp 21.5 · door open`: the fields of a value in one line. */
export function summaryOf(value: Readonly<Record<string, unknown>> | undefined): string {
  if (value === undefined) return '';
  let text = '';
  for (const [name, field] of Object.entries(value)) {
    if (text.length > longestSummary) return `${text.slice(0, longestSummary)}…`;
    text += `${text === '' ? '' : ' · '}${name} ${brief(field)}`;
  }
  return text;
}

function brief(field: unknown): string {
  if (typeof field === 'number') return measured(field);
  if (typeof field === 'string') return field;
  return JSON.stringify(field);
}
