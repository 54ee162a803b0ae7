import type { RadioModel } from '../../core/contract/simulated-lora.ts';
import { readLittle } from '../../core/protocols/lorawan/bytes.ts';
import { LorawanError } from '../../core/protocols/lorawan/errors.ts';
import { typeOf } from '../../core/protocols/lorawan/frame-type.ts';
import type { Schedule } from '../fleet/schedule.ts';
import type { Sfc32 } from '../generators/sfc32.ts';
import { Air, received, type Signal } from './radio/air.ts';
import type { DeviceRadio, WindowName } from './radio/device-radio.ts';
import { distanceBetweenM, gaussian, type Place, pathLossDb, shadowDb } from './radio/link-loss.ts';
import type { Downlink, SimulatedGateway } from './simulated-gateway.ts';

/** A device as the air sees it. */
export interface Receiver {
  readonly number: number;
  readonly place: Place;
  readonly chance: Sfc32;
  readonly radio: DeviceRadio;
  /** @returns whether the frame was for it */
  hear(bytes: Uint8Array, signal: Signal, window: WindowName): boolean;
}

/** Bytes of a data frame before its address, and the least that it has. */
const addressAt = 1;
const leastBytes = 5;

/** All that the devices and gateways of a fleet share: places, and the air between them. */
export class LoraWorld {
  readonly air: Air;
  readonly gateways: readonly SimulatedGateway[];
  private readonly model: RadioModel;
  private readonly seed: number;
  private readonly joining = new Set<Receiver>();
  private readonly byAddress = new Map<number, Set<Receiver>>();

  constructor(parts: {
    readonly schedule: Schedule;
    readonly model: RadioModel;
    readonly seed: number;
    readonly gateways: readonly SimulatedGateway[];
  }) {
    this.model = parts.model;
    this.seed = parts.seed;
    this.gateways = parts.gateways;
    this.air = new Air(parts.schedule, parts.model, parts.gateways);
  }

  /** The device waits for a join-accept, or for one no more. */
  waitsToJoin(device: Receiver, waits: boolean): void {
    if (waits) this.joining.add(device);
    else this.joining.delete(device);
  }

  /** The device has this short address, or has it no more. */
  hasAddress(device: Receiver, devAddr: number, has: boolean): void {
    const there = this.byAddress.get(devAddr) ?? new Set();
    if (has) this.byAddress.set(devAddr, there.add(device));
    else if (there.delete(device) && there.size === 0) this.byAddress.delete(devAddr);
  }

  /** The power of a device at each gateway, in dBm: another one each time. */
  signalsOf(device: Receiver, powerDbm: number): number[] {
    return this.gateways.map((_, index) => powerDbm - this.lossDb(device, index));
  }

  /** A gateway sends: those hear it that listen there, and that it may be for. */
  sends(gateway: SimulatedGateway, { packet, startMs, endMs }: Downlink): void {
    const { modulation, frequencyHz, data, powerDbm, invertedPolarity } = packet;
    if (modulation.kind !== 'LORA' || !invertedPolarity) return;
    const index = this.gateways.indexOf(gateway);
    for (const device of this.candidates(data)) {
      const window = device.radio.listens(startMs, frequencyHz, modulation);
      if (!window) continue;
      const signal = received(powerDbm - this.lossDb(device, index), [], modulation, this.model);
      if (!signal) continue;
      device.radio.receives(endMs, () => device.hear(data, signal, window));
    }
  }

  private lossDb({ place, number, chance }: Receiver, index: number): number {
    const { model, seed } = this;
    const gateway = this.gateways[index]?.place ?? place;
    const { shadowingDb, fadingDb } = model;
    const shadow = shadowDb({ seed, shadowingDb }, number, index, place);
    return pathLossDb(distanceBetweenM(place, gateway), model) + shadow + fadingDb * gaussian(chance);
  }

  private candidates(data: Uint8Array): readonly Receiver[] {
    try {
      if (typeOf(data) === 'JOIN_ACCEPT') return [...this.joining];
    } catch (error) {
      if (!(error instanceof LorawanError)) throw error;
      return [];
    }
    return data.length < leastBytes ? [] : [...(this.byAddress.get(readLittle(data, addressAt, 4)) ?? [])];
  }
}
