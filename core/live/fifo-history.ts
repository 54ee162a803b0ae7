import type { FifoPoint } from '../contract/routing.ts';
import { type Clock, isoTime, type Timer } from '../platform/clock.ts';
import type { FifoQueue, FifoTotals } from '../routing/fifo-queue.ts';

/** How far back a FIFO is known: five minutes, the width of its chart. */
const keptMs = 300_000;
const secondMs = 1000;

interface Known {
  totals: FifoTotals;
  readonly points: FifoPoint[];
}

/** Depth and flow of every FIFO by second of the wire. A FIFO in which nothing happens takes no room. */
export class FifoHistory {
  private readonly fifos: { all(): Iterable<FifoQueue> };
  private readonly wireClock: Clock;
  private readonly known = new WeakMap<FifoQueue, Known>();
  private timer: Timer | undefined;

  constructor(fifos: { all(): Iterable<FifoQueue> }, wireClock: Clock) {
    this.fifos = fifos;
    this.wireClock = wireClock;
  }

  /** What the FIFOs hold from before is no message of the first second. */
  start(): void {
    for (const queue of this.fifos.all()) this.known.set(queue, { totals: queue.totals(), points: [] });
    this.timer = this.wireClock.every('fifo history', secondMs, () => this.closeSecond());
  }

  stop(): void {
    this.timer?.cancel();
  }

  /**
   * The last five minutes of a FIFO, oldest first. A second like the one before is left out, but for the last of such
   * a run, so that a line through the points is right.
   */
  of(queue: FifoQueue): FifoPoint[] {
    return this.known.get(queue)?.points ?? [];
  }

  private closeSecond(): void {
    const nowMs = this.wireClock.now();
    const time = isoTime(nowMs);
    const oldest = isoTime(nowMs - keptMs);
    for (const queue of this.fifos.all()) {
      const totals = queue.totals();
      const known = this.known.get(queue) ?? { totals: { entered: 0, acknowledged: 0, lost: 0 }, points: [] };
      const { messages: waiting, unacknowledged } = queue.counts();
      const point: FifoPoint = {
        time,
        waiting,
        unacknowledged,
        entered: totals.entered - known.totals.entered,
        acknowledged: totals.acknowledged - known.totals.acknowledged,
        lost: totals.lost - known.totals.lost,
      };
      const { points } = known;
      const [last, before] = [points.at(-1), points.at(-2)];
      if (last && before && isSame(last, before) && isSame(last, point)) points.pop();
      points.push(point);
      // One point of before stays: a line from it reaches into the window.
      while (points[1] && points[1].time <= oldest) points.shift();
      known.totals = totals;
      this.known.set(queue, known);
    }
  }
}

const isSame = (a: FifoPoint, b: FifoPoint): boolean =>
  a.waiting === b.waiting &&
  a.unacknowledged === b.unacknowledged &&
  a.entered === b.entered &&
  a.acknowledged === b.acknowledged &&
  a.lost === b.lost;
