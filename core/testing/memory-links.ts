import type { Clock } from '../platform/clock.ts';
import type { DatagramLink, LinkReceiver } from '../protocols/coap/link.ts';

export interface LinkFaults {
  /** Shares of the datagrams, from 0 to 1. */
  readonly lost?: number;
  readonly doubled?: number;
  /** Longest delay; each datagram takes a random part of it, so that they overtake each other. */
  readonly delayMs?: number;
}

/** Numbers from 0 up to 1 that are the same for the same seed (mulberry32). */
export function seededFractions(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Random bytes that are the same for the same seed. */
export function seededRandom(seed: number): { bytes(count: number): Uint8Array } {
  const fraction = seededFractions(seed);
  return { bytes: (count) => Uint8Array.from({ length: count }, () => Math.floor(fraction() * 256)) };
}

/** One end of a link in memory. What is sent arrives after the turn of the clock, in an array of its own. */
export class MemoryLink implements DatagramLink {
  readonly sent: Uint8Array[] = [];
  peer: string;
  closed = false;
  receiver: LinkReceiver | undefined;
  /** Takes datagrams off the wire: true for those that do not arrive. */
  drop: (datagram: Uint8Array, index: number) => boolean = () => false;
  private other: MemoryLink | undefined;
  private readonly clock: Clock;
  private readonly faults: LinkFaults;
  private readonly fraction: () => number;

  constructor(peer: string, clock: Clock, faults: LinkFaults = {}, seed = 1) {
    this.peer = peer;
    this.clock = clock;
    this.faults = faults;
    this.fraction = seededFractions(seed);
  }

  /** Two ends that hear each other. */
  static pair(clock: Clock, faults: LinkFaults = {}, seed = 1): { client: MemoryLink; server: MemoryLink } {
    const client = new MemoryLink('server', clock, faults, seed);
    const server = new MemoryLink('client', clock, faults, seed + 1);
    client.other = server;
    server.other = client;
    return { client, server };
  }

  send(datagram: Uint8Array): void {
    if (this.closed) return;
    this.sent.push(datagram);
    const { lost = 0, doubled = 0, delayMs = 0 } = this.faults;
    if (this.drop(datagram, this.sent.length - 1) || this.fraction() < lost) return;
    const copies = this.fraction() < doubled ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const bytes = Uint8Array.from(datagram);
      this.clock.after('memory link', delayMs * this.fraction(), () => {
        if (!this.closed) this.other?.receiver?.datagram(bytes);
      });
    }
  }

  /** Lets bytes come in as if the other end had sent them. */
  inject(datagram: Uint8Array): void {
    this.receiver?.datagram(datagram);
  }

  close(reason: string): void {
    this.closed = true;
    this.receiver?.closed(reason);
  }
}
