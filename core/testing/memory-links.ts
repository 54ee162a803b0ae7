import type { Clock } from '../platform/clock.ts';
import type { DatagramLink, LinkReceiver } from '../protocols/coap/link.ts';
import { FaultyLink, type LinkFaults } from './faulty-link.ts';

/** One end of a link in memory. What is sent arrives after the turn of the clock, in an array of its own. */
export class MemoryLink implements DatagramLink {
  readonly sent: Uint8Array[] = [];
  peer: string;
  closed = false;
  receiver: LinkReceiver | undefined;
  /** Takes datagrams off the wire: true for those that do not arrive. */
  drop: (datagram: Uint8Array, index: number) => boolean = () => false;
  private other: MemoryLink | undefined;
  private readonly wire: FaultyLink<undefined>;

  constructor(peer: string, clock: Clock, faults: LinkFaults = {}, seed = 1) {
    this.peer = peer;
    this.wire = new FaultyLink(clock, seed, faults, (datagram) => {
      // Never while it is being sent, as on a network.
      clock.after('memory link', 0, () => {
        if (!this.closed) this.other?.receiver?.datagram(datagram);
      });
    });
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
    if (!this.drop(datagram, this.sent.length - 1)) this.wire.pass(Uint8Array.from(datagram), undefined);
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
