import type { DatagramSocket } from '../platform/datagrams.ts';
import { nodeDatagrams } from '../platform/node/node-datagrams.ts';
import { nodeRandom } from '../platform/node/node-random.ts';
import { RealClock } from '../platform/node/real-clock.ts';
import { DtlsClient, type DtlsClientOptions } from '../protocols/dtls/client.ts';
import type { PeerAddress } from '../protocols/dtls/seams.ts';
import { DtlsServer, type DtlsServerOptions } from '../protocols/dtls/server.ts';

const loopback = { host: '127.0.0.1', port: 0 };

export interface DtlsOverUdp {
  readonly server: DtlsServer;
  readonly port: number;
  /** Of the longest datagram that came. */
  longestBytes(): number;
  stop(): Promise<void>;
}

/** A DTLS server on a free UDP port of the loopback. */
export async function serveDtls(
  options: Omit<DtlsServerOptions, 'clock' | 'random' | 'send'>,
): Promise<DtlsOverUdp> {
  let socket: DatagramSocket | undefined;
  let longestBytes = 0;
  const send = (datagram: Uint8Array, to: PeerAddress): void => socket?.send(datagram, to);
  const server = new DtlsServer({ clock: new RealClock(), random: nodeRandom, ...options, send });
  socket = await nodeDatagrams.bind(loopback, (datagram, from) => {
    longestBytes = Math.max(longestBytes, datagram.length);
    server.receive(datagram, from);
  });
  const { close, local } = socket;
  const stop = async (): Promise<void> => {
    server.stop();
    await close();
  };
  return { server, port: local.port, longestBytes: () => longestBytes, stop };
}

/** A DTLS client with a UDP socket of its own. */
export async function dtlsClientFor(
  port: number,
  options: Omit<DtlsClientOptions, 'clock' | 'random' | 'send' | 'server'>,
): Promise<{ client: DtlsClient; stop(): Promise<void> }> {
  const server = { address: loopback.host, port };
  let socket: DatagramSocket | undefined;
  const send = (datagram: Uint8Array): void => socket?.send(datagram, server);
  const client = new DtlsClient({ clock: new RealClock(), random: nodeRandom, server, ...options, send });
  socket = await nodeDatagrams.bind(loopback, (datagram) => client.receive(datagram));
  const { close } = socket;
  const stop = async (): Promise<void> => {
    client.close();
    await close();
  };
  return { client, stop };
}

/** A UDP port that nobody has, and of which the next is free too. */
export async function freeUdpPorts(): Promise<number> {
  for (;;) {
    const first = await nodeDatagrams.bind(loopback, () => {});
    const { port } = first.local;
    const second = await nodeDatagrams.bind({ ...loopback, port: port + 1 }, () => {}).catch(() => undefined);
    await Promise.all([first.close(), second?.close()]);
    if (second) return port;
  }
}
