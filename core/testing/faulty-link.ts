import type { Clock, Timer } from '../platform/clock.ts';
import { SeededRandom } from './seeded-random.ts';

/** What a network does to datagrams; everything not given does not happen. */
export interface LinkFaults {
  /** Share of the datagrams that are lost, 0 to 1. */
  readonly loss?: number;
  /** Share of those that come twice. */
  readonly duplication?: number;
  /** Share of those that are overtaken: they come {@link overtakenMs} later than the others. */
  readonly reordering?: number;
  /** 50 when not given. */
  readonly overtakenMs?: number;
  /** How long each is under way, between these two. */
  readonly delayMs?: readonly [least: number, most: number];
}

/** What became of the datagrams. */
export interface LinkCounts {
  taken: number;
  lost: number;
  duplicated: number;
  overtaken: number;
  delivered: number;
}

/**
 * One direction of a network with faults. What happens to the n-th datagram depends on the seed alone, so a run
 * repeats; when it arrives is a matter of the clock.
 */
export class FaultyLink<Destination> {
  readonly counts: LinkCounts = { taken: 0, lost: 0, duplicated: 0, overtaken: 0, delivered: 0 };
  faults: LinkFaults;
  private readonly clock: Clock;
  private readonly random: SeededRandom;
  private readonly deliver: (datagram: Uint8Array, to: Destination) => void;
  private readonly underWay = new Set<Timer>();

  constructor(
    clock: Clock,
    seed: number,
    faults: LinkFaults,
    deliver: (datagram: Uint8Array, to: Destination) => void,
  ) {
    this.clock = clock;
    this.random = new SeededRandom(seed);
    this.faults = faults;
    this.deliver = deliver;
  }

  pass(datagram: Uint8Array, to: Destination): void {
    const { loss = 0, duplication = 0 } = this.faults;
    // Each is asked for whatever the others say, so that one fault more leaves the rest of the run as it was.
    const [isLost, isTwice] = [this.chance(loss), this.chance(duplication)];
    const delays = [this.delayMs(), this.delayMs()];
    this.counts.taken += 1;
    if (isLost) {
      this.counts.lost += 1;
      return;
    }
    if (isTwice) this.counts.duplicated += 1;
    for (const delayMs of isTwice ? delays : delays.slice(0, 1)) this.arrive(delayMs, datagram, to);
  }

  /** Drops what is under way. */
  stop(): void {
    for (const timer of this.underWay) timer.cancel();
    this.underWay.clear();
  }

  private chance(share: number): boolean {
    return this.random.fraction() < share;
  }

  private delayMs(): number {
    const { reordering = 0, overtakenMs = 50, delayMs: [least, most] = [0, 0] } = this.faults;
    const delayMs = least + (most - least) * this.random.fraction();
    if (!this.chance(reordering)) return delayMs;
    this.counts.overtaken += 1;
    return delayMs + overtakenMs;
  }

  private arrive(delayMs: number, datagram: Uint8Array, to: Destination): void {
    const arrived = (): void => {
      this.counts.delivered += 1;
      this.deliver(datagram, to);
    };
    if (delayMs === 0) {
      arrived();
      return;
    }
    const timer = this.clock.after('datagram under way', delayMs, () => {
      this.underWay.delete(timer);
      arrived();
    });
    this.underWay.add(timer);
  }
}
