import type { DatagramLink, LinkReceiver } from './link.ts';

/** One end of UDP. */
export interface UdpAddress {
  readonly address: string;
  readonly port: number;
}

/** What is needed of a UDP socket; the platform's have it. */
export interface UdpPort {
  /** Sends without waiting; never throws. */
  send(datagram: Uint8Array, to: UdpAddress): void;
}

export interface UdpPeersOptions {
  /** Most peers at a time; the one that was silent for longest gives way. */
  readonly maxPeers: number;
  /** A peer that was not known has sent something. Sets the link's receiver, or leaves the datagram unheard. */
  readonly accept: (link: DatagramLink, from: UdpAddress) => void;
}

/** The peers of one UDP socket: each address is a link of its own. */
export class UdpPeers {
  private readonly port: UdpPort;
  private readonly options: UdpPeersOptions;
  /** In the order in which they were looked at last for who is silent. */
  private readonly links = new Map<string, UdpLink>();

  constructor(port: UdpPort, options: UdpPeersOptions) {
    this.port = port;
    this.options = options;
  }

  get size(): number {
    return this.links.size;
  }

  /** Hands a datagram of the socket to the link of its sender. */
  receive(datagram: Uint8Array, from: UdpAddress): void {
    const key = keyOf(from);
    let link = this.links.get(key);
    if (link) link.heard = true;
    else {
      link = this.add(key, from);
      this.options.accept(link, from);
      // Who is not listened to takes no room.
      if (!link.receiver) link.close('nobody listens to it');
    }
    link.receiver?.datagram(datagram);
  }

  /** The link to a peer, to be the first to speak. */
  connect(to: UdpAddress): DatagramLink {
    const key = keyOf(to);
    return this.links.get(key) ?? this.add(key, to);
  }

  /** Ends the link to a peer; when it sends again it is a new one. */
  forget(link: DatagramLink, reason: string): void {
    if (link instanceof UdpLink) link.close(reason);
  }

  /** Ends all links. The socket stays open. */
  stop(reason: string): void {
    for (const link of [...this.links.values()]) link.close(reason);
  }

  private add(key: string, peer: UdpAddress): UdpLink {
    if (this.links.size >= this.options.maxPeers) this.evict();
    const link = new UdpLink(this.port, peer, () => this.links.delete(key));
    this.links.set(key, link);
    return link;
  }

  /** Whoever was heard since the last look gets a second chance, so that no datagram has to move its sender. */
  private evict(): void {
    for (const [key, link] of this.links) {
      if (!link.heard) {
        link.close(`another peer took its place (maxPeers, ${this.options.maxPeers})`);
        return;
      }
      link.heard = false;
      this.links.delete(key);
      this.links.set(key, link);
    }
  }
}

class UdpLink implements DatagramLink {
  receiver: LinkReceiver | undefined;
  closed = false;
  heard = false;
  private readonly port: UdpPort;
  private readonly address: UdpAddress;
  private readonly left: () => void;

  constructor(port: UdpPort, address: UdpAddress, left: () => void) {
    this.port = port;
    this.address = { address: address.address, port: address.port };
    this.left = left;
  }

  get peer(): string {
    const { address, port } = this.address;
    return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  }

  send(datagram: Uint8Array): void {
    if (!this.closed) this.port.send(datagram, this.address);
  }

  close(reason: string): void {
    if (this.closed) return;
    this.closed = true;
    this.left();
    this.receiver?.closed(reason);
  }
}

const keyOf = ({ address, port }: UdpAddress): string => `${address}/${port}`;
