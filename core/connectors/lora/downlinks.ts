import type { InterfaceRegistry } from '../../inventory/types.ts';
import type { Clock } from '../../platform/clock.ts';
import { encodeDataFrame, longestFOpts } from '../../protocols/lorawan/data-frame.ts';
import { type DownlinkCommand, downlinkCommands } from '../../protocols/lorawan/mac-commands.ts';
import type { RadioSlot } from '../../protocols/lorawan/regions/region.ts';
import type { Store } from '../../store/types.ts';
import type { CommandReports, DeliveryRef } from '../connector.ts';
import type { HeardFrame } from './deduplication.ts';
import type { DownlinkWindow, DownlinkWishes } from './downlink-window.ts';
import type { FrameKnowledge, FrameLog } from './log/frame-log.ts';
import type { LoraEvents } from './lora-events.ts';
import type { LoraLog } from './lora-log.ts';
import type { AwaitedAck, LoraNode, LoraSession } from './lora-node.ts';
import type { LoraNodes } from './lora-nodes.ts';
import type { LoraSettings } from './lora-settings.ts';
import { requestsFor } from './network-requests.ts';
import { type LoraProfile, profileOf, regionOf } from './profiles.ts';
import { problemsOf, type Transmitter, type Way, waysAfter } from './transmitter.ts';

export interface DownlinksParts {
  readonly nodes: LoraNodes;
  readonly registry: InterfaceRegistry;
  readonly store: Store;
  /** The platform's time. */
  readonly clock: Clock;
  readonly wireClock: Clock;
  readonly transmitter: Transmitter;
  readonly events: LoraEvents;
  readonly log: LoraLog;
  readonly frames: FrameLog;
  readonly reports: CommandReports;
  readonly settings: LoraSettings;
}

/** A payload of a command for a device. */
export interface DownlinkPayload {
  readonly delivery: DeliveryRef;
  readonly commandId: string | undefined;
  readonly port: number;
  /** Hexadecimal. */
  readonly data: string;
  readonly confirmed: boolean;
  /** Of a frame that is sent again: its counter, and how often it was sent before. */
  readonly again?: { readonly fCnt: number; readonly transmissions: number };
}

/** Frames to devices: in the windows after their uplinks, and at any time to those of class C (LoRaWAN 1.0.3, 3.3). */
export class Downlinks {
  private readonly parts: DownlinksParts;

  constructor(parts: DownlinksParts) {
    this.parts = parts;
  }

  /** A device listens now. Commands of the platform may use that, until shortly before the first window opens. */
  open(node: LoraNode, frame: HeardFrame, uplink: RadioSlot, wishes: DownlinkWishes, hasAdr: boolean): void {
    const { wireClock, clock, settings, reports } = this.parts;
    const [profile, session] = [profileOf(node.via), node.session];
    if (!profile || !session) return;
    this.close(node);
    const region = regionOf(profile, session);
    const requests = requestsFor(node, session, region, hasAdr, clock.now(), settings);
    const commands = [...wishes.commands, ...requests];
    const waitMs = frame.heardMs + session.rxDelayS * 1000 - settings.loraDownlinkLeadMs - wireClock.now();
    const window: DownlinkWindow = {
      ...wishes,
      commands,
      frame,
      region,
      uplink,
      timer: undefined,
    };
    node.window = window;
    window.timer = wireClock.after('LoRa downlink', Math.max(0, waitMs), () => this.lapse(node, window));
    const { awaited } = node;
    if (!awaited) reports.ready(node.via);
    else this.sendAgain(node, awaited);
  }

  /** The device says that it has the frame. */
  acknowledged({ delivery }: AwaitedAck): void {
    this.parts.reports.delivered(delivery);
  }

  /** The device has begun another session, in which it will not acknowledge what was of the one before. */
  lost({ delivery }: AwaitedAck): void {
    const reason = 'the device joined anew without acknowledging the frame';
    this.parts.reports.failed(delivery, { errorCode: 'NOT_ACKNOWLEDGED', reason, permanent: false });
  }

  /** Whether a command handed over now would go out. */
  takes(node: LoraNode): boolean {
    if (!node.session || node.sending || node.awaited || !profileOf(node.via)) return false;
    return node.window !== undefined || this.listensAlways(node);
  }

  send(node: LoraNode, payload: DownlinkPayload): void {
    const { session, window } = node;
    const profile = profileOf(node.via);
    if (!session || !profile) {
      this.parts.reports.unsent(payload.delivery, 'the device has not joined');
      return;
    }
    const ways = window ? this.waysIn(window, session) : this.waysAtOnce(node, profile, session);
    this.close(node);
    void this.transmit(node, session, profile, ways, window, payload);
  }

  /** Nobody waits for the acknowledgement any more. */
  withdraw(node: LoraNode, { correlation, attempt }: DeliveryRef): void {
    const { delivery } = node.awaited ?? {};
    if (delivery?.correlation === correlation && delivery.attempt === attempt) node.awaited = undefined;
  }

  close(node: LoraNode): void {
    node.window?.timer?.cancel();
    node.window = undefined;
  }

  /** Nothing of the platform came: what the network itself has to say goes out alone. */
  private lapse(node: LoraNode, window: DownlinkWindow): void {
    node.window = undefined;
    const [profile, session] = [profileOf(node.via), node.session];
    if (!profile || !session || node.sending) return;
    if (!window.ack && !window.must && window.commands.length === 0) return;
    void this.transmit(node, session, profile, this.waysIn(window, session), window, undefined);
  }

  private sendAgain(node: LoraNode, awaited: AwaitedAck): void {
    const { delivery, commandId, port, data, fCnt, transmissions } = awaited;
    const most = this.parts.settings.loraConfirmedMaxTransmissions;
    node.awaited = undefined;
    if (transmissions >= most) {
      this.parts.reports.failed(delivery, {
        errorCode: 'NOT_ACKNOWLEDGED',
        reason: `the device did not acknowledge any of ${transmissions} transmissions (setting loraConfirmedMaxTransmissions)`,
        permanent: false,
      });
      return;
    }
    this.send(node, { delivery, commandId, port, data, confirmed: true, again: { fCnt, transmissions } });
  }

  private waysIn({ frame, region, uplink }: DownlinkWindow, { rxDelayS, rx2DataRate }: LoraSession): Way[] {
    const rx2 = { frequencyHz: region.rx2.frequencyHz, dataRate: rx2DataRate };
    return waysAfter(frame, rxDelayS, region.rx1(uplink, 0), rx2);
  }

  /** A device of class C listens in RX2 whenever it does not send (LoRaWAN 1.0.3, 17). */
  private waysAtOnce(
    { gatewayIds }: LoraNode,
    { region }: LoraProfile,
    { rx2DataRate: dataRate }: LoraSession,
  ): Way[] {
    const slot = { frequencyHz: region.rx2.frequencyHz, dataRate };
    return gatewayIds.map((gatewayId) => ({ gatewayId, slot, counterUs: undefined, window: 'RX2_ANY_TIME' }));
  }

  private listensAlways({ via, session, gatewayIds }: LoraNode): boolean {
    // Before the first uplink of a session nobody knows whether the device has it.
    if (profileOf(via)?.deviceClass !== 'C' || session?.fCntUp === undefined) return false;
    return gatewayIds.some((gatewayId) => this.parts.transmitter.reaches(gatewayId));
  }

  private async transmit(
    node: LoraNode,
    session: LoraSession,
    profile: LoraProfile,
    ways: readonly Way[],
    window: DownlinkWindow | undefined,
    payload: DownlinkPayload | undefined,
  ): Promise<void> {
    const region = regionOf(profile, session);
    const { nodes, store, transmitter, reports, log, frames } = this.parts;
    const room = Math.max(0, ...ways.map(({ slot }) => region.maxPayloadBytes[slot.dataRate] ?? 0));
    const data = Buffer.from(payload?.data ?? '', 'hex');
    if (payload && data.length > room) {
      reports.failed(payload.delivery, {
        errorCode: 'PAYLOAD_TOO_LONG',
        reason: `${data.length} bytes do not fit: the device can be sent ${room} bytes at its present data rate`,
        permanent: false,
      });
      if (window) this.lapse(node, window);
      return;
    }
    const commands = fitting(window?.commands ?? [], room - data.length);
    const fOpts = downlinkCommands.write(commands);
    const usable = ways.filter(
      ({ slot }) => (region.maxPayloadBytes[slot.dataRate] ?? 0) >= data.length + fOpts.length,
    );
    const fCnt = payload?.again?.fCnt ?? session.fCntDown++;
    if (payload?.confirmed) {
      const { delivery, commandId, port, data: text, again } = payload;
      node.awaited = {
        delivery,
        commandId,
        port,
        data: text,
        fCnt,
        transmissions: (again?.transmissions ?? 0) + 1,
      };
    }
    const { awaited } = node;
    const devStatusMs = node.devStatusMs;
    if (commands.some(({ name }) => name === 'DevStatusReq')) node.devStatusMs = this.parts.clock.now();
    node.sending = true;
    const failed = (reason: string): void => {
      node.sending = false;
      node.devStatusMs = devStatusMs;
      if (awaited && node.awaited === awaited) node.awaited = undefined;
      if (payload) reports.unsent(payload.delivery, reason);
      log.tell(node.via, 'error', 'Downlink not sent', reason);
    };
    try {
      // Before it is on the air: no counter may be used for two frames, whatever happens.
      await store.commit([nodes.put(node)]);
    } catch (error) {
      failed((error as Error).message);
      return;
    }
    // So that a device that has nothing to say may fetch the rest soon (LoRaWAN 1.0.3, 4.3.1.4).
    const fPending = commands.length < (window?.commands.length ?? 0) || reports.hasMore(node.via);
    const type = payload?.confirmed ? 'CONFIRMED_DATA_DOWN' : 'UNCONFIRMED_DATA_DOWN';
    const bytes = encodeDataFrame(
      {
        ...{ type, devAddr: session.devAddr, adr: true, adrAckReq: false, fPending, fCnt, fOpts },
        ...{ ack: window?.ack ?? false, fPort: payload?.port, payload: data },
      },
      session.keys,
    );
    transmitter.send(bytes, region, usable, (result) => {
      const { way, problems } = result;
      const dropped = way ? undefined : { reason: 'notSent', text: problemsOf(result) };
      const logged = { tenantId: node.via.device.tenantId, via: node.via, bytes, heard: undefined, dropped };
      const known: FrameKnowledge = {
        ...{ micIsRight: true, fCnt, payload: data, region, commandId: payload?.commandId },
        ...(payload?.again && { note: 'sentAgain' }),
      };
      frames.add(this.parts.clock.now(), {
        ...logged,
        known,
        sent: { way, tried: problems.map(({ text }) => text) },
      });
      if (!way) {
        failed(problemsOf(result));
        const byDutyCycle = problems.length > 0 && problems.every(({ cause }) => cause === 'dutyCycle');
        node.lastFailure = { timeMs: this.parts.clock.now(), text: problemsOf(result), byDutyCycle };
        return;
      }
      node.sending = false;
      node.lastFailure = undefined;
      void this.parts.registry.updateSession(node.via, { activity: { lastDlFcnt: fCnt } });
      const told = this.parts.events.prepare(node.via, {
        ...{ messageType: type, port: payload?.port, fcnt: fCnt, gatewayId: way.gatewayId },
        ...{ ack: window?.ack ?? false, ...(payload && { payload: data }) },
      });
      if (told.statements.length > 0) store.append(told.statements, (error) => error || told.enter());
      if (payload) reports.sent(payload.delivery);
      else if (this.takes(node)) reports.ready(node.via);
    });
  }
}

/**
 * The commands that have room beside the payload, the first ones first; what is left out is asked again later. LinkADRReqs
 * are one block, of which devices take all or nothing (LoRaWAN 1.0.3, 5.2).
 */
function fitting(commands: readonly DownlinkCommand[], room: number): DownlinkCommand[] {
  let left = Math.min(room, longestFOpts);
  const isAdr = ({ name }: DownlinkCommand): boolean => name === 'LinkADRReq';
  const block = commands.filter(isAdr);
  const units = commands.flatMap((command) =>
    !isAdr(command) ? [[command]] : command === block[0] ? [block] : [],
  );
  return units.flatMap((unit) => {
    const length = unit.reduce((sum, command) => sum + downlinkCommands.lengthOf(command), 0);
    if (length > left) return [];
    left -= length;
    return unit;
  });
}
