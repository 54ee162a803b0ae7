import type { DeviceInterface, InterfaceRegistry } from '../../inventory/types.ts';
import type { Clock } from '../../platform/clock.ts';
import type { RandomSource } from '../../platform/random.ts';
import { LorawanError } from '../../protocols/lorawan/errors.ts';
import {
  decodeJoinRequest,
  encodeJoinAccept,
  isJoinOf,
  type JoinAccept,
  type ReceivedJoinRequest,
  sessionKeys,
} from '../../protocols/lorawan/join.ts';
import { cfListOf, uplinkDataRate } from '../../protocols/lorawan/regions/region.ts';
import type { Store } from '../../store/types.ts';
import type { HeardFrame } from './deduplication.ts';
import type { FrameLog } from './log/frame-log.ts';
import type { LoraEvents } from './lora-events.ts';
import { followsFrames } from './lora-interfaces.ts';
import type { LoraLog } from './lora-log.ts';
import { addressesOf, type LoraNodes } from './lora-nodes.ts';
import type { LoraSettings } from './lora-settings.ts';
import { definitionOf, type LoraProfile, profileOf } from './profiles.ts';
import { problemsOf, type Transmitter, waysAfter } from './transmitter.ts';
import { signalOf } from './uplink-signal.ts';

export interface JoinServerParts {
  readonly nodes: LoraNodes;
  readonly registry: InterfaceRegistry;
  readonly store: Store;
  readonly random: RandomSource;
  readonly transmitter: Transmitter;
  readonly events: LoraEvents;
  readonly log: LoraLog;
  readonly frames: FrameLog;
  /** The platform's time. */
  readonly clock: Clock;
  readonly settings: Pick<LoraSettings, 'loraNetId' | 'loraRx1DelaySeconds' | 'loraMaxDevNonces'>;
}

/** Seconds from a join-request to RX1 for its answer (Regional Parameters, JOIN_ACCEPT_DELAY1 of all regions). */
const joinAcceptDelayS = 5;
/** The MIC is by the appKey of the interface. */
const byKey = { micIsRight: true };

/** Lets devices into the network (LoRaWAN 1.0.3, 6.2). */
export class JoinServer {
  private readonly parts: JoinServerParts;

  constructor(parts: JoinServerParts) {
    this.parts = parts;
  }

  handle(frame: HeardFrame): void {
    const { log } = this.parts;
    let request: ReceivedJoinRequest;
    try {
      request = decodeJoinRequest(frame.bytes);
    } catch (error) {
      if (!(error instanceof LorawanError)) throw error;
      log.dropFrame(frame, 'malformedFrame', error.message);
      return;
    }
    const via = this.find(request, frame);
    if (!via) return;
    const profile = profileOf(via);
    if (!profile) {
      const { profile: name } = definitionOf(via);
      const why = `Join-request of a device whose profile ${name} is not known`;
      log.dropOf(via, frame, 'unknownProfile', why, byKey);
      return;
    }
    void this.accept(via, profile, request, frame);
  }

  /** Who sent a join-request. Tenants may have the same DevEUI; the key tells whose device it is. */
  private find(request: ReceivedJoinRequest, frame: HeardFrame): DeviceInterface | undefined {
    const { log, nodes } = this.parts;
    const known = nodes.findByDevEui(request.devEui);
    if (known.length === 0) {
      log.dropFrame(frame, 'unknownDevEui', `Join-request of ${request.devEui}, which no LoRa interface has`);
      return undefined;
    }
    const fitting = known.filter((via) => definitionOf(via).appEUI === request.appEui);
    for (const via of fitting.length === 0 ? known : []) {
      const { appEUI } = definitionOf(via);
      const why = `Join-request with appEUI ${request.appEui}; the interface has ${appEUI}`;
      log.dropOf(via, frame, 'wrongAppEui', why);
    }
    const proven = fitting.filter((via) => isJoinOf(request, Buffer.from(definitionOf(via).appKey, 'hex')));
    for (const via of proven.length === 0 ? fitting : []) {
      const why = 'Join-request whose MIC is not by the appKey of the interface';
      log.dropOf(via, frame, 'wrongMic', why, { micIsRight: false });
    }
    const [via] = proven.filter(({ enabled }) => enabled);
    if (!via && proven[0])
      log.dropOf(proven[0], frame, 'disabled', 'Join-request of an interface that is disabled', byKey);
    return via;
  }

  private async accept(
    via: DeviceInterface,
    profile: LoraProfile,
    request: ReceivedJoinRequest,
    frame: HeardFrame,
  ): Promise<void> {
    const { nodes, registry, store, events, log, frames, clock, settings } = this.parts;
    const [{ packet }] = frame.copies;
    const { region, rx2DataRate } = profile;
    const dataRate =
      packet.modulation.kind === 'LORA' ? uplinkDataRate(region, packet.modulation) : undefined;
    if (dataRate === undefined || !region.takesUplink(packet.frequencyHz)) {
      const why = `Join-request on ${packet.frequencyHz / 1e6} MHz is not of ${region.name}`;
      log.dropOf(via, frame, 'otherRegion', why, byKey);
      return;
    }
    const node = nodes.make(via);
    const { devNonce } = request;
    if (node.devNonces.includes(devNonce)) {
      const why = `Join-request with DevNonce ${devNonce}, which was used before`;
      log.dropOf(via, frame, 'repeatedDevNonce', why, byKey);
      return;
    }
    const before = { addresses: addressesOf(node), pending: node.pending, devNonces: node.devNonces };
    node.devNonces = [...node.devNonces, devNonce].slice(-settings.loraMaxDevNonces);
    node.appNonce = (node.appNonce + 1) % 2 ** 24;
    const accept: JoinAccept = {
      appNonce: node.appNonce,
      netId: settings.loraNetId,
      devAddr: this.freeAddress(),
      rx1DrOffset: 0,
      rx2DataRate,
      rxDelayS: Math.floor(settings.loraRx1DelaySeconds),
      cfList: cfListOf(region),
    };
    const appKey = Buffer.from(definitionOf(via).appKey, 'hex');
    const { devAddr, rxDelayS } = accept;
    const session = {
      devAddr,
      rxDelayS,
      rx2DataRate,
      fCntUp: undefined,
      fCntDown: 0,
      txPower: 0,
      nbTrans: 1,
      dwellTime: true,
    };
    node.pending = { ...session, keys: sessionKeys(appKey, accept, devNonce) };
    nodes.reindex(node, before.addresses);
    registry.touch(via);
    if (followsFrames(via)) void registry.updateSession(via, { status: 'INITIALIZING' });
    const requested = events.prepare(via, { messageType: 'JOIN_REQUEST', signal: signalOf(frame) });
    try {
      await store.commit([nodes.put(node), ...requested.statements]);
    } catch (error) {
      // The device asks again, perhaps with the same nonce.
      const added = addressesOf(node);
      Object.assign(node, { pending: before.pending, devNonces: before.devNonces });
      nodes.reindex(node, added);
      log.dropOf(via, frame, 'notStored', `Join-request: ${(error as Error).message}`, byKey);
      return;
    }
    requested.enter();
    const { tenantId } = via.device;
    const logged = { tenantId, via, bytes: frame.bytes, heard: frame, sent: undefined, dropped: undefined };
    frames.add(clock.now(), { ...logged, known: { ...byKey, dataRate, region } });
    this.answer(via, profile, accept, { frequencyHz: packet.frequencyHz, dataRate }, frame);
  }

  private answer(
    via: DeviceInterface,
    { region }: LoraProfile,
    accept: JoinAccept,
    uplink: { frequencyHz: number; dataRate: number },
    frame: HeardFrame,
  ): void {
    const { transmitter, registry, events, log, frames, clock, store } = this.parts;
    const bytes = encodeJoinAccept(accept, Buffer.from(definitionOf(via).appKey, 'hex'));
    // Until it has the answer the device knows no other RX2 than that of its region.
    const ways = waysAfter(frame, joinAcceptDelayS, region.rx1(uplink, 0), region.rx2);
    transmitter.send(bytes, region, ways, (result) => {
      const { way, problems } = result;
      const dropped = way ? undefined : { reason: 'notSent', text: problemsOf(result) };
      const logged = { tenantId: via.device.tenantId, via, bytes, heard: undefined, dropped };
      const known = { ...byKey, accept, region };
      frames.add(clock.now(), { ...logged, known, sent: { way, tried: problems.map(({ text }) => text) } });
      if (!way) {
        log.tell(via, 'error', 'Join-accept not sent', problemsOf(result));
        return;
      }
      // It may have been heard, or disabled, meanwhile.
      if (via.status === 'INITIALIZING') void registry.updateSession(via, { status: 'INITIALIZED' });
      const told = events.prepare(via, { messageType: 'JOIN_ACCEPT', gatewayId: way.gatewayId });
      if (told.statements.length > 0) store.append(told.statements, (error) => error || told.enter());
    });
  }

  /** An address of our network that no other device has (LoRaWAN 1.0.3, 6.1.1). */
  private freeAddress(): number {
    const prefix = (this.parts.settings.loraNetId & 0x7f) * 2 ** 25;
    for (;;) {
      const [a = 0, b = 0, c = 0, d = 0] = this.parts.random.bytes(4);
      const devAddr = prefix + (a & 1) * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
      if (!this.parts.nodes.isTaken(devAddr)) return devAddr;
    }
  }
}
