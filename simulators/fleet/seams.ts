import type { ClientDatagrams } from '../../core/protocols/coaps/coaps-client.ts';
import type { FetchPart } from '../responders/fetch-part.ts';

/** The part of the platform's clock seam that simulated devices need. */
export interface SimulatorClock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Microseconds from an arbitrary origin, that never go back. */
  monotonicUs(): number;
  after(name: string, delayMs: number, run: () => void): { cancel(): void };
}

/** Many moments on one clock: each subject has at most one. */
export interface MomentQueue<Subject extends object> {
  /** Sets the moment of a subject in place of the one it has, or drops it. */
  set(subject: Subject, atMs: number | undefined): void;
  clear(): void;
}

/** Makes a queue on the platform's time. @param reached is called when a subject's moment has come */
export type MakeDeadlines = <Subject extends object>(
  name: string,
  reached: (subject: Subject) => void,
) => MomentQueue<Subject>;

/** What simulated devices need of the world around them. */
export interface SimulatorSeams extends SimulatorClocks {
  readonly fetchPart: FetchPart;
  readonly datagrams: ClientDatagrams;
  /** Bytes fit for keys. */
  readonly random: { bytes(count: number): Uint8Array };
  /** The IP address of a host. Rejects when it has none. */
  readonly resolve: (host: string) => Promise<string>;
  readonly deadlines: MakeDeadlines;
}

/** The two clocks of simulated devices. */
export interface SimulatorClocks {
  /** The platform's time: of what devices say, and how long they take to answer. */
  readonly clock: SimulatorClock;
  /** Real time: how often they send, connect again, and wait for the network. */
  readonly wireClock: SimulatorClock;
}
