import { bandOf, type Region } from '../../../core/protocols/lorawan/regions/region.ts';

/**
 * When a device may send again: after each frame it leaves the band of that frame alone until its share of time is kept
 * (ETSI EN 300 220; LoRaWAN 1.0.3 Regional Parameters, 2.2.1), and all bands where the network asks for that (1.0.3, 5.3).
 */
export class DeviceDutyCycle {
  private readonly region: Region;
  /** By the lowest frequency of the band. */
  private readonly freeAtMs = new Map<number, number>();
  private allFreeAtMs = 0;
  /** Share of time for all bands together. */
  private share = 1;

  constructor(region: Region) {
    this.region = region;
  }

  /** Of DutyCycleReq: 1 / 2^exponent. */
  limit(exponent: number): void {
    this.share = 1 / 2 ** exponent;
  }

  sent(frequencyHz: number, startMs: number, endMs: number): void {
    const onAirMs = endMs - startMs;
    const band = bandOf(this.region, frequencyHz);
    if (band) this.freeAtMs.set(band.fromHz, startMs + onAirMs / band.dutyCycle);
    this.allFreeAtMs = startMs + onAirMs / this.share;
  }

  /** From when on it may send there; nobody may outside of the bands. */
  freeAt(frequencyHz: number): number {
    const band = bandOf(this.region, frequencyHz);
    if (!band) return Number.POSITIVE_INFINITY;
    return Math.max(this.allFreeAtMs, this.freeAtMs.get(band.fromHz) ?? 0);
  }
}
