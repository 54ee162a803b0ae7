import type { AuditLog } from '../../audit/audit-log.ts';
import type { EventBus } from '../../bus/event-bus.ts';
import type { TraceStore } from '../../bus/trace-store.ts';
import type { PlatformEvents } from '../../contract/events.ts';
import type { DataService } from '../../data/data-service.ts';
import type { DeviceInterface, InterfaceRegistry } from '../../inventory/types.ts';
import type { Clock } from '../../platform/clock.ts';
import type { DatagramSocket, UdpAddress } from '../../platform/datagrams.ts';
import type { Logger } from '../../platform/logger.ts';
import type { RandomSource } from '../../platform/random.ts';
import { LorawanError } from '../../protocols/lorawan/errors.ts';
import { typeOf } from '../../protocols/lorawan/frame-type.ts';
import { regionOfUplink } from '../../protocols/lorawan/regions/index.ts';
import type { ReceivedPacket } from '../../protocols/semtech-udp/push-data.ts';
import type { EventRouter } from '../../routing/event-router.ts';
import type { Store } from '../../store/types.ts';
import type { CommandReports, Connectivity } from '../connector.ts';
import { ConsistencyCheck } from './consistency.ts';
import { Deduplication, type HeardFrame } from './deduplication.ts';
import { Downlinks } from './downlinks.ts';
import { Gateways } from './gateways.ts';
import { JoinServer } from './join-server.ts';
import { FrameLog } from './log/frame-log.ts';
import { FrameLogService } from './log/frame-log-service.ts';
import { LoraCommands } from './lora-commands.ts';
import { LoraEvents } from './lora-events.ts';
import { LoraLog } from './lora-log.ts';
import { LoraNodes } from './lora-nodes.ts';
import type { LoraSettings } from './lora-settings.ts';
import { PacketForwarders } from './packet-forwarders.ts';
import { LoraState } from './state/lora-state.ts';
import { Transmitter } from './transmitter.ts';
import { Uplinks } from './uplinks.ts';

export interface LoraConnectorParts {
  readonly registry: InterfaceRegistry;
  readonly data: DataService;
  readonly store: Store;
  readonly traces: TraceStore;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly router: EventRouter;
  readonly commands: CommandReports;
  readonly bus: EventBus<PlatformEvents>;
  /** The platform's time, for what is stored and shown. */
  readonly clock: Clock;
  /** Real time: receive windows and duty cycles are promises of radios. */
  readonly wireClock: Clock;
  readonly random: RandomSource;
  readonly logger: Logger;
  readonly settings: LoraSettings;
  /** Every LoRa interface of every tenant. */
  interfaces(): Iterable<DeviceInterface>;
  operatorTenant(): string | undefined;
}

/** A LoRaWAN 1.0 network behind packet forwarders, with its devices (manual 5.5.1). */
export class LoraConnector {
  readonly connectivity: Connectivity;
  readonly gateways: Gateways;
  readonly frames: FrameLogService;
  readonly state: LoraState;
  private readonly clock: Clock;
  private readonly wireClock: Clock;
  private readonly log: LoraLog;
  private readonly nodes: LoraNodes;
  private readonly forwarders: PacketForwarders;
  private readonly transmitter: Transmitter;
  private readonly deduplication: Deduplication;
  private readonly joins: JoinServer;
  private readonly uplinks: Uplinks;
  private readonly downlinks: Downlinks;
  private readonly consistency: ConsistencyCheck;

  constructor(parts: LoraConnectorParts) {
    const { settings, wireClock, commands: reports } = parts;
    const frames = new FrameLog(settings);
    this.frames = new FrameLogService(frames, parts);
    const log = new LoraLog({ ...parts, frames });
    const events = new LoraEvents(parts);
    const nodes = new LoraNodes(parts);
    const gateways = new Gateways({
      ...parts,
      changed: (gateway) => {
        log.gatewayChanged(gateway);
        const { statements, enter } = events.ofGateway(gateway);
        if (statements.length > 0) parts.store.append(statements, (error) => error || enter());
        else enter();
        if (gateway.online !== 'ONLINE') this.forwarders.forget(gateway.id);
      },
    });
    this.forwarders = new PacketForwarders(parts, {
      heard: (gatewayId, from) => this.heard(gatewayId, from),
      received: (gatewayId, packet) => this.received(gatewayId, packet),
      status: (gatewayId, status) => {
        const gateway = gateways.find(gatewayId);
        if (gateway) gateways.status(gateway, status);
      },
      broken: (gatewayId, count) => {
        const gateway = gateways.find(gatewayId);
        if (gateway) log.dropBroken(gateway, count);
      },
      dropped: (gatewayId, reason, from) => this.refused(gatewayId, reason, from),
    });
    const { forwarders } = this;
    const transmitter = new Transmitter({ wireClock, forwarders, gateways });
    const downlinks = new Downlinks({ ...parts, nodes, transmitter, events, log, frames, reports });
    this.downlinks = downlinks;
    this.joins = new JoinServer({ ...parts, nodes, transmitter, events, log, frames });
    this.uplinks = new Uplinks({ ...parts, nodes, downlinks, events, log, frames });
    this.deduplication = new Deduplication(parts, (frame) => this.handle(frame));
    this.consistency = new ConsistencyCheck({ ...parts, nodes, log });
    this.state = new LoraState({ ...parts, nodes, gateways, transmitter });
    this.connectivity = {
      connector: 'lora',
      commands: new LoraCommands({ nodes, downlinks, reports }, settings),
    };
    this.clock = parts.clock;
    this.wireClock = wireClock;
    this.log = log;
    this.nodes = nodes;
    this.transmitter = transmitter;
    this.gateways = gateways;
  }

  /** How often something that came was dropped, by reason, since the program started. */
  get dropped(): Readonly<Record<string, number>> {
    return this.log.dropped;
  }

  attach(socket: DatagramSocket): void {
    this.forwarders.attach(socket);
  }

  receive(datagram: Uint8Array, from: UdpAddress): void {
    this.forwarders.receive(datagram, from);
  }

  async start(): Promise<void> {
    await this.gateways.start();
    await this.nodes.start();
    this.consistency.start();
    this.forwarders.start();
  }

  stop(): void {
    this.forwarders.stop();
    this.deduplication.stop();
    this.consistency.stop();
    for (const node of this.nodes.all()) this.downlinks.close(node);
    this.nodes.stop();
    this.gateways.stop();
    this.transmitter.clear();
  }

  private received(gatewayId: string, packet: ReceivedPacket): void {
    const gateway = this.gateways.find(gatewayId);
    if (!gateway) return;
    gateway.uplinks++;
    const heardRegion = regionOfUplink(packet.frequencyHz);
    if (heardRegion) this.gateways.heardIn(gateway, heardRegion);
    const copy = { gateway, packet };
    const times = { heardMs: this.wireClock.now(), receivedMs: this.clock.now() };
    const alone = { bytes: packet.data, copies: [copy] as const, ...times };
    if (packet.modulation.kind !== 'LORA') {
      this.log.dropFrame(alone, 'notLora', `Frame by ${packet.modulation.kind}; the network speaks LoRa`);
      return;
    }
    if (gateway.region && heardRegion !== gateway.region) {
      const text = `Frame on ${packet.frequencyHz / 1e6} MHz at a gateway that is set to ${gateway.region}`;
      this.log.dropFrame(alone, 'otherRegion', text);
      return;
    }
    const problem = this.deduplication.take(copy);
    if (problem !== 'full' && problem !== 'gatewayFull') return;
    const setting = problem === 'full' ? 'loraMaxOpenFrames' : 'loraMaxOpenFramesPerGateway';
    this.log.dropFrame(alone, 'overload', `More frames at a time than ${setting} allows`);
  }

  private heard(gatewayId: string, { address, port }: UdpAddress): boolean {
    if (this.gateways.heard(gatewayId)) return true;
    const why = `Gateway ${gatewayId} is not registered, and not listened to: there are as many as loraGatewayMaxPerTenant allows, or loraUnknownGateways is off`;
    this.log.dropUnknown('unknownGateway', why, { remoteAddress: address, remotePort: port });
    return false;
  }

  private handle(frame: HeardFrame): void {
    try {
      const type = typeOf(frame.bytes);
      if (type === 'JOIN_REQUEST') this.joins.handle(frame);
      else if (type === 'UNCONFIRMED_DATA_UP' || type === 'CONFIRMED_DATA_UP') this.uplinks.handle(frame);
      else
        this.log.dropFrame(
          frame,
          'unexpectedFrame',
          `Frame of type ${type}, which devices of LoRaWAN 1.0 do not send`,
        );
    } catch (error) {
      if (!(error instanceof LorawanError)) throw error;
      this.log.dropFrame(frame, 'malformedFrame', error.message);
    }
  }

  private refused(gatewayId: string | undefined, reason: string, { address, port }: UdpAddress): void {
    const gateway = gatewayId === undefined ? undefined : this.gateways.find(gatewayId);
    if (gateway) this.log.dropAt(gateway, 'malformedDatagram', reason);
    else this.log.dropUnknown('malformedDatagram', reason, { remoteAddress: address, remotePort: port });
  }
}
