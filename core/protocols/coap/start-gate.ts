import { CoapError } from './errors.ts';
import type { CoapTimer } from './link.ts';

/** A place among those that are on the way, or in the queue for it. */
export interface Slot {
  /** Makes room for the next one. May be called more than once. */
  leave(): void;
}

/** Why nobody may start for a while, whoever has left. */
export interface Hold {
  /** 0 when there is no reason. */
  waitMs(): number;
  after(delayMs: number, run: () => void): CoapTimer;
}

/** Lets only so many start before one of them has left: NSTART (RFC 7252 4.7). */
export class StartGate {
  private readonly limit: number;
  private readonly maxWaiting: number;
  private running = 0;
  private waiting: Place[] = [];
  private closed = false;
  private readonly hold: Hold;
  private timer: CoapTimer | undefined;

  constructor(limit: number, maxWaiting: number, hold: Hold) {
    this.limit = limit;
    this.maxWaiting = maxWaiting;
    this.hold = hold;
  }

  /**
   * Calls `start` now, or when it is its turn; it gets the slot that is returned as well.
   * @throws CoapError coap.queueFull
   */
  enter(start: (slot: Slot) => void): Slot {
    const place: Place = new Place(start, () => this.left(place));
    if (this.isOpen()) {
      this.start(place);
      return place;
    }
    if (this.waiting.length >= this.maxWaiting) {
      throw new CoapError(
        'coap.queueFull',
        `${this.waiting.length} requests wait for this peer already (maxWaitingRequests)`,
      );
    }
    this.waiting.push(place);
    return place;
  }

  /** Starts nothing any more. */
  close(): void {
    this.closed = true;
    this.waiting = [];
    this.timer?.cancel();
  }

  private start(place: Place): void {
    this.running++;
    place.state = 'running';
    place.start(place);
  }

  private left(place: Place): void {
    if (place.state === 'waiting') this.waiting = this.waiting.filter((other) => other !== place);
    if (place.state === 'running') this.running--;
    place.state = 'left';
    this.startNext();
  }

  private startNext(): void {
    while (this.waiting.length > 0 && this.isOpen()) this.start(this.waiting.shift() as Place);
  }

  /** While it is held, it looks again when that is over. */
  private isOpen(): boolean {
    if (this.closed || this.running >= this.limit) return false;
    const waitMs = this.hold.waitMs();
    if (waitMs <= 0) return true;
    this.timer ??= this.hold.after(waitMs, () => {
      this.timer = undefined;
      this.startNext();
    });
    return false;
  }
}

class Place implements Slot {
  state: 'waiting' | 'running' | 'left' = 'waiting';
  readonly start: (slot: Slot) => void;
  private readonly left: () => void;

  constructor(start: (slot: Slot) => void, left: () => void) {
    this.start = start;
    this.left = left;
  }

  leave(): void {
    this.left();
  }
}
