import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Datagrams, UdpAddress } from '../datagrams.ts';
import type { ListenAddress } from '../sockets.ts';
import { toListenError } from './listen-error.ts';
import { plainAddress } from './plain-address.ts';

/** The machine's UDP sockets. */
export const nodeDatagrams: Datagrams = {
  async bind(address, receive, { receiveBufferBytes } = {}) {
    const { socket, type } = await open(address);
    if (receiveBufferBytes !== undefined) socket.setRecvBufferSize(receiveBufferBytes);
    const bound = socket.address();
    let failure: string | undefined;
    let closed: Promise<void> | undefined;
    const note = (error: Error | null): void => {
      failure = error?.message;
    };
    socket.on('error', note);
    socket.on('message', (datagram: Buffer, { address: from, port }: RemoteInfo) => {
      if (!closed) receive(datagram, { address: plainAddress(from), port });
    });
    return {
      local: { address: plainAddress(bound.address), port: bound.port },
      receiveBufferBytes: socket.getRecvBufferSize(),
      send(datagram, to) {
        if (closed) return;
        try {
          socket.send(datagram, to.port, type === 'udp6' ? asIpv6(to) : to.address, note);
        } catch (error) {
          // Node throws for a port out of range, as 0 is.
          note(error as Error);
        }
      },
      failure: () => failure,
      close() {
        closed ??= new Promise((resolve) => socket.close(() => resolve()));
        return closed;
      },
    };
  },

  async localAddress({ address, port }) {
    const socket = createSocket({ type: isIP(address) === 6 ? 'udp6' : 'udp4', lookup: onlyAddresses });
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject);
        socket.connect(port, address, resolve);
      });
      return plainAddress(socket.address().address);
    } finally {
      socket.close();
    }
  },
};

type SocketType = 'udp4' | 'udp6';

async function open(address: ListenAddress): Promise<{ socket: Socket; type: SocketType }> {
  try {
    const { address: host, family } = await lookup(address.host);
    const type = family === 6 ? 'udp6' : 'udp4';
    const socket = createSocket({ type, lookup: onlyAddresses });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(address.port, host, () => {
        socket.off('error', reject);
        resolve();
      });
    });
    return { socket, type };
  } catch (error) {
    throw toListenError(error as NodeJS.ErrnoException, address);
  }
}

/** A socket for both families takes an IPv4 address in the form of IPv6 (RFC 4291, 2.5.5.2). */
function asIpv6({ address }: UdpAddress): string {
  return address.includes(':') ? address : `::ffff:${address}`;
}

/**
 * In place of the look-up that a socket makes before each datagram: addresses here are numbers, and answering at once
 * saves a turn of the event loop.
 */
function onlyAddresses(
  host: string,
  _options: unknown,
  answer: (error: NodeJS.ErrnoException | null, address: string, family: number) => void,
): void {
  const family = isIP(host);
  answer(family === 0 ? new Error(`${host} is no IP address`) : null, host, family);
}
