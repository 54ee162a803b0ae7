import { messageSequence } from '../../../core/contract/message-id.ts';
import type { Refusal, TraceView } from '../../../core/contract/trace.ts';
import { type DataMessage, isSimulated } from '../../api/data-message.ts';
import { measured } from '../../format/numbers.ts';
import type { StreamEntry } from '../../live/live-store.ts';

/** One line of a list of messages: stored ones, and publications that were refused. */
export interface MessageRow {
  /** Id of the message, or of the trace of what was refused. It finds the trace in both cases. */
  readonly key: string;
  /** Place in the order of arrival; undefined for what was refused. */
  readonly sequence: number | undefined;
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

function makeMessageRow(message: DataMessage): MessageRow {
  const { metadata, tags = noTags } = message;
  return {
    key: message.id,
    sequence: messageSequence(message.id),
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

/** A row of what only its trace tells of: it was refused, or is no longer stored. */
export function rowOfTrace(trace: TraceView): MessageRow {
  const { traceId, received, connector, sender, deviceId, simulated, target, payload } = trace;
  const reason = trace.steps.findLast(({ outcome }) => outcome !== 'ok')?.reason ?? payload.text;
  const row = rowOfRefusal({
    ...{ traceId, time: received, connector, sender, simulated, target, reason },
    ...(deviceId !== null && { deviceId }),
  });
  if (trace.messageId === null) return row;
  return { ...row, refused: false, stream: trace.streamId ?? undefined, summary: payload.text };
}

const rows = new WeakMap<object, MessageRow>();

/** Made once for a message or refusal, so that a list that grows keeps its other rows. */
function rowOnce<Told extends object>(told: Told, make: (told: Told) => MessageRow): MessageRow {
  const known = rows.get(told);
  if (known) return known;
  const row = make(told);
  rows.set(told, row);
  return row;
}

export const rowOfEntry = (entry: StreamEntry): MessageRow =>
  entry.kind === 'message' ? rowOfMessage(entry.message) : rowOfRefusal(entry.refusal);

export const rowOfMessage = (message: DataMessage): MessageRow => rowOnce(message, makeMessageRow);
export const rowOfRefusal = (refusal: Refusal): MessageRow => rowOnce(refusal, makeRefusalRow);

function makeRefusalRow({
  traceId,
  time,
  connector,
  sender,
  deviceId,
  simulated,
  reason,
}: Refusal): MessageRow {
  return {
    key: traceId,
    sequence: undefined,
    refused: true,
    time,
    connector,
    device: deviceId,
    sender,
    stream: undefined,
    model: undefined,
    tags: noTags,
    simulated,
    summary: reason,
    message: undefined,
  };
}

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
