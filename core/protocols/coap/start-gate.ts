import { CoapError } from './errors.ts';

/** A place among those that are on the way, or in the queue for it. */
export interface Slot {
  /** Makes room for the next one. May be called more than once. */
  leave(): void;
}

/** Lets only so many start before one of them has left: NSTART (RFC 7252 4.7). */
export class StartGate {
  private readonly limit: number;
  private readonly maxWaiting: number;
  private running = 0;
  private waiting: Place[] = [];
  private closed = false;

  constructor(limit: number, maxWaiting: number) {
    this.limit = limit;
    this.maxWaiting = maxWaiting;
  }

  /**
   * Calls `start` now, or when it is its turn; it gets the slot that is returned as well.
   * @throws CoapError coap.queueFull
   */
  enter(start: (slot: Slot) => void): Slot {
    const place: Place = new Place(start, () => this.left(place));
    if (this.running < this.limit && !this.closed) {
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
    while (this.running < this.limit && !this.closed) {
      const next = this.waiting.shift();
      if (!next) return;
      this.start(next);
    }
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
