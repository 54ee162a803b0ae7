/** What a server or client of DTLS may use up, and how patient it is. */
export interface DtlsLimits {
  /** Handshakes under way at a time; a client that wants one more is not answered and tries again by itself. */
  readonly maxHandshakes: number;
  /** Sessions at a time. One more ends the one that was silent the longest, if it is {@link staleSessionMs} old. */
  readonly maxSessions: number;
  /** Silence after which a session may be ended to make room. */
  readonly staleSessionMs: number;
  /** Silence after which a session is ended. */
  readonly sessionIdleMs: number;
  /** Sessions that can be resumed; the oldest is forgotten for one more. 0: none can. */
  readonly maxResumptions: number;
  /** How long after its handshake a session can be resumed. */
  readonly resumptionLifetimeMs: number;
  /** How long a handshake may take. */
  readonly handshakeTimeoutMs: number;
  /** Wait before a flight is sent again the first time; it doubles each time (RFC 6347, 4.2.4.1). */
  readonly retransmitAfterMs: number;
  /** The longest wait before a flight is sent again. */
  readonly maxRetransmitAfterMs: number;
  /** How long a cookie is good at least. */
  readonly cookieLifetimeMs: number;
  /** Longest handshake message. */
  readonly maxHandshakeMessageBytes: number;
  /** Longest datagram that handshakes are sent in; longer messages are cut. */
  readonly maxDatagramBytes: number;
  /** Records of one handshake that are kept because they came too early to be read, each as long as a message may be. */
  readonly maxHeldRecords: number;
}

export const defaultDtlsLimits: DtlsLimits = {
  maxHandshakes: 5000,
  maxSessions: 20_000,
  staleSessionMs: 30 * 60_000,
  sessionIdleMs: 24 * 3_600_000,
  maxResumptions: 20_000,
  resumptionLifetimeMs: 24 * 3_600_000,
  handshakeTimeoutMs: 60_000,
  retransmitAfterMs: 1000,
  maxRetransmitAfterMs: 60_000,
  cookieLifetimeMs: 60_000,
  maxHandshakeMessageBytes: 4096,
  // IPv6 carries 1280 bytes everywhere; 48 are the headers of IPv6 and UDP.
  maxDatagramBytes: 1232,
  maxHeldRecords: 8,
};
