import type { Clock } from '../platform/clock.ts';
import type { DatagramSocket, Datagrams, UdpAddress } from '../platform/datagrams.ts';
import { FaultyLink, type LinkCounts, type LinkFaults } from './faulty-link.ts';

export interface DatagramProxyOptions {
  /** Real UDP, or UDP in memory. */
  readonly datagrams: Datagrams;
  /** By which datagrams are late. */
  readonly clock: Clock;
  /** The same seed gives the same faults. */
  readonly seed: number;
  readonly faults: LinkFaults;
  /** Where the server is. */
  readonly target: UdpAddress;
}

interface Client {
  readonly address: UdpAddress;
  /** Who the server takes the client for. */
  socket: DatagramSocket;
}

/**
 * Stands between clients and a server and treats their datagrams as a bad network would. The server sees each client
 * at an address of its own, as behind a NAT.
 */
export class DatagramProxy {
  private readonly options: DatagramProxyOptions;
  private readonly clients = new Map<string, Promise<Client>>();
  private readonly toServer: FaultyLink<Client>;
  private readonly toClient: FaultyLink<Client>;
  private front: DatagramSocket | undefined;

  constructor(options: DatagramProxyOptions) {
    const { clock, seed, faults, target } = options;
    this.options = options;
    this.toServer = new FaultyLink(clock, seed, faults, (datagram, client) =>
      client.socket.send(datagram, target),
    );
    this.toClient = new FaultyLink(clock, seed ^ 0x5eed, faults, (datagram, client) =>
      this.front?.send(datagram, client.address),
    );
  }

  /** @returns where clients shall send to */
  async start(): Promise<UdpAddress> {
    this.front = await this.bind((datagram, from) => {
      void this.clientOf(from).then((client) => this.toServer.pass(datagram, client));
    });
    return this.front.local;
  }

  async stop(): Promise<void> {
    this.toServer.stop();
    this.toClient.stop();
    const clients = await Promise.all(this.clients.values());
    await Promise.all([this.front, ...clients.map(({ socket }) => socket)].map((socket) => socket?.close()));
  }

  /** From now on the network behaves like this. */
  change(faults: LinkFaults): void {
    this.toServer.faults = faults;
    this.toClient.faults = faults;
  }

  /** The server finds every client at another address from now on, as when a NAT has forgotten them. */
  async rebind(): Promise<void> {
    for (const client of await Promise.all(this.clients.values())) {
      await client.socket.close();
      client.socket = await this.bindFor(() => client);
    }
  }

  get counts(): { readonly toServer: LinkCounts; readonly toClient: LinkCounts } {
    return { toServer: this.toServer.counts, toClient: this.toClient.counts };
  }

  private clientOf(address: UdpAddress): Promise<Client> {
    const key = `${address.address}:${address.port}`;
    let client = this.clients.get(key);
    if (!client) {
      client = this.admit(address);
      this.clients.set(key, client);
    }
    return client;
  }

  private async admit(address: UdpAddress): Promise<Client> {
    const client: Client = { address, socket: await this.bindFor(() => client) };
    return client;
  }

  private bindFor(client: () => Client): Promise<DatagramSocket> {
    return this.bind((datagram) => this.toClient.pass(datagram, client()));
  }

  private bind(receive: (datagram: Uint8Array, from: UdpAddress) => void): Promise<DatagramSocket> {
    return this.options.datagrams.bind({ host: this.options.target.address, port: 0 }, receive);
  }
}
