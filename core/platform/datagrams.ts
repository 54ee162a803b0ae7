import type { ListenAddress } from './sockets.ts';

/** UDP as the platform sees it: it binds a socket, is handed datagrams, and sends some. */
export interface Datagrams {
  /**
   * Binds a socket. An address of IPv6 that stands for all (`::`) takes IPv4 too.
   * @param receive gets each datagram, whose bytes are its own to keep, and who sent it
   * @throws PlatformError `platform.listen`, as a rejection
   */
  bind(
    address: ListenAddress,
    receive: (datagram: Uint8Array, from: UdpAddress) => void,
    options?: DatagramOptions,
  ): Promise<DatagramSocket>;
  /**
   * The address of this machine from which a datagram to a peer would leave, so by which the peer reaches it. Nothing is
   * sent. Rejects when there is no way to it.
   */
  localAddress(peer: UdpAddress): Promise<string>;
}

/** One end of UDP. */
export interface UdpAddress {
  /** IP address in its usual form; an IPv4 address as such, also where the socket speaks both. */
  readonly address: string;
  readonly port: number;
}

export interface DatagramOptions {
  /**
   * How many bytes the system shall keep that were not taken yet; more are lost. The system may grant less, without
   * an error. Not given: the system's own default, about 200 kB on Linux.
   */
  readonly receiveBufferBytes?: number;
}

export interface DatagramSocket {
  /** Where it is bound. */
  readonly local: UdpAddress;
  /** What the system granted, as it counts: Linux shows twice what was asked for. */
  readonly receiveBufferBytes: number;
  /**
   * Sends without waiting. UDP promises nothing, so there is no error: {@link failure} tells what the machine itself
   * refused. Nothing is sent after {@link close}.
   */
  send(datagram: Uint8Array, to: UdpAddress): void;
  /** Why the machine did not take the last datagram; undefined when it did. */
  failure(): string | undefined;
  /** Resolves when the port is free. Nothing is received after the call. */
  close(): Promise<void>;
}
