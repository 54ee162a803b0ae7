/** Limits and defaults of the simulated short message centre. */
export interface SmscSettings {
  /** Who may bind to it: `systemId:password`, each. */
  readonly smscAccounts: readonly string[];
  /** Most connections to it at a time; one more is closed. */
  readonly smscMaxConnections: number;
  /** How long a client may take from connecting to its bind. */
  readonly smscBindTimeoutMs: number;
  /** How long a bound client may be silent before it is asked whether it is there. */
  readonly smscEnquireLinkMs: number;
  /** How long a bound client may take to answer. */
  readonly smscResponseTimeoutMs: number;
  /** Longest SMPP message; a longer one ends the connection. */
  readonly smscMaxPduBytes: number;
  /** Messages that a bound client may hold without having answered for them. */
  readonly smscWindow: number;
  /** Bytes that may wait in the socket of a slow client before nothing more is sent to it. */
  readonly smscMaxUnsentBytes: number;
  /** Messages that one bound client may submit in a second; one more is refused as throttled. */
  readonly smscMaxMessagesPerS: number;
  /** Most messages that wait for who they are for; one more is refused. */
  readonly smscMaxMessages: number;
  /** Bytes of the user data of these. */
  readonly smscMaxBytes: number;
  /** Messages that have come to an end and can still be asked for, the newest. */
  readonly smscMaxKept: number;
  /** How long a message is kept that says nothing of it. */
  readonly smscValidityMs: number;
  /** Longest that a message is kept, whatever it says. */
  readonly smscMaxValidityMs: number;
  /** Time to the second attempt to deliver a message; it doubles from one to the next. */
  readonly smscFirstRetryMs: number;
  /** Longest time between two attempts. */
  readonly smscLongestRetryMs: number;
  /** Refusals of what clients sent that are written to the audit log a second; more are counted only. */
  readonly smscRefusalMaxPerSecond: number;
}

const hourMs = 3_600_000;

export const defaultSmscSettings: SmscSettings = {
  smscAccounts: ['fleetbench:bench'],
  smscMaxConnections: 100,
  smscBindTimeoutMs: 10_000,
  smscEnquireLinkMs: 60_000,
  smscResponseTimeoutMs: 30_000,
  smscMaxPduBytes: 70_000,
  smscWindow: 100,
  smscMaxUnsentBytes: 1_048_576,
  smscMaxMessagesPerS: 5000,
  smscMaxMessages: 100_000,
  smscMaxBytes: 64 * 1_048_576,
  smscMaxKept: 10_000,
  smscValidityMs: 72 * hourMs,
  smscMaxValidityMs: 168 * hourMs,
  smscFirstRetryMs: 60_000,
  smscLongestRetryMs: hourMs,
  smscRefusalMaxPerSecond: 20,
};
