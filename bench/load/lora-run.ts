import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { decodePacket, encodePacket, type SemtechPacket } from '../../core/protocols/semtech-udp/packet.ts';
import { readPullResp, writeTxAck } from '../../core/protocols/semtech-udp/pull-resp.ts';
import { type ReceivedPacket, writePushData } from '../../core/protocols/semtech-udp/push-data.ts';
import { heardAs, TestLoraDevice } from '../../core/testing/lora-device.ts';
import { cpuShare, readUsage } from '../lib/usage.ts';

export interface LoraLoad {
  readonly port: number;
  readonly devEuis: readonly string[];
  readonly appEui: string;
  readonly appKey: string;
  /** Gateways that hear each frame. */
  readonly gateways: number;
}

/** The poll of the reference forwarder, and the packets that it puts into a datagram. */
const tickMs = 10;
const packetsPerDatagram = 8;
const joinsAtATime = 20;
const lookMs = 5;
const joinTimeoutMs = 30_000;
/** Of US915, whose gateways have no duty cycle to keep when devices join. */
const onAir = {
  frequencyHz: 902_300_000,
  modulation: { kind: 'LORA', spreadingFactor: 7, bandwidthKhz: 125, codingRate: '4/5' },
} as const;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

class LoadGateway {
  /** Frames that it was given to send. */
  readonly toSend: Uint8Array[] = [];
  private readonly id: string;
  private readonly socket: Socket;
  private token = 0;

  constructor(id: string, socket: Socket) {
    this.id = id;
    this.socket = socket;
    socket.on('message', (datagram) => this.receive(datagram));
  }

  pull(): void {
    this.send({ ...this.header(), kind: 'PULL_DATA', gatewayId: this.id });
  }

  push(packets: readonly ReceivedPacket[]): void {
    this.send({ ...this.header(), kind: 'PUSH_DATA', gatewayId: this.id, body: writePushData(packets) });
  }

  close(): void {
    this.socket.close();
  }

  private receive(datagram: Uint8Array): void {
    const packet = decodePacket(datagram);
    if (packet.kind !== 'PULL_RESP') return;
    this.toSend.push(readPullResp(packet.body).data);
    const { token } = packet;
    this.send({ version: 2, token, kind: 'TX_ACK', gatewayId: this.id, body: writeTxAck(undefined) });
  }

  private header(): { version: 2; token: number } {
    this.token = (this.token + 1) % 65_536;
    return { version: 2, token: this.token };
  }

  private send(packet: SemtechPacket): void {
    this.socket.send(encodePacket(packet));
  }
}

/** LoRaWAN devices, and packet forwarders that all hear all of them. */
export class LoraRun {
  private readonly devices: TestLoraDevice[];
  private readonly options: LoraLoad;
  private gateways: LoadGateway[] = [];
  private next = 0;

  constructor(options: LoraLoad) {
    this.options = options;
    this.devices = options.devEuis.map(
      (devEui) => new TestLoraDevice(devEui, options.appEui, options.appKey),
    );
  }

  /** Opens the gateways, and lets all devices join and send once. */
  async open(): Promise<void> {
    for (let number = 1; number <= this.options.gateways; number++) {
      const socket = createSocket('udp4');
      socket.connect(this.options.port, '127.0.0.1');
      await once(socket, 'connect');
      const gateway = new LoadGateway(
        `BE7C4000000000${number.toString(16).padStart(2, '0')}`.toUpperCase(),
        socket,
      );
      gateway.pull();
      this.gateways.push(gateway);
    }
    const waiting = [...this.devices];
    await Promise.all(
      Array.from({ length: joinsAtATime }, async () => {
        for (let device = waiting.pop(); device; device = waiting.pop()) await this.join(device);
      }),
    );
    this.push(this.devices.map((device) => this.uplink(device)));
  }

  /** Sends at a steady rate, whatever becomes of it. */
  async send({ perSecond, durationMs }: { perSecond: number; durationMs: number }) {
    const before = readUsage();
    const count = Math.round((perSecond * durationMs) / 1000);
    for (let sent = 0; sent < count; ) {
      const due = Math.min(count, Math.floor(((performance.now() - before.atMs) * perSecond) / 1000));
      if (due > sent) this.push(Array.from({ length: due - sent }, () => this.uplink(this.nextDevice())));
      sent = Math.max(sent, due);
      await sleep(tickMs);
    }
    const after = readUsage();
    return { sent: count, durationMs: after.atMs - before.atMs, generatorCpu: cpuShare(before, after) };
  }

  close(): void {
    for (const gateway of this.gateways) gateway.close();
    this.gateways = [];
  }

  private async join(device: TestLoraDevice): Promise<void> {
    const sinceMs = performance.now();
    this.push([heardAs(device.joinRequest(), onAir)]);
    while (!this.gateways.some((gateway) => this.takeAccept(gateway, device))) {
      if (performance.now() - sinceMs > joinTimeoutMs) throw new Error(`${device.devEui} could not join`);
      await sleep(lookMs);
    }
  }

  /** Whether the gateway was given the join-accept of this device. */
  private takeAccept({ toSend }: LoadGateway, device: TestLoraDevice): boolean {
    const index = toSend.findIndex((frame) => {
      try {
        return device.join(frame) !== undefined;
      } catch {
        return false;
      }
    });
    if (index >= 0) toSend.splice(index, 1);
    return index >= 0;
  }

  private nextDevice(): TestLoraDevice {
    this.next = (this.next + 1) % this.devices.length;
    return this.devices[this.next] as TestLoraDevice;
  }

  private uplink(device: TestLoraDevice): ReceivedPacket {
    return heardAs(device.uplink({ port: 1, payload: '0167011002680000' }), onAir);
  }

  private push(packets: readonly ReceivedPacket[]): void {
    for (let at = 0; at < packets.length; at += packetsPerDatagram)
      for (const gateway of this.gateways) gateway.push(packets.slice(at, at + packetsPerDatagram));
  }
}
