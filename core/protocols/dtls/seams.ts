/** The part of a clock that DTLS needs. */
export interface DtlsClock {
  /** Milliseconds from any origin. */
  now(): number;
  after(name: string, delayMs: number, run: () => void): DtlsTimer;
}

export interface DtlsTimer {
  cancel(): void;
}

/** The part of a random source that DTLS needs: bytes fit for keys. */
export interface DtlsRandom {
  bytes(count: number): Uint8Array;
}

/** Where a peer is: IP address and UDP port. */
export interface PeerAddress {
  readonly address: string;
  readonly port: number;
}
