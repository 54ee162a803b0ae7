import type { Clock, Timer } from './clock.ts';

interface Deadline<Subject> {
  readonly subject: Subject;
  readonly atMs: number;
  /** Of two at the same time, the one set first comes first. */
  readonly order: number;
}

/** What was given up is cleared away when it is more than half, and more than this many. */
const fewest = 1000;

/**
 * Many moments in one timer: each subject has at most one, and moving or dropping it is cheap. A binary heap, in
 * which what was moved or dropped stays until it comes up.
 */
export class Deadlines<Subject extends object> {
  private readonly clock: Clock;
  private readonly name: string;
  private readonly reached: (subject: Subject) => void;
  private readonly valid = new Map<Subject, Deadline<Subject>>();
  private heap: Deadline<Subject>[] = [];
  private nextOrder = 0;
  private timer: Timer | undefined;
  private timerMs = Number.POSITIVE_INFINITY;

  /** @param reached is called when a subject's moment has come; it has none then, and may be given another. */
  constructor(clock: Clock, name: string, reached: (subject: Subject) => void) {
    this.clock = clock;
    this.name = name;
    this.reached = reached;
  }

  /** Sets the moment of a subject in place of the one it has, or drops it. */
  set(subject: Subject, atMs: number | undefined): void {
    if (this.valid.get(subject)?.atMs === atMs) return;
    if (atMs === undefined) {
      this.valid.delete(subject);
      if (this.valid.size === 0) this.clear();
      return;
    }
    const deadline = { subject, atMs, order: this.nextOrder++ };
    this.valid.set(subject, deadline);
    if (this.heap.length > fewest && this.heap.length > this.valid.size * 2) this.rebuild();
    else this.push(deadline);
    this.arm();
  }

  /** How many subjects have a moment. */
  get size(): number {
    return this.valid.size;
  }

  /** Drops all. */
  clear(): void {
    this.valid.clear();
    this.heap = [];
    this.disarm();
  }

  private run(): void {
    this.disarm();
    const nowMs = this.clock.now();
    for (let first = this.heap[0]; first && first.atMs <= nowMs; first = this.heap[0]) {
      this.pop();
      if (this.valid.get(first.subject) !== first) continue;
      this.valid.delete(first.subject);
      this.reached(first.subject);
    }
    this.arm();
  }

  private arm(): void {
    const first = this.heap[0];
    if (!first || first.atMs >= this.timerMs) return;
    this.disarm();
    this.timerMs = first.atMs;
    this.timer = this.clock.after(this.name, first.atMs - this.clock.now(), () => this.run());
  }

  private disarm(): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.timerMs = Number.POSITIVE_INFINITY;
  }

  private rebuild(): void {
    // A sorted list is a heap.
    this.heap = [...this.valid.values()].sort((a, b) => (before(a, b) ? -1 : 1));
  }

  private push(deadline: Deadline<Subject>): void {
    const { heap } = this;
    let index = heap.push(deadline) - 1;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above] as Deadline<Subject>;
      if (!before(deadline, parent)) break;
      heap[index] = parent;
      index = above;
    }
    heap[index] = deadline;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = index * 2 + 1;
      if (child >= heap.length) break;
      const right = heap[child + 1];
      if (right && before(right, heap[child] as Deadline<Subject>)) child++;
      const lower = heap[child] as Deadline<Subject>;
      if (!before(lower, last)) break;
      heap[index] = lower;
      index = child;
    }
    heap[index] = last;
  }
}

function before<Subject>(a: Deadline<Subject>, b: Deadline<Subject>): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
