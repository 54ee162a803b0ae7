import type { ClientDatagrams, ClientSocket } from '../../core/protocols/coaps/coaps-client.ts';
import type { PeerAddress } from '../../core/protocols/dtls/seams.ts';
import { airtimeMs } from '../../core/protocols/lorawan/airtime.ts';
import type { Region } from '../../core/protocols/lorawan/regions/region.ts';
import { bandOf } from '../../core/protocols/lorawan/regions/region.ts';
import { SemtechUdpError } from '../../core/protocols/semtech-udp/errors.ts';
import { decodePacket, encodePacket, type UpstreamPacket } from '../../core/protocols/semtech-udp/packet.ts';
import { type PacketToSend, readPullResp, writeTxAck } from '../../core/protocols/semtech-udp/pull-resp.ts';
import { type ReceivedPacket, writePushData } from '../../core/protocols/semtech-udp/push-data.ts';
import type { Schedule, Scheduled } from '../fleet/schedule.ts';
import type { SimulatorClock } from '../fleet/seams.ts';
import type { Ear, OnAir, Signal } from './radio/air.ts';
import type { Place } from './radio/link-loss.ts';

export interface GatewayParts {
  readonly datagrams: ClientDatagrams;
  readonly server: PeerAddress;
  readonly schedule: Schedule;
  /** The platform's time, which its status tells. */
  readonly clock: SimulatorClock;
  readonly region: Region;
  /** It begins to send a frame. */
  sends(gateway: SimulatedGateway, frame: Downlink): void;
}

/** A frame from a gateway, with its times by the schedule. */
export interface Downlink {
  readonly packet: PacketToSend;
  readonly startMs: number;
  readonly endMs: number;
}

/** Keep-alive and status of the reference forwarder, in milliseconds. */
const pullPeriodMs = 10_000;
const statusPeriodMs = 30_000;
/** Keep-alives without an answer after which the network counts as unreachable. */
const silentPulls = 3;
/** How far ahead a frame may be handed to a gateway (JIT queue of the reference forwarder). */
const mostAheadMs = 10_000;
/** Acknowledgements of the platform that are waited for; older ones do not come any more. */
const mostAwaited = 1000;
const counterSize = 2 ** 32;
const longestFrameMs = 10_000;

/** A gateway with a packet forwarder (Semtech UDP v2), which hears and sends on the simulated air. */
export class SimulatedGateway implements Ear {
  readonly id: string;
  readonly place: Place;
  private readonly parts: GatewayParts;
  private socket: ClientSocket | undefined;
  private readonly repeated: Partial<Record<'pull' | 'status', Scheduled>> = {};
  private readonly awaited = new Map<number, (() => void) | undefined>();
  private planned: Downlink[] = [];
  private outages: { readonly fromMs: number; readonly toMs: number }[] = [];
  private token = 0;
  private pullsUnanswered = 0;
  private readonly counts = { received: 0, forwarded: 0, downlinks: 0, sent: 0, pushed: 0, acknowledged: 0 };

  constructor(id: string, place: Place, parts: GatewayParts) {
    this.id = id;
    this.place = place;
    this.parts = parts;
  }

  get state(): 'online' | 'outage' | 'unreachable' {
    if (this.isOut(this.parts.schedule.nowMs())) return 'outage';
    return this.pullsUnanswered >= silentPulls ? 'unreachable' : 'online';
  }

  /** Rejects when no socket can be opened. */
  async open(): Promise<void> {
    const { address } = this.parts.server;
    const isHere = address === '::1' || address.startsWith('127.');
    const host = isHere ? address : address.includes(':') ? '::' : '0.0.0.0';
    this.socket = await this.parts.datagrams.bind({ host, port: 0 }, (datagram) => this.receive(datagram));
    this.pull();
    this.tellStatus();
  }

  async close(): Promise<void> {
    this.repeated.pull?.cancel();
    this.repeated.status?.cancel();
    const { socket } = this;
    this.socket = undefined;
    await socket?.close();
  }

  /** Is without power between these moments of the schedule: it neither hears nor sends, and forgets what it had to send. */
  addOutage(fromMs: number, toMs: number): void {
    this.outages.push({ fromMs, toMs });
    // Back again, it opens its way at once.
    this.parts.schedule.at(toMs, () => this.pull());
  }

  /** It is on, and does not send itself. */
  listens(startMs: number, endMs: number): boolean {
    if (this.outages.some(({ fromMs, toMs }) => fromMs < endMs && toMs > startMs)) return false;
    return !this.planned.some((downlink) => downlink.startMs < endMs && downlink.endMs > startMs);
  }

  /** A frame came in. @param taken called when the platform has acknowledged it */
  hear(frame: OnAir, data: Uint8Array, { rssi, snr }: Signal, taken: () => void): void {
    this.counts.received += 1;
    const packet: ReceivedPacket = {
      counterUs: Math.floor(frame.endMs * 1000) % counterSize,
      ...{ timeMs: undefined, frequencyHz: frame.frequencyHz, channel: 0, rfChain: 0 },
      modulation: { kind: 'LORA', ...frame.rate, codingRate: '4/5' },
      ...{ rssi, snr, data },
    };
    this.counts.forwarded += 1;
    this.push(writePushData([packet]), taken);
  }

  private isOut(nowMs: number): boolean {
    return this.outages.some(({ fromMs, toMs }) => fromMs <= nowMs && nowMs < toMs);
  }

  private pull(): void {
    const { schedule } = this.parts;
    this.repeated.pull?.cancel();
    this.repeated.pull = schedule.at(schedule.nowMs() + pullPeriodMs, () => this.pull());
    this.pullsUnanswered += 1;
    this.send({ ...this.header(), kind: 'PULL_DATA', gatewayId: this.id });
  }

  private tellStatus(): void {
    const { schedule, clock } = this.parts;
    this.repeated.status = schedule.at(schedule.nowMs() + statusPeriodMs, () => this.tellStatus());
    const { received, forwarded, downlinks, sent, pushed, acknowledged } = this.counts;
    const { lat: latitude, lon: longitude } = this.place;
    const status = {
      ...{ timeMs: clock.now(), latitude, longitude, altitude: 0 },
      ...{ received, receivedOk: received, forwarded, downlinks, sent },
      acknowledgedPercent:
        pushed === 0 ? 100 : Math.min(100, Math.round((1000 * acknowledged) / pushed) / 10),
    };
    this.push(writePushData([], status));
  }

  private push(body: Record<string, unknown>, taken?: () => void): void {
    const header = this.header();
    this.counts.pushed += 1;
    this.awaited.set(header.token, taken);
    const [oldest] = this.awaited.keys();
    if (this.awaited.size > mostAwaited && oldest !== undefined) this.awaited.delete(oldest);
    this.send({ ...header, kind: 'PUSH_DATA', gatewayId: this.id, body });
  }

  private receive(datagram: Uint8Array): void {
    if (this.isOut(this.parts.schedule.nowMs())) return;
    try {
      const packet = decodePacket(datagram);
      if (packet.kind === 'PULL_ACK') this.pullsUnanswered = 0;
      else if (packet.kind === 'PUSH_ACK') this.acknowledged(packet.token);
      else if (packet.kind === 'PULL_RESP') this.queue(packet.token, readPullResp(packet.body));
    } catch (error) {
      // What a gateway does not understand it drops.
      if (!(error instanceof SemtechUdpError)) throw error;
    }
  }

  private acknowledged(token: number): void {
    if (!this.awaited.has(token)) return;
    this.counts.acknowledged += 1;
    const taken = this.awaited.get(token);
    this.awaited.delete(token);
    taken?.();
  }

  /** Takes a frame to send at its time, or says why not (protocol v2, 5.5). */
  private queue(token: number, packet: PacketToSend): void {
    const { schedule } = this.parts;
    this.counts.downlinks += 1;
    const nowMs = schedule.nowMs();
    // Longer than any frame: one that came in meanwhile is judged when it is over.
    this.planned = this.planned.filter(({ endMs }) => endMs > nowMs - longestFrameMs);
    const startMs = startOf(packet, nowMs);
    const { modulation, data, noCrc } = packet;
    const lengthMs = modulation.kind === 'LORA' ? airtimeMs(modulation, data.length, !noCrc) : 0;
    const downlink = { packet, startMs, endMs: startMs + lengthMs };
    const error = this.problemOf(downlink, nowMs);
    this.send({ ...this.header(token), kind: 'TX_ACK', gatewayId: this.id, body: writeTxAck(error) });
    if (error !== undefined) return;
    this.planned.push(downlink);
    schedule.at(startMs, () => {
      if (this.isOut(startMs)) return;
      this.counts.sent += 1;
      this.parts.sends(this, downlink);
    });
  }

  private problemOf({ packet, startMs, endMs }: Downlink, nowMs: number): string | undefined {
    if (packet.modulation.kind !== 'LORA' || !bandOf(this.parts.region, packet.frequencyHz)) return 'TX_FREQ';
    if (startMs < nowMs) return 'TOO_LATE';
    if (startMs - nowMs > mostAheadMs) return 'TOO_EARLY';
    const collides = this.planned.some((other) => other.startMs < endMs && other.endMs > startMs);
    return collides ? 'COLLISION_PACKET' : undefined;
  }

  private header(token?: number): { version: 2; token: number } {
    if (token !== undefined) return { version: 2, token };
    this.token = (this.token + 1) % 65_536;
    return { version: 2, token: this.token };
  }

  private send(packet: UpstreamPacket): void {
    if (this.isOut(this.parts.schedule.nowMs())) return;
    this.socket?.send(encodePacket(packet), this.parts.server);
  }
}

/** When a frame is to begin, by the schedule: the gateway's counter runs with it. */
function startOf({ counterUs }: PacketToSend, nowMs: number): number {
  if (counterUs === undefined) return nowMs;
  const nowUs = Math.floor(nowMs * 1000);
  const ahead = (((counterUs - nowUs) % counterSize) + counterSize) % counterSize;
  return (nowUs + (ahead >= counterSize / 2 ? ahead - counterSize : ahead)) / 1000;
}
