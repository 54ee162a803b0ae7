/** The part of the platform's clock seam that simulated devices need. */
export interface SimulatorClock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Microseconds from an arbitrary origin, that never go back. */
  monotonicUs(): number;
  after(name: string, delayMs: number, run: () => void): { cancel(): void };
}
