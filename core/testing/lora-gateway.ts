import type { DatagramSocket, UdpAddress } from '../platform/datagrams.ts';
import { nodeDatagrams } from '../platform/node/node-datagrams.ts';
import { decodePacket, encodePacket, type SemtechPacket } from '../protocols/semtech-udp/packet.ts';
import { type PacketToSend, readPullResp, writeTxAck } from '../protocols/semtech-udp/pull-resp.ts';
import {
  type GatewayStatus,
  type ReceivedPacket,
  writePushData,
} from '../protocols/semtech-udp/push-data.ts';
import { until } from './until.ts';

/** A packet forwarder on a real socket. */
export class TestGateway {
  readonly id: string;
  /** Frames that it was given to send and has not handed out by {@link sent}. */
  readonly toSend: PacketToSend[] = [];
  /** What it answers to the next frames that it shall send: an error of TX_ACK, `NONE`, or nothing at all. */
  txAck: string | undefined = 'NONE';
  acknowledged = 0;
  private token = 0;
  private readonly socket: DatagramSocket;
  private readonly server: UdpAddress;

  private constructor(id: string, socket: DatagramSocket, server: UdpAddress) {
    this.id = id;
    this.socket = socket;
    this.server = server;
  }

  /** Opens its way to the network, so that it may be given frames. */
  static async start(port: number, id = 'AA555A0000000101'): Promise<TestGateway> {
    let take: (datagram: Uint8Array) => void = () => {};
    const socket = await nodeDatagrams.bind({ host: '127.0.0.1', port: 0 }, (datagram) => take(datagram));
    const gateway = new TestGateway(id, socket, { address: '127.0.0.1', port });
    take = (datagram) => gateway.receive(datagram);
    await gateway.pull();
    return gateway;
  }

  /** Resolves when it is acknowledged. */
  async pull(): Promise<void> {
    await this.request({ ...this.header(), kind: 'PULL_DATA', gatewayId: this.id });
  }

  /** Resolves when it is acknowledged. */
  async push(packets: readonly ReceivedPacket[], status?: Partial<GatewayStatus>): Promise<void> {
    const body = writePushData(packets, status);
    await this.request({ ...this.header(), kind: 'PUSH_DATA', gatewayId: this.id, body });
  }

  send(datagram: Uint8Array): void {
    this.socket.send(datagram, this.server);
  }

  /** The next frame that it is given to send. */
  async sent(): Promise<PacketToSend> {
    await until(() => this.toSend.length > 0);
    return this.toSend.shift() as PacketToSend;
  }

  close(): Promise<void> {
    return this.socket.close();
  }

  private header(): { version: 2; token: number } {
    this.token = (this.token + 1) % 65_536;
    return { version: 2, token: this.token };
  }

  private async request(packet: SemtechPacket): Promise<void> {
    const before = this.acknowledged;
    this.send(encodePacket(packet));
    await until(() => this.acknowledged > before);
  }

  private receive(datagram: Uint8Array): void {
    const packet = decodePacket(datagram);
    if (packet.kind !== 'PULL_RESP') {
      this.acknowledged++;
      return;
    }
    this.toSend.push(readPullResp(packet.body));
    if (this.txAck === undefined) return;
    const { version, token } = packet;
    const body = this.txAck === 'NONE' ? undefined : writeTxAck(this.txAck);
    this.send(encodePacket({ version, token, kind: 'TX_ACK', gatewayId: this.id, body }));
  }
}
