import { airtimeMs, type LoraRate } from '../../../core/protocols/lorawan/airtime.ts';
import type { RadioSlot, Region } from '../../../core/protocols/lorawan/regions/region.ts';
import type { Schedule, Scheduled } from '../../fleet/schedule.ts';
import type { Sfc32 } from '../../generators/sfc32.ts';
import type { Air, OnAir, Signal } from './air.ts';
import { DeviceDutyCycle } from './device-duty-cycle.ts';

export type WindowName = 'RX1' | 'RX2';

/** A frame to send, and when its answer may come. */
export interface Transmission {
  readonly bytes: Uint8Array;
  readonly dataRate: number;
  /** Channels to choose from, in Hz. */
  readonly channelsHz: readonly number[];
  /** Seconds to RX1; RX2 is a second later. */
  readonly delayS: number;
  readonly rx1: (uplink: RadioSlot) => RadioSlot;
  readonly rx2: RadioSlot;
}

export interface TransmissionEvents {
  began?(frame: OnAir): void;
  /** How each gateway heard it. */
  ended?(frame: OnAir, signals: readonly (Signal | undefined)[]): void;
  /** The time to answer is over. */
  over(): void;
}

interface ReceiveWindow {
  readonly name: WindowName;
  readonly atMs: number;
  readonly frequencyHz: number;
  readonly rate: LoraRate;
}

/** Symbols of the preamble by which a window may be off, and still see enough of it (8 are sent). */
const toleratedSymbols = 4;
const closingMs = 20;

export interface DeviceRadioParts {
  readonly schedule: Schedule;
  readonly air: Air;
  readonly region: Region;
  /** Chance of this device's radio. */
  readonly chance: Sfc32;
  /** Its power at each gateway now, in dBm. */
  signals(): readonly number[];
  /** Millionths by which its clock is slow. */
  driftPpm(): number;
}

/** The radio of a device: it sends on a channel that is free for it, and listens twice after that (LoRaWAN 1.0.3, 3.3). */
export class DeviceRadio {
  /** Where it listens all the time that it does not send; class C. */
  always: RadioSlot | undefined;
  private readonly dutyCycle: DeviceDutyCycle;
  private readonly parts: DeviceRadioParts;
  private windows: ReceiveWindow[] = [];
  private sendingUntilMs = 0;
  /** What it receives just now. */
  private reception: { readonly untilMs: number; readonly end: Scheduled } | undefined;
  private next: Scheduled | undefined;
  private over: (() => void) | undefined;

  constructor(parts: DeviceRadioParts) {
    this.parts = parts;
    this.dutyCycle = new DeviceDutyCycle(parts.region);
  }

  /** It sends, waits until it may, or listens for the answer. */
  get busy(): boolean {
    return this.over !== undefined;
  }

  limitDutyCycle(exponent: number): void {
    this.dutyCycle.limit(exponent);
  }

  /** How long it must wait until it may send on one of these channels. */
  freeInMs(channelsHz: readonly number[]): number {
    const freeAtMs = Math.min(...channelsHz.map((each) => this.dutyCycle.freeAt(each)));
    return Math.max(0, freeAtMs - this.parts.schedule.nowMs());
  }

  /** Sends when a channel is free. Not while it is {@link busy}. */
  send(transmission: Transmission, events: TransmissionEvents): void {
    this.over = events.over;
    const waitMs = this.freeInMs(transmission.channelsHz);
    if (waitMs === 0) this.begin(transmission, events);
    else this.after(waitMs, () => this.begin(transmission, events));
  }

  /** Gives up what it does; nothing is told of it any more. */
  stop(): void {
    this.next?.cancel();
    this.dropReception();
    this.over = undefined;
    this.windows = [];
    this.always = undefined;
  }

  /** The window in which it would take a frame that begins at this moment; undefined: it does not listen there. */
  listens(startMs: number, frequencyHz: number, rate: LoraRate): WindowName | undefined {
    if (startMs < this.sendingUntilMs || this.reception) return undefined;
    const window = this.windows.find(
      (each) =>
        Math.abs(each.atMs - startMs) <= toleranceMs(rate) &&
        each.frequencyHz === frequencyHz &&
        sameRate(each.rate, rate),
    );
    if (window) return window.name;
    const { always } = this;
    const alwaysRate = always && this.parts.region.dataRates[always.dataRate];
    return alwaysRate && always.frequencyHz === frequencyHz && sameRate(alwaysRate, rate) ? 'RX2' : undefined;
  }

  /**
   * A frame has begun, which it receives until this moment.
   * @param take called when all of it has come; says whether it was for this device, which then listens no longer. RX2 opens
   *   after a frame for somebody else (LoRaWAN 1.0.3, 3.3.4).
   */
  receives(untilMs: number, take: () => boolean): void {
    const end = this.parts.schedule.at(untilMs, () => {
      this.reception = undefined;
      if (take() && this.windows.length > 0) this.finish();
    });
    this.reception = { untilMs, end };
  }

  private begin(transmission: Transmission, events: TransmissionEvents): void {
    const { schedule, region, chance, air, signals } = this.parts;
    const { bytes, dataRate, channelsHz } = transmission;
    const startMs = schedule.nowMs();
    const free = channelsHz.filter((each) => this.dutyCycle.freeAt(each) <= startMs);
    const frequencyHz = free[Math.floor(chance.fraction() * free.length)];
    const rate = region.dataRates[dataRate];
    if (frequencyHz === undefined || !rate) {
      this.send(transmission, events);
      return;
    }
    const endMs = startMs + airtimeMs(rate, bytes.length, true);
    const frame: OnAir = { frequencyHz, rate, startMs, endMs, signalsDbm: signals() };
    this.sendingUntilMs = endMs;
    // It has one radio: what it receives just now is lost.
    this.dropReception();
    this.dutyCycle.sent(frequencyHz, startMs, endMs);
    events.began?.(frame);
    const { over } = this;
    air.send(frame, (heard) => {
      if (this.over !== over) return;
      this.listen(transmission, { frequencyHz, dataRate }, endMs);
      events.ended?.(frame, heard);
    });
  }

  private listen({ delayS, rx1, rx2 }: Transmission, uplink: RadioSlot, endMs: number): void {
    const slow = 1 + this.parts.driftPpm() / 1_000_000;
    this.windows = [
      ...this.windowAt('RX1', endMs + delayS * 1000 * slow, rx1(uplink)),
      ...this.windowAt('RX2', endMs + (delayS + 1) * 1000 * slow, rx2),
    ];
    this.closeAt(Math.max(...this.windows.map(({ atMs, rate }) => atMs + toleranceMs(rate)), endMs));
  }

  /** The wait is over then, or after the frame that it receives at that moment. */
  private closeAt(atMs: number): void {
    this.after(atMs + closingMs - this.parts.schedule.nowMs(), () => {
      if (this.reception) this.closeAt(this.reception.untilMs);
      else this.finish();
    });
  }

  private windowAt(name: WindowName, atMs: number, { frequencyHz, dataRate }: RadioSlot): ReceiveWindow[] {
    const rate = this.parts.region.dataRates[dataRate];
    return rate ? [{ name, atMs, frequencyHz, rate }] : [];
  }

  private finish(): void {
    this.next?.cancel();
    this.windows = [];
    const { over } = this;
    this.over = undefined;
    over?.();
  }

  private dropReception(): void {
    this.reception?.end.cancel();
    this.reception = undefined;
  }

  private after(delayMs: number, run: () => void): void {
    const { schedule } = this.parts;
    this.next?.cancel();
    this.next = schedule.at(schedule.nowMs() + delayMs, run);
  }
}

const toleranceMs = ({ spreadingFactor, bandwidthKhz }: LoraRate): number =>
  toleratedSymbols * (2 ** spreadingFactor / bandwidthKhz);

const sameRate = (a: LoraRate, b: LoraRate): boolean =>
  a.spreadingFactor === b.spreadingFactor && a.bandwidthKhz === b.bandwidthKhz;
