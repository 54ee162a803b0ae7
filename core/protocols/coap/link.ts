/**
 * What an endpoint speaks over: datagrams to and from one peer. A plain UDP peer is one, and a DTLS session is one,
 * whatever addresses its peer has in the course of time.
 */
export interface DatagramLink {
  /** Who is at the other end, for people: `127.0.0.1:5683`. May change while the link lives. */
  readonly peer: string;
  readonly closed: boolean;
  /** Sends one datagram. What cannot be sent is lost, as on the network; never throws. */
  send(datagram: Uint8Array): void;
  /** Who gets what comes in; set by the endpoint. */
  receiver: LinkReceiver | undefined;
}

export interface LinkReceiver {
  datagram(bytes: Uint8Array): void;
  /** The network said that nobody listens at the peer's address (ICMP port unreachable). */
  refused(): void;
  /** Nothing comes or goes any more. */
  closed(reason: string): void;
}

/** What endpoints need of a clock; the platform's clocks have it. */
export interface CoapClock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Calls `run` once after `delayMs`; `name` says what for. */
  after(name: string, delayMs: number, run: () => void): CoapTimer;
}

export interface CoapTimer {
  cancel(): void;
}

/** What endpoints need of chance. */
export interface CoapRandom {
  bytes(count: number): Uint8Array;
}
