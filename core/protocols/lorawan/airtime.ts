/** A LoRa modulation. */
export interface LoraRate {
  readonly spreadingFactor: number;
  readonly bandwidthKhz: number;
}

const preambleSymbols = 8;

/**
 * How long a frame is on the air, in milliseconds (SX1276 data sheet, 4.1.1.7): explicit header, coding rate 4/5, low
 * data rate optimization where a symbol takes 16 ms or more.
 * @param hasCrc true for uplinks; downlinks have no CRC (LoRaWAN 1.0.3, 3.2)
 */
export function airtimeMs(
  { spreadingFactor, bandwidthKhz }: LoraRate,
  bytes: number,
  hasCrc: boolean,
): number {
  const symbolMs = 2 ** spreadingFactor / bandwidthKhz;
  const optimized = symbolMs >= 16 ? 2 : 0;
  const bits = 8 * bytes - 4 * spreadingFactor + 28 + (hasCrc ? 16 : 0);
  const payloadSymbols = 8 + Math.max(0, Math.ceil(bits / (4 * (spreadingFactor - optimized))) * 5);
  return (preambleSymbols + 4.25 + payloadSymbols) * symbolMs;
}

/** The lowest signal-to-noise ratio at which each spreading factor is understood, in dB (SX1276 data sheet, table 13). */
export function demodulationFloorDb(spreadingFactor: number): number {
  return -2.5 * (spreadingFactor - 4);
}
