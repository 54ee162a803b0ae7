import { demodulationFloorDb } from '../../protocols/lorawan/airtime.ts';
import type { UplinkQuality } from './lora-node.ts';

/** The signal without the noise: the power of a LoRa signal below the noise is less than what is received, in dBm. */
export function estimatedSignalPower(rssi: number, snr: number): number {
  return rssi + snr - 10 * Math.log10(1 + 10 ** (snr / 10));
}

/** Lowest ESP in dBm, and lowest margin above what the spreading factor needs in dB, of levels 1 to 5. */
const espSteps = [-135, -125, -115, -105, -95];
const marginSteps = [0, 3, 6, 10, 15];

const levelBy = (steps: readonly number[], value: number): number =>
  steps.filter((step) => value >= step).length;

/** How good a signal is, 0 to 5: the worse of its power and its margin (docs/lora.md). */
export function signalLevel(esp: number, snr: number, spreadingFactor: number): number {
  return Math.min(levelBy(espSteps, esp), levelBy(marginSteps, snr - demodulationFloorDb(spreadingFactor)));
}

/** Share of uplinks that were lost, 0 to 1, by the gaps of their counters. */
export function packetErrorRate(history: readonly UplinkQuality[]): number {
  const [first, last] = [history[0], history.at(-1)];
  if (!first || !last) return 0;
  const sent = last.fCnt - first.fCnt + 1;
  return Math.max(0, 1 - history.length / sent);
}

/** Above these shares of lost uplinks the average level is at most 4, 3, 2 and 1. */
const lossSteps = [0.05, 0.1, 0.3, 0.5];

/** The level over the last uplinks, 1 to 5: the mean of theirs, less where uplinks were lost (docs/lora.md). */
export function averageSignalLevel(history: readonly UplinkQuality[]): number {
  const mean = history.reduce((sum, { level }) => sum + level, 0) / Math.max(1, history.length);
  const most = 5 - lossSteps.filter((step) => packetErrorRate(history) > step).length;
  return Math.max(1, Math.min(most, Math.round(mean)));
}
