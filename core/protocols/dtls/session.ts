import type { Resumption } from './resumption.ts';
import type { PeerAddress } from './seams.ts';
import type { SuiteName } from './suites.ts';

/**
 * Why a session is over. `closed`: by a call here; `peerClosed`: by close_notify of the peer; `peerAlert`: by a fatal
 * alert of the peer; `replaced`: a new handshake from the same address has finished; `idle`: silent for too long;
 * `evicted`: silent, and there was no more room for sessions.
 */
export type CloseReason = 'closed' | 'peerClosed' | 'peerAlert' | 'replaced' | 'idle' | 'evicted';

/** What a handshake has agreed on. */
export interface SessionFacts {
  /** Stays the same whatever the peer's address is. */
  readonly id: string;
  readonly pskIdentity: string;
  /** Name of the registry, without the `TLS_` in front. */
  readonly suite: SuiteName;
  /** Host name that the client asked for (SNI). */
  readonly serverName: string | undefined;
  /** True when it goes on with the secret of an earlier session. */
  readonly resumed: boolean;
  readonly extendedMasterSecret: boolean;
  /** Whether records to the server name the connection, so that the client may change its address. */
  readonly hasConnectionId: boolean;
  /** What a client needs to resume the session; undefined when the server keeps no sessions. */
  readonly resumption: Resumption | undefined;
}

/** The connection below a session. */
export interface SessionLink {
  readonly peer: PeerAddress;
  send(bytes: Uint8Array): void;
  close(reason: CloseReason, detail?: string): void;
}

/** An open DTLS session: messages go both ways, each in a record of its own, lost or out of order as UDP is. */
export class DtlsSession implements SessionFacts {
  readonly id: string;
  readonly pskIdentity: string;
  readonly suite: SuiteName;
  readonly serverName: string | undefined;
  readonly resumed: boolean;
  readonly extendedMasterSecret: boolean;
  readonly hasConnectionId: boolean;
  readonly resumption: Resumption | undefined;
  /** Records of the peer's address that these keys did not open. */
  undecryptable = 0;
  private readonly link: SessionLink;
  private reason: CloseReason | undefined;
  private message: ((bytes: Uint8Array) => void) | undefined;
  private closed: ((reason: CloseReason, detail: string | undefined) => void) | undefined;
  private moved: ((peer: PeerAddress, before: PeerAddress) => void) | undefined;

  constructor(facts: SessionFacts, link: SessionLink) {
    this.id = facts.id;
    this.pskIdentity = facts.pskIdentity;
    this.suite = facts.suite;
    this.serverName = facts.serverName;
    this.resumed = facts.resumed;
    this.extendedMasterSecret = facts.extendedMasterSecret;
    this.hasConnectionId = facts.hasConnectionId;
    this.resumption = facts.resumption;
    this.link = link;
  }

  /** Where the peer is now. */
  get peer(): PeerAddress {
    return this.link.peer;
  }

  /** Undefined while the session is open. */
  get closeReason(): CloseReason | undefined {
    return this.reason;
  }

  /**
   * Sends one message.
   * @throws DtlsError `dtls.closed` when the session is over, `dtls.limit` when it is longer than a record (16,384 bytes)
   */
  send(bytes: Uint8Array): void {
    this.link.send(bytes);
  }

  /** Tells the peer with close_notify, and ends the session. Nothing happens when it is over. */
  close(): void {
    this.link.close('closed');
  }

  /** Sets who gets the messages of the peer. */
  onMessage(handler: (bytes: Uint8Array) => void): void {
    this.message = handler;
  }

  /** Sets who is told, once, that the session is over; `detail` names the peer's alert. */
  onClose(handler: (reason: CloseReason, detail: string | undefined) => void): void {
    this.closed = handler;
  }

  /** Sets who is told that the peer has another address now. */
  onMove(handler: (peer: PeerAddress, before: PeerAddress) => void): void {
    this.moved = handler;
  }

  /** For the connection: a message came. */
  deliver(bytes: Uint8Array): void {
    this.message?.(bytes);
  }

  /** For the connection: it is over. */
  end(reason: CloseReason, detail: string | undefined): void {
    if (this.reason) return;
    this.reason = reason;
    this.closed?.(reason, detail);
  }

  /** For the connection: the peer is elsewhere. */
  move(before: PeerAddress): void {
    this.moved?.(this.peer, before);
  }
}
