import type { Clock } from '../../platform/clock.ts';
import { airtimeMs } from '../../protocols/lorawan/airtime.ts';
import { type Band, bandOf, type RadioSlot, type Region } from '../../protocols/lorawan/regions/region.ts';

/** The share of time is about an hour (ETSI EN 300 220-1, 4.3.3). */
const periodMs = 3_600_000;

interface Sent {
  readonly atMs: number;
  readonly airtimeMs: number;
}

/** How much of its share of time each gateway has used in each band. */
export class DutyCycle {
  private readonly wireClock: Clock;
  private readonly sent = new Map<string, Sent[]>();

  constructor(wireClock: Clock) {
    this.wireClock = wireClock;
  }

  /**
   * Takes what a downlink needs of a gateway's share.
   * @returns what gives it back when nothing is sent after all; undefined when too little is left, or nobody may send there
   */
  take(gatewayId: string, region: Region, slot: RadioSlot, bytes: number): (() => void) | undefined {
    const band = bandOf(region, slot.frequencyHz);
    const rate = region.dataRates[slot.dataRate];
    if (!band || !rate) return undefined;
    const needed: Sent = { atMs: this.wireClock.now(), airtimeMs: airtimeMs(rate, bytes, false) };
    const recent = this.recent(gatewayId, band);
    if (sumOf(recent) + needed.airtimeMs > band.dutyCycle * periodMs) return undefined;
    recent.push(needed);
    return () => {
      const index = recent.indexOf(needed);
      if (index >= 0) recent.splice(index, 1);
    };
  }

  /** Milliseconds on the air in the last hour, and those that are allowed. */
  usage(gatewayId: string, band: Band): { usedMs: number; allowedMs: number } {
    const usedMs = Math.round(sumOf(this.recent(gatewayId, band)));
    return { usedMs, allowedMs: band.dutyCycle * periodMs };
  }

  clear(): void {
    this.sent.clear();
  }

  private recent(gatewayId: string, { fromHz }: Band): Sent[] {
    const key = `${gatewayId} ${fromHz}`;
    const recent = this.sent.get(key) ?? [];
    this.sent.set(key, recent);
    const sinceMs = this.wireClock.now() - periodMs;
    while (recent[0] && recent[0].atMs <= sinceMs) recent.shift();
    return recent;
  }
}

const sumOf = (sent: readonly Sent[]): number => sent.reduce((sum, { airtimeMs: ms }) => sum + ms, 0);
