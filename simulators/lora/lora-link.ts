import type { LoraFleetTemplate } from '../../core/contract/simulators.ts';
import { LorawanError } from '../../core/protocols/lorawan/errors.ts';
import { decodeJoinAccept, encodeJoinRequest, sessionKeys } from '../../core/protocols/lorawan/join.ts';
import type { Region } from '../../core/protocols/lorawan/regions/region.ts';
import { backOffMs, type MemberParts } from '../fleet/fleet-member.ts';
import type { Scheduled } from '../fleet/schedule.ts';
import { Sfc32 } from '../generators/sfc32.ts';
import { type KeptLoraFrame, LoraFrames } from './lora-frames.ts';
import { type HeardDownlink, LoraSession } from './lora-session.ts';
import { LoraSettings } from './lora-settings.ts';
import type { LoraWorld, Receiver } from './lora-world.ts';
import { type AskedDevice, obeyAll } from './mac-answers.ts';
import type { UplinkSource } from './payload/uplink-source.ts';
import type { OnAir, Signal } from './radio/air.ts';
import { DeviceRadio, type TransmissionEvents, type WindowName } from './radio/device-radio.ts';

export interface LoraLinkParts
  extends Pick<MemberParts, 'schedule' | 'clock' | 'gate' | 'counts' | 'timing' | 'random' | 'frameLimits'> {
  readonly template: LoraFleetTemplate;
  readonly devEui: string;
  readonly appKey: Uint8Array;
  readonly region: Region;
  readonly world: LoraWorld;
  readonly source: UplinkSource;
  /** Its state, or what is wrong with it, has changed. */
  changed(state: 'connecting' | 'connected' | 'lost', problem: string | null): void;
  /** A frame of the network came; after that the device may send. */
  downlink(downlink: HeardDownlink, signal: Signal, window: WindowName): void;
  /** It may send again. */
  idle(): void;
}

/** A frame to put on the air, and what to note of it. */
export interface Outgoing {
  readonly bytes: Uint8Array;
  readonly dataRate: number;
  readonly frame: Pick<KeptLoraFrame, 'type' | 'fCnt' | 'port' | 'payload' | 'commands' | 'note'>;
}

/** The whole numbers that go into the chance of a device's radio. */
const radioPart = 0x2000_0000;
/** Seconds from a join-request to RX1 of its answer (Regional Parameters, JOIN_ACCEPT_DELAY1). */
const joinAcceptDelayS = 5;
const nonces = 65_536;

/** A device on the air: how it joins, and what goes to and fro in its session. */
export class LoraLink implements Receiver, AskedDevice {
  readonly number: number;
  readonly chance: Sfc32;
  readonly radio: DeviceRadio;
  readonly frames: LoraFrames;
  settings: LoraSettings;
  session: LoraSession | undefined;
  battery: number;
  driftPpm: number;
  snr = 0;
  /** How each gateway heard its last frame. */
  lastSignals: readonly (Signal | undefined)[] = [];
  lastAnswer: string | null = null;
  readonly tallies = { sent: 0, acknowledged: 0, received: 0 };
  private readonly parts: LoraLinkParts;
  private devNonce: number;
  private joinAttempts = 0;
  private next: Scheduled | undefined;
  /** What it waits for at the gate: another one each time, so that one of before it stopped is none any more. */
  private turn: object | undefined;
  private atGate = false;

  constructor(number: number, parts: LoraLinkParts) {
    const { template, region, world, schedule } = parts;
    this.number = number;
    this.parts = parts;
    this.battery = template.battery;
    this.driftPpm = template.faults.clockDriftPpm;
    this.chance = new Sfc32(template.seed, radioPart + number);
    this.frames = new LoraFrames(parts.frameLimits);
    this.settings = this.freshSettings();
    const [high = 0, low = 0] = parts.random.bytes(2);
    // Not by the seed: a network takes no nonce twice, and a fleet runs more than once.
    this.devNonce = high * 256 + low;
    this.radio = new DeviceRadio({
      ...{ schedule, region, air: world.air, chance: this.chance },
      signals: () => world.signalsOf(this, this.settings.powerDbm),
      driftPpm: () => this.driftPpm,
    });
  }

  get place() {
    return this.parts.source.place;
  }

  /** Time until it may send on one of its channels, in milliseconds. */
  get freeInMs(): number {
    return this.radio.freeInMs(this.channelsHz(this.settings.dataRate));
  }

  limitDutyCycle(exponent: number): void {
    this.radio.limitDutyCycle(exponent);
  }

  answered(text: string): void {
    this.lastAnswer = text;
  }

  /** Joins when it is its turn. */
  start(): void {
    this.parts.changed('connecting', null);
    this.queue();
  }

  /** Ends its session, if there is one. */
  stop(): void {
    const { world, counts } = this.parts;
    this.next?.cancel();
    this.radio.stop();
    world.waitsToJoin(this, false);
    if (this.session) {
      world.hasAddress(this, this.session.devAddr, false);
      counts.connected -= 1;
    }
    this.session = undefined;
    this.turn = undefined;
    this.leaveGate();
  }

  /** Puts a frame on the air. Not while the radio is busy. */
  transmit(
    { bytes, dataRate, frame }: Outgoing,
    events: TransmissionEvents & { taken?(): void },
  ): KeptLoraFrame {
    const { region } = this.parts;
    const { settings } = this;
    const rate = region.dataRates[dataRate];
    const kept = this.note({ ...frame, direction: 'sent', rate, bytes: bytes.length, state: 'waiting' });
    const channelsHz = this.channelsHz(dataRate);
    this.radio.send(
      {
        ...{ bytes, dataRate, channelsHz, delayS: settings.rxDelayS },
        rx1: (uplink) => settings.region.rx1(uplink, settings.rx1DrOffset),
        rx2: settings.rx2,
      },
      {
        ...events,
        began: (onAir) => {
          kept.frequencyHz = onAir.frequencyHz;
          events.began?.(onAir);
        },
        ended: (onAir, signals) => this.ended(bytes, onAir, signals, events),
      },
    );
    return kept;
  }

  hear(bytes: Uint8Array, signal: Signal, window: WindowName): boolean {
    try {
      if (this.session) return this.hearData(this.session, bytes, signal, window);
      return this.hearJoinAccept(bytes, signal);
    } catch (error) {
      // What a device does not understand it drops.
      if (!(error instanceof LorawanError)) throw error;
      this.parts.counts.errors += 1;
      return false;
    }
  }

  private note(frame: Omit<KeptLoraFrame, 'timeMs'>): KeptLoraFrame {
    return this.frames.keep({ ...frame, timeMs: this.parts.clock.now() });
  }

  private channelsHz(dataRate: number): number[] {
    const rate = this.parts.region.dataRates[dataRate];
    return rate ? this.settings.channels.usable(rate) : [];
  }

  private freshSettings(): LoraSettings {
    const { region, template } = this.parts;
    const dataRate = region.dataRates.findIndex((rate) => rate?.spreadingFactor === template.spreadingFactor);
    return new LoraSettings(region, dataRate, template.txPowerDbm);
  }

  private queue(): void {
    const { gate } = this.parts;
    const turn = {};
    this.turn = turn;
    gate.enter(() => {
      if (this.turn !== turn) {
        gate.leave();
        return;
      }
      this.atGate = true;
      this.join();
    });
  }

  private join(): void {
    const { template, devEui, appKey, world } = this.parts;
    this.settings = this.freshSettings();
    for (let step = 0; step < Math.floor(this.joinAttempts / 2); step++) this.settings.reachFurther();
    this.devNonce = (this.devNonce + 1) % nonces;
    const { devNonce } = this;
    const bytes = encodeJoinRequest({ appEui: template.appEUI, devEui, devNonce }, appKey);
    world.waitsToJoin(this, true);
    const { settings } = this;
    settings.rxDelayS = joinAcceptDelayS;
    const frame = { type: 'JOIN_REQUEST', payload: new Uint8Array(0), note: `DevNonce ${devNonce}` };
    const kept = this.transmit(
      { bytes, dataRate: settings.dataRate, frame },
      {
        // The gate counts those that begin; the answer takes seconds.
        began: () => this.leaveGate(),
        over: () => {
          kept.state = this.session ? 'acknowledged' : 'failed';
          if (this.session) this.joined();
          else this.joinFailed();
        },
      },
    );
  }

  private leaveGate(): void {
    if (this.atGate) this.parts.gate.leave();
    this.atGate = false;
  }

  private hearJoinAccept(bytes: Uint8Array, { snr }: Signal): boolean {
    const { appKey, world, template } = this.parts;
    const accept = decodeJoinAccept(bytes, appKey);
    // Of another device that waits as well.
    if (!accept) return false;
    this.snr = snr;
    const { settings } = this;
    world.waitsToJoin(this, false);
    this.note({
      direction: 'received',
      type: 'JOIN_ACCEPT',
      payload: new Uint8Array(0),
      bytes: bytes.length,
      state: 'received',
    });
    settings.channels.addList(accept.cfList);
    settings.rxDelayS = accept.rxDelayS;
    settings.rx1DrOffset = accept.rx1DrOffset;
    settings.rx2 = { ...settings.rx2, dataRate: accept.rx2DataRate };
    this.session = new LoraSession(accept, sessionKeys(appKey, accept, this.devNonce), template.adr);
    world.hasAddress(this, accept.devAddr, true);
    return true;
  }

  private joined(): void {
    this.joinAttempts = 0;
    this.parts.counts.connected += 1;
    this.listenAlways();
    this.parts.changed('connected', null);
    this.parts.idle();
  }

  private joinFailed(): void {
    const { schedule, counts, timing, world } = this.parts;
    world.waitsToJoin(this, false);
    counts.errors += 1;
    const heard = this.lastSignals.filter((signal) => signal !== undefined).length;
    const why =
      heard === 0
        ? 'no gateway heard its join-request'
        : `${heard} of its gateways heard its join-request, and no answer reached it`;
    this.parts.changed('lost', why);
    const waitMs = backOffMs(this.joinAttempts, timing);
    this.joinAttempts += 1;
    this.next = schedule.at(schedule.nowMs() + waitMs, () => this.queue());
  }

  private hearData(session: LoraSession, bytes: Uint8Array, signal: Signal, window: WindowName): boolean {
    const { counts } = this.parts;
    const heard = session.downlink(bytes);
    if (!heard) {
      counts.errors += 1;
      return false;
    }
    this.snr = signal.snr;
    const { type, fCnt, port, payload, commands, repeated } = heard;
    const note = `${window}${heard.ack ? ' ACK' : ''}${repeated ? ' again' : ''}`;
    this.note({
      ...{ direction: 'received', type, fCnt, port, commands, note, bytes: bytes.length, state: 'received' },
      payload: port === 0 ? new Uint8Array(0) : payload,
    });
    this.tallies.received += 1;
    counts.received += 1;
    for (const answer of obeyAll(commands, this)) session.tell(answer);
    this.listenAlways();
    this.parts.downlink(heard, signal, window);
    return true;
  }

  /** Class C, once it has joined: RX2 whenever it does not send (LoRaWAN 1.0.3, 17). */
  private listenAlways(): void {
    if (this.parts.template.deviceClass === 'C') this.radio.always = this.settings.rx2;
  }

  /** The frame is over: gateways that heard it tell the platform. */
  private ended(
    bytes: Uint8Array,
    onAir: OnAir,
    signals: readonly (Signal | undefined)[],
    events: TransmissionEvents & { taken?(): void },
  ): void {
    this.lastSignals = signals;
    events.ended?.(onAir, signals);
    for (const [index, signal] of signals.entries()) {
      if (signal) this.parts.world.gateways[index]?.hear(onAir, bytes, signal, () => events.taken?.());
    }
  }
}
