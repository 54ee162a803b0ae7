import type { MessageTrace } from '../../bus/message-trace.ts';
import type { TraceStore } from '../../bus/trace-store.ts';
import type { DataService } from '../../data/data-service.ts';
import type { DeviceInterface, InterfaceRegistry } from '../../inventory/types.ts';
import type { Clock } from '../../platform/clock.ts';
import { cryptPayload, decodeDataFrame, type ReceivedDataFrame } from '../../protocols/lorawan/data-frame.ts';
import { LorawanError } from '../../protocols/lorawan/errors.ts';
import { maxFrameCounterGap } from '../../protocols/lorawan/frame-counter.ts';
import { isConfirmed } from '../../protocols/lorawan/frame-type.ts';
import { uplinkCommands } from '../../protocols/lorawan/mac-commands.ts';
import { uplinkDataRate } from '../../protocols/lorawan/regions/region.ts';
import type { Store } from '../../store/types.ts';
import type { HeardFrame } from './deduplication.ts';
import type { DownlinkWishes } from './downlink-window.ts';
import type { Downlinks } from './downlinks.ts';
import { findSession } from './find-session.ts';
import type { FrameKnowledge, FrameLog } from './log/frame-log.ts';
import type { LoraEvents } from './lora-events.ts';
import { followsFrames } from './lora-interfaces.ts';
import type { LoraLog } from './lora-log.ts';
import type { LastUplink, LoraNode, LoraSession } from './lora-node.ts';
import { addressesOf, type LoraNodes } from './lora-nodes.ts';
import type { LoraSettings } from './lora-settings.ts';
import { actOnCommands, type MacOutcome } from './mac-answers.ts';
import { profileOf } from './profiles.ts';
import { averageSignalLevel } from './signal.ts';
import { espOf, locationOf, signalOf, type UplinkSignal } from './uplink-signal.ts';

export interface UplinksParts {
  readonly nodes: LoraNodes;
  readonly registry: InterfaceRegistry;
  readonly data: DataService;
  readonly store: Store;
  readonly traces: TraceStore;
  readonly clock: Clock;
  readonly downlinks: Downlinks;
  readonly events: LoraEvents;
  readonly log: LoraLog;
  readonly frames: FrameLog;
  readonly settings: Pick<LoraSettings, 'loraAdrUplinks'>;
}

/** A data frame whose device, session and data rate are known. */
interface Uplink {
  readonly frame: ReceivedDataFrame;
  readonly heard: HeardFrame;
  readonly node: LoraNode;
  readonly session: LoraSession;
  readonly fCnt: number;
  readonly dataRate: number;
  /** Decrypted. */
  readonly payload: Uint8Array;
  readonly known: FrameKnowledge;
  readonly signal: UplinkSignal;
}

/** Takes data frames of devices: proves, decrypts, stores them, and lets the device be answered (LoRaWAN 1.0.3, 4). */
export class Uplinks {
  private readonly parts: UplinksParts;

  constructor(parts: UplinksParts) {
    this.parts = parts;
  }

  handle(heard: HeardFrame): void {
    const { log, nodes } = this.parts;
    let frame: ReceivedDataFrame;
    try {
      frame = decodeDataFrame(heard.bytes);
    } catch (error) {
      if (!(error instanceof LorawanError)) throw error;
      log.dropFrame(heard, 'malformedFrame', error.message);
      return;
    }
    const found = findSession(frame, nodes.findByDevAddr(frame.devAddr));
    if (found.kind === 'unknown') {
      const address = frame.devAddr.toString(16).toUpperCase().padStart(8, '0');
      log.dropFrame(heard, 'unknownDevAddr', `Uplink of address ${address}, which no joined device has`);
      return;
    }
    const { via } = found.node;
    if (found.kind === 'wrongMic') {
      const why = 'Uplink whose MIC is not by the keys of the session';
      log.dropOf(via, heard, 'wrongMic', why, { micIsRight: false });
      return;
    }
    if (found.kind === 'past') {
      const { fCnt } = found;
      const why = `Uplink with frame counter ${fCnt}, which is of the past`;
      log.dropOf(via, heard, 'repeatedCounter', why, { micIsRight: true, fCnt });
      return;
    }
    if (found.kind === 'ahead') {
      const { fCnt, last } = found;
      const than = last === undefined ? 'for the first of a session' : `after ${last}`;
      const why = `Uplink with frame counter ${fCnt}, which is too high ${than}: it may run ahead by ${maxFrameCounterGap - 1}`;
      log.dropOf(via, heard, 'counterGap', why, { micIsRight: true, fCnt });
      return;
    }
    const { node, session, fCnt, repeated } = found;
    const proven = { micIsRight: true, fCnt };
    if (!via.enabled) {
      log.dropOf(via, heard, 'disabled', 'Uplink of an interface that is disabled', proven);
      return;
    }
    const dataRate = this.dataRateOf(via, heard, proven);
    if (dataRate === undefined) return;
    const payload = cryptPayload(frame, session.keys, fCnt);
    const known = { ...proven, payload, dataRate, region: profileOf(via)?.region };
    const uplink: Uplink = {
      frame,
      heard,
      node,
      session,
      fCnt,
      dataRate,
      payload,
      known,
      signal: signalOf(heard),
    };
    if (!repeated) {
      void this.take(uplink);
      return;
    }
    this.logged(uplink, { note: 'repeated' });
    // While the first is not stored yet there is nothing to acknowledge.
    if (node.storing !== fCnt) this.listen(uplink, { answers: [], battery: undefined });
  }

  /** The data rate of the uplink; undefined when the device's region has none such, or nobody knows its region. */
  private dataRateOf(via: DeviceInterface, heard: HeardFrame, proven: FrameKnowledge): number | undefined {
    const { log } = this.parts;
    const [{ packet }] = heard.copies;
    const profile = profileOf(via);
    if (!profile) {
      log.dropOf(via, heard, 'unknownProfile', 'Uplink of a device whose profile is not known', proven);
      return undefined;
    }
    const { region } = profile;
    const { modulation, frequencyHz } = packet;
    const found = modulation.kind === 'LORA' ? uplinkDataRate(region, modulation) : undefined;
    if (found !== undefined && region.takesUplink(frequencyHz)) return found;
    const why = `Uplink on ${frequencyHz / 1e6} MHz is not of ${region.name}`;
    log.dropOf(via, heard, 'otherRegion', why, proven);
    return undefined;
  }

  private async take(uplink: Uplink): Promise<void> {
    const { nodes, log, data, store } = this.parts;
    const { frame, heard, node, session, fCnt, signal, payload } = uplink;
    const { via } = node;
    const { awaited: before } = node;
    const undo = this.advance(uplink);
    const lost = before && !node.awaited ? before : undefined;
    const isMac = !isForApplications(frame.fPort);
    const logId = this.parts.frames.number();
    const trace = this.beginTrace(uplink, logId);
    const outcome = actOnCommands(
      this.readCommands(uplink, isMac ? payload : undefined),
      node,
      session,
      signal,
      heard.receivedMs,
    );
    const acknowledged = frame.ack ? node.awaited : undefined;
    if (acknowledged) node.awaited = undefined;
    const told = this.parts.events.prepare(via, {
      ...{ messageType: frame.type, port: frame.fPort, fcnt: fCnt, ack: frame.ack, signal },
      ...(isMac ? {} : { payload }),
    });
    const statements = [nodes.put(node), ...told.statements];
    try {
      if (isMac) await store.commit(statements);
      else await data.acceptAll([this.message(uplink, payload, trace)], statements);
    } catch (error) {
      // The device has to send it again, and then it must not be taken for a repetition.
      undo();
      if (acknowledged) node.awaited ??= acknowledged;
      log.dropOf(via, heard, 'notStored', `Uplink ${fCnt}: ${(error as Error).message}`, uplink.known);
      return;
    }
    if (node.storing === fCnt) node.storing = undefined;
    this.logged(uplink, { messageId: trace.messageId }, logId);
    told.enter();
    this.note(uplink, isMac, outcome.battery);
    if (lost) this.parts.downlinks.lost(lost);
    if (acknowledged) this.parts.downlinks.acknowledged(acknowledged);
    this.listen(uplink, outcome);
  }

  /** The session goes on to this frame. @returns what puts it back */
  private advance({ frame, node, session, fCnt, dataRate, signal, heard }: Uplink): () => void {
    const { nodes, settings } = this.parts;
    const { awaited, adr, lastUplink, pending, history } = node;
    const before = { session: node.session, pending, history, awaited, adr, lastUplink };
    const { fCntUp } = session;
    if (session === node.pending) {
      const addresses = addressesOf(node);
      Object.assign(node, { session, pending: undefined, history: [], adr: undefined, awaited: undefined });
      nodes.reindex(node, addresses);
    }
    session.fCntUp = fCnt;
    node.storing = fCnt;
    const quality = { fCnt, dataRate, snr: signal.snr, level: signal.signalLevel };
    node.history = [...node.history, quality].slice(-settings.loraAdrUplinks);
    node.lastUplink = this.lastUplink(frame, heard, dataRate);
    return () => {
      if (session.fCntUp !== fCnt) return;
      const addresses = addressesOf(node);
      Object.assign(node, before, { storing: undefined });
      session.fCntUp = fCntUp;
      nodes.reindex(node, addresses);
    };
  }

  private lastUplink({ adr }: ReceivedDataFrame, { copies }: HeardFrame, dataRate: number): LastUplink {
    const heardBy = copies.map((copy) => {
      const { rssi, snr = 0 } = copy.packet;
      return { gatewayId: copy.gateway.id, rssi, snr, esp: espOf(copy) };
    });
    const { frequencyHz } = copies[0].packet;
    return { timeMs: this.parts.clock.now(), dataRate, frequencyHz, adr, heardBy };
  }

  private readCommands({ frame, heard, node }: Uplink, payload: Uint8Array | undefined) {
    const { fPort } = frame;
    if (fPort !== undefined && fPort > lastPort) {
      const why = `Payload on port ${fPort}; those of applications are 1 to ${lastPort}`;
      this.parts.log.dropPart(node.via, heard, 'unexpectedFrame', why);
    }
    const bytes = fPort === 0 && payload ? payload : frame.fOpts;
    const { commands, problem } = uplinkCommands.read(bytes);
    if (problem !== undefined) this.parts.log.dropPart(node.via, heard, 'malformedFrame', problem);
    return commands;
  }

  /** Shows the frame to those who look. */
  private logged({ node: { via }, heard, known }: Uplink, more: FrameKnowledge, seq?: number): void {
    const { frames, clock } = this.parts;
    const frame = { tenantId: via.device.tenantId, via, bytes: heard.bytes, heard, sent: undefined };
    frames.add(clock.now(), { ...frame, known: { ...known, ...more }, dropped: undefined }, seq);
  }

  private beginTrace({ node: { via }, heard, frame }: Uplink, logId: number): MessageTrace {
    const { tenantId } = via.device;
    const target = frame.fPort === undefined ? 'no port' : `port ${frame.fPort}`;
    const origin = { tenantId, connector: 'lora' as const, sender: via.nodeId, target };
    return this.parts.traces.begin({ ...origin, loraFrameId: String(logId) }, heard.bytes);
  }

  /** The data message of an uplink (facts 15). */
  private message(
    { node: { via }, frame, fCnt, signal, heard }: Uplink,
    payload: Uint8Array,
    trace: MessageTrace,
  ) {
    const estimated = locationOf(via, heard);
    const lora = {
      ...{ devEUI: via.nodeId, port: frame.fPort, fcnt: fCnt, messageType: frame.type, ack: frame.ack },
      ...signal,
      ...(estimated && { location: estimated }),
    };
    return {
      origin: { tenantId: via.device.tenantId, connector: 'lora' as const, via, network: { lora } },
      input: {
        ...{ streamId: undefined, timestampMs: undefined, tags: undefined, encoding: undefined, ignored: [] },
        model: 'lora_v0',
        value: { payload: Buffer.from(payload).toString('hex') },
        location: estimated && { ...estimated, provider: 'lora' },
      },
      trace,
    };
  }

  /** What the interface shows of the device (manual 5.5.1.2). */
  private note({ node, fCnt, signal }: Uplink, isMac: boolean, battery: number | undefined): void {
    const { registry } = this.parts;
    const { via, history } = node;
    registry.touch(via);
    void registry.updateSession(via, {
      // Frames of the network alone are no uplinks of the device (manual 5.2.1.4).
      ...(!isMac && followsFrames(via) && { status: 'ACTIVATED' as const }),
      activity: {
        ...{
          lastUlFcnt: fCnt,
          lastSignalLevel: signal.signalLevel,
          avgSignalLevel: averageSignalLevel(history),
        },
        ...(battery !== undefined && { lastBatteryLevel: battery }),
        ...(!isMac &&
          followsFrames(via) &&
          via.status !== 'ACTIVATED' && { lastActivationTs: new Date(this.parts.clock.now()).toISOString() }),
      },
    });
  }

  private listen({ frame, heard, node, dataRate }: Uplink, { answers }: MacOutcome): void {
    const wishes: DownlinkWishes = { ack: isConfirmed(frame.type), must: frame.adrAckReq, commands: answers };
    const uplink = { frequencyHz: heard.copies[0].packet.frequencyHz, dataRate };
    this.parts.downlinks.open(node, heard, uplink, wishes, frame.adr);
  }
}

/** Ports above are for tests of the network, or reserved (LoRaWAN 1.0.3, 4.3.2). */
const lastPort = 223;
const isForApplications = (port: number | undefined): boolean =>
  port !== undefined && port > 0 && port <= lastPort;
