import type { Clock } from '../../platform/clock.ts';
import { airtimeMs } from '../../protocols/lorawan/airtime.ts';
import { bandOf, type RadioSlot, type Region } from '../../protocols/lorawan/regions/region.ts';

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
    const nowMs = this.wireClock.now();
    const needed: Sent = { atMs: nowMs, airtimeMs: airtimeMs(rate, bytes, false) };
    const key = `${gatewayId} ${band.fromHz}`;
    const recent = this.sent.get(key) ?? [];
    this.sent.set(key, recent);
    while (recent[0] && recent[0].atMs <= nowMs - periodMs) recent.shift();
    const used = recent.reduce((sum, { airtimeMs: ms }) => sum + ms, 0);
    if (used + needed.airtimeMs > band.dutyCycle * periodMs) return undefined;
    recent.push(needed);
    return () => {
      const index = recent.indexOf(needed);
      if (index >= 0) recent.splice(index, 1);
    };
  }

  clear(): void {
    this.sent.clear();
  }
}
