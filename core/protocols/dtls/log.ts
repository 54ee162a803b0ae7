import type { Alert } from './alert.ts';
import type { DtlsError } from './errors.ts';
import type { PeerAddress } from './seams.ts';
import type { CloseReason, DtlsSession } from './session.ts';

type Direction = 'in' | 'out';

/** What went over a connection, or happened to it, as the log tells it. Application data is not told. */
export type DtlsEvent =
  | {
      readonly kind: 'handshake';
      readonly direction: Direction;
      /** Of `messageTypes`. */
      readonly type: number;
      /** Without its header; nothing of a duplicate. */
      readonly body: Uint8Array;
      readonly note?: 'duplicate' | 'retransmission' | undefined;
    }
  | { readonly kind: 'changeCipherSpec'; readonly direction: Direction; readonly note?: 'retransmission' }
  | { readonly kind: 'alert'; readonly direction: Direction; readonly alert: Alert }
  /** The handshake is done; told before anything goes over the session. */
  | { readonly kind: 'opened'; readonly session: DtlsSession }
  /** The handshake came to nothing. The identity is undefined when the client had not said it yet. */
  | { readonly kind: 'failed'; readonly pskIdentity: string | undefined; readonly error: DtlsError }
  | { readonly kind: 'closed'; readonly reason: CloseReason; readonly detail: string | undefined }
  /** The peer has another address now. */
  | { readonly kind: 'moved'; readonly before: PeerAddress };

/** A connection as the log knows it: the same from its first hello with a good cookie to its end. */
export interface LoggedConnection {
  /** Where the peer is now. */
  readonly peer: PeerAddress;
}

/**
 * Told of each event; costs nothing when absent. Of clients that have not shown that they receive at their address
 * nothing is told, as nothing is kept.
 */
export type DtlsLog = (connection: LoggedConnection, event: DtlsEvent) => void;
