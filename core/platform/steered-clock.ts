import type { Clock, Timer } from './clock.ts';

/** How time goes: as on the clock below, not at all, or from another moment or at another speed. */
export type ClockMode = 'real' | 'frozen' | 'running';

interface PendingTimer {
  readonly name: string;
  readonly order: number;
  readonly dueMs: number;
  readonly run: () => void;
}

export interface ClockObserver {
  /** Time is about to jump; nothing has fallen due by it yet. Times in milliseconds since the Unix epoch. */
  moving?(fromMs: number, toMs: number): void;
  /** On the way of a jump, before anything falls due at this moment; the jump goes on when it resolves. */
  reaching?(atMs: number): Promise<void>;
  /** What is due by it has run, and time goes on in another way than before. */
  changed?(): void;
}

/** Moments on the way of one jump after each of which what it began may end; the rest of a jump is one step. */
const mostSteps = 1000;

/**
 * A clock over another one that users freeze, move and speed up. What waits for a moment ({@link after}) goes by the
 * time shown here. Repeated work ({@link every}) is upkeep: it goes on by the clock below, so that a platform whose
 * time stands still goes on writing and sweeping, and it is done once more after each jump.
 */
export class SteeredClock implements Clock {
  private readonly base: Clock;
  private readonly observers = new Set<ClockObserver>();
  private readonly pending = new Set<PendingTimer>();
  private readonly repeated = new Map<symbol, { name: string; run: () => void }>();
  private currentMode: ClockMode = 'real';
  private rate = 1;
  /** The moment shown when the clock below showed `anchorUs`; not used while real. */
  private anchorMs = 0;
  private anchorUs = 0;
  private nextOrder = 0;
  /** Shows a moment of a jump whose end is not there yet: nothing fires. */
  private held = false;
  private armed: { timer: Timer; dueMs: number } | undefined;

  constructor(base: Clock) {
    this.base = base;
  }

  get mode(): ClockMode {
    return this.currentMode;
  }

  /** Seconds that pass here in one of the clock below. */
  get speed(): number {
    return this.rate;
  }

  /** The time of the clock below. */
  realNow(): number {
    return this.base.now();
  }

  now(): number {
    if (this.currentMode === 'real') return this.base.now();
    if (this.rate === 0) return this.anchorMs;
    return this.anchorMs + Math.floor(((this.base.monotonicUs() - this.anchorUs) / 1000) * this.rate);
  }

  /** Of the clock below: how long work takes does not depend on what time it is said to be. */
  monotonicUs(): number {
    return this.base.monotonicUs();
  }

  after(name: string, delayMs: number, run: () => void): Timer {
    const dueMs = this.now() + Math.max(0, delayMs);
    const timer: PendingTimer = { name, order: this.nextOrder++, dueMs, run };
    this.pending.add(timer);
    this.arm();
    return {
      cancel: () => {
        this.pending.delete(timer);
        this.arm();
      },
    };
  }

  every(name: string, periodMs: number, run: () => void): Timer {
    const timer = this.base.every(name, periodMs, run);
    const key = Symbol(name);
    this.repeated.set(key, { name, run });
    return {
      cancel: () => {
        this.repeated.delete(key);
        timer.cancel();
      },
    };
  }

  pendingTimers(): string[] {
    return [...this.pending, ...this.repeated.values()].map(({ name }) => name);
  }

  observe(observer: ClockObserver): void {
    this.observers.add(observer);
  }

  /**
   * Sets the time and how it goes on. Forward, every timer on the way fires at its own moment, in order; back, none
   * does, and what waits for a moment goes on waiting for it.
   * @param toMs the moment, or undefined for the time of the clock below
   * @param settle resolves when what the timers of a moment began has ended, as far as it does not wait for time
   */
  async set(
    mode: ClockMode,
    { toMs, speed, settle }: { toMs: number | undefined; speed: number; settle: () => Promise<void> },
  ): Promise<void> {
    const fromMs = this.now();
    this.held = false;
    const target = (): number => toMs ?? this.base.now();
    for (const observer of this.observers) observer.moving?.(fromMs, target());
    this.goOn('frozen', fromMs, 0);
    await this.fireUntil(target, settle);
    const jumped = Math.abs(target() - fromMs) > 0;
    this.goOn(mode, target(), mode === 'frozen' ? 0 : mode === 'real' ? 1 : speed);
    if (jumped) for (const { run } of [...this.repeated.values()]) run();
    for (const observer of this.observers) observer.changed?.();
  }

  /**
   * Shows a moment on the way of a jump that another clock makes: time stands still, and what falls due waits for
   * {@link set}, which ends the jump here too. What begins now counts from this moment.
   */
  hold(atMs: number): void {
    this.held = true;
    this.goOn('frozen', atMs, 0);
  }

  /** Fires what is due until `target`, each at its moment, with time to settle in between. */
  private async fireUntil(target: () => number, settle: () => Promise<void>): Promise<void> {
    for (let step = 0; ; step++) {
      const next = this.earliest();
      if (!next || next.dueMs > target()) return;
      const momentMs = step < mostSteps ? Math.max(this.anchorMs, next.dueMs) : target();
      for (const observer of this.observers) await observer.reaching?.(momentMs);
      this.anchorMs = momentMs;
      this.fireDue();
      if (step >= mostSteps) return;
      await settle();
    }
  }

  private goOn(mode: ClockMode, atMs: number, rate: number): void {
    this.currentMode = mode;
    this.rate = rate;
    this.anchorMs = atMs;
    this.anchorUs = this.base.monotonicUs();
    this.disarm();
    this.arm();
  }

  /** Fires what is due now; what that makes due now comes in its own turn. */
  private fireDue(): void {
    const nowMs = this.now();
    const due = [...this.pending].filter(({ dueMs }) => dueMs <= nowMs);
    due.sort((a, b) => a.dueMs - b.dueMs || a.order - b.order);
    for (const timer of due) if (this.pending.delete(timer)) timer.run();
  }

  private earliest(): PendingTimer | undefined {
    let found: PendingTimer | undefined;
    for (const timer of this.pending) if (!found || timer.dueMs < found.dueMs) found = timer;
    return found;
  }

  /** One timer of the clock below for the first of all that wait. */
  private arm(): void {
    const next = this.earliest();
    const nowMs = this.now();
    const waits = !this.held && next && (this.rate > 0 || next.dueMs <= nowMs);
    // Timers come and go far more often than the first of them changes.
    if (waits && this.armed?.dueMs === next.dueMs) return;
    this.disarm();
    if (!waits) return;
    const delayMs = next.dueMs <= nowMs ? 0 : Math.ceil((next.dueMs - nowMs) / this.rate);
    const timer = this.base.after(next.name, delayMs, () => {
      this.armed = undefined;
      this.fireDue();
      this.arm();
    });
    this.armed = { timer, dueMs: next.dueMs };
  }

  private disarm(): void {
    this.armed?.timer.cancel();
    this.armed = undefined;
  }
}
