import { PlatformError } from '../contract/errors.ts';
import type { DatagramSocket, Datagrams, UdpAddress } from './datagrams.ts';

const firstFreePort = 49_152;
const receiveBufferBytes = 212_992;

type Receive = (datagram: Uint8Array, from: UdpAddress) => void;

/** UDP in memory, that loses nothing and keeps the order: for tests and for figures without the system's part. */
export class MemoryDatagrams implements Datagrams {
  private readonly bound = new Map<string, Receive>();
  private nextFreePort = firstFreePort;

  /** In memory everybody is on the same machine. */
  async localAddress({ address }: UdpAddress): Promise<string> {
    return address;
  }

  async bind(
    { host, port }: { host: string; port: number },
    receive: Receive,
    options: { receiveBufferBytes?: number } = {},
  ): Promise<DatagramSocket> {
    const local = { address: host, port: port === 0 ? this.nextFreePort++ : port };
    const key = keyOf(local);
    if (this.bound.has(key)) throw new PlatformError('platform.listen', `${key} is in use already.`);
    this.bound.set(key, receive);
    let isOpen = true;
    let failure: string | undefined;
    return {
      local,
      receiveBufferBytes: options.receiveBufferBytes ?? receiveBufferBytes,
      send: (datagram, to) => {
        if (!isOpen) return;
        failure = to.port > 0 && to.port < 65_536 ? undefined : `There is no port ${to.port}.`;
        if (failure === undefined) this.carry(new Uint8Array(datagram), local, to);
      },
      failure: () => failure,
      close: async () => {
        isOpen = false;
        if (this.bound.get(key) === receive) this.bound.delete(key);
      },
    };
  }

  /** Not within the call of the sender, who is not done then. */
  private carry(datagram: Uint8Array, from: UdpAddress, to: UdpAddress): void {
    queueMicrotask(() => this.bound.get(keyOf(to))?.(datagram, from));
  }
}

const keyOf = ({ address, port }: UdpAddress): string => `${address}:${port}`;
