import type { Clock, Timer } from '../../platform/clock.ts';
import type { DatagramSocket, UdpAddress } from '../../platform/datagrams.ts';
import { SemtechUdpError } from '../../protocols/semtech-udp/errors.ts';
import { decodePacket, encodePacket, type SemtechPacket } from '../../protocols/semtech-udp/packet.ts';
import { type PacketToSend, readTxAck, writePullResp } from '../../protocols/semtech-udp/pull-resp.ts';
import {
  type GatewayStatus,
  type PushData,
  type ReceivedPacket,
  readPushData,
} from '../../protocols/semtech-udp/push-data.ts';

export interface ForwarderHandlers {
  /** A datagram of this gateway came. False: it is not listened to. */
  heard(gatewayId: string, from: UdpAddress): boolean;
  received(gatewayId: string, packet: ReceivedPacket): void;
  status(gatewayId: string, status: GatewayStatus): void;
  /** The gateway says itself of so many frames that they are broken: their checksum is wrong, or they have none. */
  broken(gatewayId: string, count: number): void;
  /** Something was dropped. @param gatewayId undefined where no gateway could be read */
  dropped(gatewayId: string | undefined, reason: string, from: UdpAddress): void;
}

interface ForwarderSettings {
  readonly loraTxAckTimeoutMs: number;
  readonly loraMaxFramesPerDatagram: number;
  readonly loraGatewayTimeoutMs: number;
}

/** Where frames for a gateway go, as its last PULL_DATA says. */
interface Route {
  readonly address: UdpAddress;
  readonly version: 1 | 2;
  /** When that was, on the wire's clock. */
  readonly pulledMs: number;
}

/** A frame that a gateway has to say something of. */
interface Awaited {
  readonly timer: Timer;
  /** @param error why it is not sent */
  done(error?: string): void;
}

/** The port where packet forwarders of gateways send what they hear, and fetch what they shall send (Semtech UDP v2). */
export class PacketForwarders {
  private readonly handlers: ForwarderHandlers;
  private readonly wireClock: Clock;
  private readonly settings: ForwarderSettings;
  private readonly routes = new Map<string, Route>();
  private readonly awaited = new Map<string, Awaited>();
  private socket: DatagramSocket | undefined;
  private started = false;
  private nextToken = 1;

  constructor(
    parts: { readonly wireClock: Clock; readonly settings: ForwarderSettings },
    handlers: ForwarderHandlers,
  ) {
    this.wireClock = parts.wireClock;
    this.settings = parts.settings;
    this.handlers = handlers;
  }

  attach(socket: DatagramSocket): void {
    this.socket = socket;
  }

  start(): void {
    this.started = true;
  }

  /** What comes in is dropped from now on; what was to be sent is not heard of any more. */
  stop(): void {
    this.started = false;
    for (const { timer } of this.awaited.values()) timer.cancel();
    this.awaited.clear();
    this.routes.clear();
  }

  receive(datagram: Uint8Array, from: UdpAddress): void {
    if (!this.started) return;
    try {
      this.take(decodePacket(datagram), from);
    } catch (error) {
      if (!(error instanceof SemtechUdpError)) throw error;
      this.handlers.dropped(undefined, error.message, from);
    }
  }

  /** Whether a frame for this gateway would reach it. */
  reaches(gatewayId: string): boolean {
    return this.socket !== undefined && this.routeTo(gatewayId) !== undefined;
  }

  /** Who fetches nothing for long is not there any more, or the router before it does not let frames through. */
  private routeTo(gatewayId: string): Route | undefined {
    const route = this.routes.get(gatewayId);
    if (!route || this.wireClock.now() - route.pulledMs < this.settings.loraGatewayTimeoutMs) return route;
    this.routes.delete(gatewayId);
    return undefined;
  }

  /** A gateway that went has no way to it any more. */
  forget(gatewayId: string): void {
    this.routes.delete(gatewayId);
  }

  /** @param done called once: without an error when the gateway sends it, or said nothing to the contrary in time */
  send(gatewayId: string, packet: PacketToSend, done: (error?: string) => void): void {
    const route = this.routeTo(gatewayId);
    if (!route || !this.socket) {
      done('the gateway fetches no downlinks (PULL_DATA)');
      return;
    }
    const token = this.nextToken;
    this.nextToken = (token % 0xffff) + 1;
    const key = `${gatewayId} ${token}`;
    const timer = this.wireClock.after('LoRa TX_ACK', this.settings.loraTxAckTimeoutMs, () => {
      this.awaited.delete(key);
      done();
    });
    this.awaited.set(key, { timer, done });
    const { version, address } = route;
    this.reply({ version, token, kind: 'PULL_RESP', body: writePullResp(packet) }, address);
  }

  private take(packet: SemtechPacket, from: UdpAddress): void {
    const { version, token } = packet;
    if (!('gatewayId' in packet)) {
      this.handlers.dropped(undefined, `${packet.kind} goes to gateways, and does not come from them`, from);
      return;
    }
    const { gatewayId } = packet;
    if (!this.handlers.heard(gatewayId, from)) return;
    switch (packet.kind) {
      case 'PULL_DATA':
        this.routes.set(gatewayId, { address: from, version, pulledMs: this.wireClock.now() });
        this.reply({ version, token, kind: 'PULL_ACK' }, from);
        return;
      case 'PUSH_DATA':
        // At once, whatever is in it: it tells only that the network is there (protocol, 3.3).
        this.reply({ version, token, kind: 'PUSH_ACK' }, from);
        this.push(gatewayId, packet.body, from);
        return;
      case 'TX_ACK':
        this.acknowledged(gatewayId, token, packet.body, from);
    }
  }

  private push(gatewayId: string, body: unknown, from: UdpAddress): void {
    const read = this.attempt(
      gatewayId,
      from,
      (): PushData => readPushData(body, this.settings.loraMaxFramesPerDatagram),
    );
    if (!read) return;
    for (const problem of read.problems) this.handlers.dropped(gatewayId, problem, from);
    if (read.broken > 0) this.handlers.broken(gatewayId, read.broken);
    if (read.status) this.handlers.status(gatewayId, read.status);
    for (const packet of read.packets) this.handlers.received(gatewayId, packet);
  }

  private acknowledged(gatewayId: string, token: number, body: unknown, from: UdpAddress): void {
    const key = `${gatewayId} ${token}`;
    const awaited = this.awaited.get(key);
    if (!awaited) {
      this.handlers.dropped(gatewayId, 'TX_ACK for no frame that is waited for', from);
      return;
    }
    const answer = this.attempt(gatewayId, from, () => ({ error: readTxAck(body) }));
    if (!answer) return;
    this.awaited.delete(key);
    awaited.timer.cancel();
    awaited.done(answer.error);
  }

  private attempt<T>(gatewayId: string, from: UdpAddress, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof SemtechUdpError)) throw error;
      this.handlers.dropped(gatewayId, error.message, from);
      return undefined;
    }
  }

  private reply(packet: SemtechPacket, to: UdpAddress): void {
    this.socket?.send(encodePacket(packet), to);
  }
}
