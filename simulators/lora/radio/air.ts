import type { RadioModel } from '../../../core/contract/simulated-lora.ts';
import { demodulationFloorDb, type LoraRate } from '../../../core/protocols/lorawan/airtime.ts';
import type { Schedule } from '../../fleet/schedule.ts';
import { noiseFloorDbm, sumDbm } from './link-loss.ts';

/** How a frame came in. */
export interface Signal {
  /** Power of the channel while it was there, with the noise, in dBm; whole. */
  readonly rssi: number;
  /** dB, to a tenth. */
  readonly snr: number;
}

/** A frame while it is sent. Times are those of the fleet's schedule. */
export interface OnAir {
  readonly frequencyHz: number;
  readonly rate: LoraRate;
  readonly startMs: number;
  readonly endMs: number;
  /** Its power at each gateway, in their order, in dBm. */
  readonly signalsDbm: readonly number[];
}

interface Flying extends OnAir {
  /** What was on the same channel at the same time. */
  readonly others: OnAir[];
}

/** Whether a gateway could hear a frame, as far as it is about the gateway itself. */
export interface Ear {
  listens(startMs: number, endMs: number): boolean;
}

/**
 * What devices send, up to the antennas of gateways. Frames disturb each other on the same frequency with the same spreading
 * factor and bandwidth; other ones are as good as orthogonal.
 */
export class Air {
  private readonly schedule: Schedule;
  private readonly model: RadioModel;
  private readonly ears: readonly Ear[];
  private readonly flying = new Map<string, Set<Flying>>();

  constructor(schedule: Schedule, model: RadioModel, ears: readonly Ear[]) {
    this.schedule = schedule;
    this.model = model;
    this.ears = ears;
  }

  /** @param ended called when the frame is over: how each gateway heard it, undefined for those that did not */
  send(frame: OnAir, ended: (signals: readonly (Signal | undefined)[]) => void): void {
    const { rate, frequencyHz } = frame;
    const channel = `${frequencyHz} ${rate.spreadingFactor} ${rate.bandwidthKhz}`;
    const flying = this.flying.get(channel) ?? new Set();
    this.flying.set(channel, flying);
    const own: Flying = { ...frame, others: [] };
    for (const other of flying) {
      if (other.endMs <= frame.startMs) continue;
      other.others.push(frame);
      own.others.push(other);
    }
    flying.add(own);
    this.schedule.at(frame.endMs, () => {
      flying.delete(own);
      if (flying.size === 0) this.flying.delete(channel);
      ended(this.ears.map((ear, index) => this.heardBy(ear, index, own)));
    });
  }

  private heardBy(ear: Ear, index: number, { startMs, endMs, rate, signalsDbm, others }: Flying) {
    if (!ear.listens(startMs, endMs)) return undefined;
    const power = signalsDbm[index] ?? Number.NEGATIVE_INFINITY;
    const disturbing = others.map((other) => other.signalsDbm[index] ?? Number.NEGATIVE_INFINITY);
    return received(power, disturbing, rate, this.model);
  }
}

/**
 * How a receiver gets a frame of this power; undefined: it does not.
 * @param disturbing powers of the other frames on its channel, in dBm
 */
export function received(
  power: number,
  disturbing: readonly number[],
  rate: LoraRate,
  model: Pick<RadioModel, 'captureDb' | 'noiseFigureDb'>,
): Signal | undefined {
  const noise = noiseFloorDbm(rate.bandwidthKhz, model);
  const snr = power - noise;
  if (snr < demodulationFloorDb(rate.spreadingFactor)) return undefined;
  if (disturbing.length > 0 && power - sumDbm(disturbing) < model.captureDb) return undefined;
  const bounded = Math.max(-64, Math.min(64, Math.round(snr * 10) / 10));
  return { rssi: Math.max(-200, Math.min(50, Math.round(sumDbm([power, noise])))), snr: bounded };
}
