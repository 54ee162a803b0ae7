import type { SimulatorClock } from './seams.ts';

/** What is to be done at some time. */
export interface Scheduled {
  cancel(): void;
}

interface Entry {
  readonly dueMs: number;
  run: ((nowMs: number) => void) | undefined;
}

/** What falls due within so many milliseconds is done in one go. */
const tickMs = 4;

/**
 * The times of all devices of a fleet under a single timer: a binary heap, since ten thousand timers that are
 * set again and again would cost more than the messages.
 */
export class Schedule {
  private readonly clock: SimulatorClock;
  private readonly name: string;
  private readonly heap: Entry[] = [];
  private timer: { cancel(): void } | undefined;
  private timerDueMs = Number.POSITIVE_INFINITY;
  private stopped = false;

  constructor(clock: SimulatorClock, name: string) {
    this.clock = clock;
    this.name = name;
  }

  /** Milliseconds from an arbitrary origin. */
  nowMs(): number {
    return this.clock.monotonicUs() / 1000;
  }

  /** Calls `run` once, at a time of {@link nowMs} or as soon after it as can be. */
  at(dueMs: number, run: (nowMs: number) => void): Scheduled {
    const entry: Entry = { dueMs, run };
    if (!this.stopped) {
      this.push(entry);
      this.arm();
    }
    return {
      cancel: () => {
        entry.run = undefined;
      },
    };
  }

  /** Forgets everything; nothing is called any more. */
  stop(): void {
    this.stopped = true;
    this.heap.length = 0;
    this.disarm();
  }

  private disarm(): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.timerDueMs = Number.POSITIVE_INFINITY;
  }

  private arm(): void {
    const [first] = this.heap;
    if (!first || first.dueMs >= this.timerDueMs) return;
    this.disarm();
    this.timerDueMs = first.dueMs;
    const delayMs = Math.max(tickMs, Math.ceil(first.dueMs - this.nowMs()));
    this.timer = this.clock.after(this.name, delayMs, () => this.fire());
  }

  private fire(): void {
    this.timer = undefined;
    // Held at nothing while running, so that what is added then does not set a timer each.
    this.timerDueMs = Number.NEGATIVE_INFINITY;
    const nowMs = this.nowMs();
    try {
      for (let first = this.heap[0]; first && first.dueMs <= nowMs; first = this.heap[0]) {
        this.pop();
        first.run?.(nowMs);
      }
    } finally {
      this.timerDueMs = Number.POSITIVE_INFINITY;
      if (!this.stopped) this.arm();
    }
  }

  private push(entry: Entry): void {
    const { heap } = this;
    let index = heap.length;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above] as Entry;
      if (parent.dueMs <= entry.dueMs) break;
      heap[index] = parent;
      index = above;
    }
    heap[index] = entry;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let below = 2 * index + 1;
      if (below >= heap.length) break;
      const right = heap[below + 1];
      if (right && right.dueMs < (heap[below] as Entry).dueMs) below += 1;
      const child = heap[below] as Entry;
      if (child.dueMs >= last.dueMs) break;
      heap[index] = child;
      index = below;
    }
    heap[index] = last;
  }
}
