import type { MakeDeadlines, MomentQueue, SimulatorClock } from '../fleet/seams.ts';

interface Wait {
  readonly run: () => void;
}

/** What the handsets of a fleet wait for, on the platform's time, under one timer. */
export class Waits {
  private readonly clock: Pick<SimulatorClock, 'now'>;
  private readonly queue: MomentQueue<Wait>;

  constructor(clock: Pick<SimulatorClock, 'now'>, deadlines: MakeDeadlines) {
    this.clock = clock;
    this.queue = deadlines('handsets', (wait) => wait.run());
  }

  after(delayMs: number, run: () => void): void {
    if (delayMs <= 0) run();
    else this.queue.set({ run }, this.clock.now() + delayMs);
  }

  /** Nothing of it is called any more. */
  clear(): void {
    this.queue.clear();
  }
}
