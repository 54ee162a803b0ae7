/**
 * Time as the platform sees it. Nothing in the core reads the machine's clock or starts a timer in any
 * other way, so tests and users can freeze, jump and speed it.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Microseconds from an arbitrary origin; only differences mean something. Never goes back. */
  monotonicUs(): number;
  /**
   * Calls `run` once after `delayMs` on this clock.
   * @param name says what the timer is for; listed by {@link pendingTimers} when one leaks.
   */
  after(name: string, delayMs: number, run: () => void): Timer;
  /** Calls `run` each `periodMs` on this clock until cancelled. */
  every(name: string, periodMs: number, run: () => void): Timer;
  /** Names of the timers that have not fired and were not cancelled. */
  pendingTimers(): string[];
}

export interface Timer {
  cancel(): void;
}

/** ISO 8601 in UTC with milliseconds, the form of every date in the v1 API. */
export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
