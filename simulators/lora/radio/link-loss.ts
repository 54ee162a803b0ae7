import type { RadioModel } from '../../../core/contract/simulated-lora.ts';
import { distanceM } from '../../generators/gps-path.ts';
import { Sfc32 } from '../../generators/sfc32.ts';

/** A point on the Earth, in degrees. */
export interface Place {
  readonly lat: number;
  readonly lon: number;
}

/** Nearer than this an antenna is not in the far field of the model. */
const leastDistanceM = 10;
/** Within a square of this side the same things stand between (3GPP TR 36.814, B.1.2.1.1: 50 m in cities). */
const shadowSideM = 50;
const metresPerDegree = 111_195;
/** Thermal noise of 1 Hz at 290 K, in dBm. */
const thermalNoiseDbm = -174;

export const distanceBetweenM = (a: Place, b: Place): number => distanceM([a.lat, a.lon], [b.lat, b.lon]);

/** What a signal loses on its way by the distance alone, in dB (log-distance model). */
export function pathLossDb(
  metres: number,
  { lossAt1KmDb, pathLossExponent }: Pick<RadioModel, 'lossAt1KmDb' | 'pathLossExponent'>,
): number {
  return lossAt1KmDb + 10 * pathLossExponent * Math.log10(Math.max(leastDistanceM, metres) / 1000);
}

/** The noise in a receiver, in dBm. */
export const noiseFloorDbm = (bandwidthKhz: number, { noiseFigureDb }: Pick<RadioModel, 'noiseFigureDb'>) =>
  thermalNoiseDbm + 10 * Math.log10(bandwidthKhz * 1000) + noiseFigureDb;

/** A number of mean 0 and standard deviation 1 (Box and Muller). */
export function gaussian(random: Sfc32): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.fraction()));
  return radius * Math.cos(2 * Math.PI * random.fraction());
}

/**
 * What stands between a place and a gateway, in dB: the same both ways and each time, by the seed.
 * @param gateway its number in the fleet
 */
export function shadowDb(
  { seed, shadowingDb }: { readonly seed: number; readonly shadowingDb: number },
  device: number,
  gateway: number,
  { lat, lon }: Place,
): number {
  if (shadowingDb === 0) return 0;
  const square = [lat, lon].map((degrees) => Math.round((degrees * metresPerDegree) / shadowSideM));
  let mixed = 0x811c9dc5;
  for (const part of [device, gateway, ...square])
    mixed = Math.imul(mixed ^ part, 0x01000193) ^ (mixed >>> 15);
  return shadowingDb * gaussian(new Sfc32(seed, mixed));
}

/** Sums of powers in dBm, as a receiver measures them. */
export const sumDbm = (powers: readonly number[]): number =>
  10 * Math.log10(powers.reduce((sum, dbm) => sum + 10 ** (dbm / 10), 0));
