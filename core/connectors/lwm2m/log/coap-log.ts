import type { DtlsEvent } from '../../../protocols/dtls/log.ts';
import type { DtlsSession } from '../../../protocols/dtls/session.ts';
import { OwnedLog } from '../../owned-log.ts';

export interface CoapLogSettings {
  /** CoAP messages and DTLS events that are kept of one interface, the newest. */
  readonly coapLogMaxMessages: number;
  /** Bytes of all that is kept of all interfaces, the newest. */
  readonly coapLogMaxBytes: number;
}

/** Whose messages they are: an LwM2M interface, or the bootstrap entry that is to become one. */
export interface LogOwner {
  readonly tenantId: string;
  /** Its endpoint name. */
  readonly nodeId: string;
}

/** What goes over one DTLS connection, from its handshake on, or between an address and the port without DTLS. */
export interface LoggedConversation {
  /** Of which server of the platform the device is a client; `content` has no DTLS. */
  readonly server: 'lwm2m' | 'bootstrap' | 'content';
  /** Where the device is now. */
  readonly peer: string;
  readonly owner: LogOwner | undefined;
  readonly pskIdentity: string | undefined;
  /** What the handshake agreed on; undefined before its end, and without one. */
  readonly session: DtlsSession | undefined;
}

/** A CoAP message as it was on the wire. */
export interface CoapEvent {
  readonly kind: 'coap';
  readonly direction: 'in' | 'out';
  readonly datagram: Uint8Array;
  readonly note: 'duplicate' | 'retransmission' | undefined;
  /** Why it is no message; undefined when it is one. */
  readonly malformed: string | undefined;
  /** Method and path of the request that a response answers: `GET /3/0`. */
  readonly request: string | undefined;
  /** Secrets in it were made zeros before it was kept. */
  readonly masked: boolean;
}

export type LogEvent = CoapEvent | DtlsEvent;

/** What one entry costs beside its bytes, about. */
const entryBytes = 300;

export class LogEntry {
  readonly seq: number;
  readonly timeMs: number;
  /** Where the peer was then. */
  readonly peer: string;
  readonly conversation: LoggedConversation;
  readonly event: LogEvent;
  readonly bytes: number;
  owner: LogOwner | undefined;
  /** Of the data message that came of it, or of its refusal. */
  traceId: string | undefined;

  constructor(seq: number, timeMs: number, conversation: LoggedConversation, event: LogEvent) {
    this.seq = seq;
    this.timeMs = timeMs;
    this.conversation = conversation;
    this.peer = conversation.peer;
    this.event = event;
    this.bytes = entryBytes + sizeOf(event);
    this.owner = conversation.owner;
  }
}

/**
 * The last CoAP messages and DTLS events of each interface, in memory. They are kept as bytes, and read when somebody
 * looks.
 */
export class CoapLog {
  /** Told of each entry, and once more when it has got its owner or its trace. */
  onEntry: (entry: LogEntry) => void = () => {};
  /** By interface; under '' those of nobody who is known. */
  private readonly log: OwnedLog<LogEntry>;
  private nextSeq = 1;

  constructor({ coapLogMaxMessages: entries, coapLogMaxBytes: bytes }: CoapLogSettings) {
    this.log = new OwnedLog({ entries, bytes });
  }

  /** Bytes of all that is kept. */
  get bytes(): number {
    return this.log.bytes;
  }

  add(timeMs: number, conversation: LoggedConversation, event: LogEvent): LogEntry {
    const entry = new LogEntry(this.nextSeq++, timeMs, conversation, event);
    this.log.add(keyOf(entry.owner), entry);
    this.onEntry(entry);
    return entry;
  }

  /** What was said in a conversation while nobody knew whose it is belongs to this owner. */
  claim(conversation: LoggedConversation, owner: LogOwner): void {
    const isOfIt = (entry: LogEntry): boolean => entry.conversation === conversation;
    for (const entry of this.log.move(keyOf(undefined), keyOf(owner), isOfIt)) {
      entry.owner = owner;
      this.onEntry(entry);
    }
  }

  /** The entry has led to a data message, or to the refusal of one. */
  join(entry: LogEntry, traceId: string): void {
    entry.traceId = traceId;
    this.onEntry(entry);
  }

  /**
   * Newest first.
   * @param owner undefined: those whose owner is not known
   * @param before only what is older than the entry of this number
   */
  latest(owner: LogOwner | undefined, limit: number, before?: number): LogEntry[] {
    return this.log.latest(keyOf(owner), limit, before);
  }

  clear(): void {
    this.log.clear();
  }
}

const keyOf = (owner: LogOwner | undefined): string => (owner ? `${owner.tenantId} ${owner.nodeId}` : '');

function sizeOf(event: LogEvent): number {
  if (event.kind === 'coap') return event.datagram.length;
  return event.kind === 'handshake' ? event.body.length : 0;
}
