import type { MessageState } from '../../../core/protocols/smpp/receipt.ts';
import type { Options } from '../../../core/protocols/smpp/tlv.ts';
import type { AirMessage } from '../air.ts';

/** States in which a message has come to an end. */
export type FinalState = Exclude<MessageState, 'ENROUTE' | 'ACCEPTED' | 'UNKNOWN'>;

/** Why an attempt to deliver came to nothing. */
export type Failure =
  | 'absent'
  | 'barred'
  | 'full'
  | 'lost'
  | 'unknownSubscriber'
  | 'nobodyBound'
  | 'refused'
  | 'noAnswer';

/** Error codes in receipts; SMPP leaves them to each centre (3.4, appendix B). */
export const failureCodes: Readonly<Record<Failure, number>> = {
  unknownSubscriber: 1,
  absent: 27,
  barred: 13,
  full: 32,
  lost: 36,
  nobodyBound: 40,
  refused: 41,
  noAnswer: 42,
};

/** What became of an attempt. `permanent`: further ones would be in vain. */
export type AttemptResult =
  | { readonly delivered: true }
  | { readonly delivered: false; readonly failure: Failure; readonly permanent: boolean };

/** An SMPP client that submitted a message. */
export interface Submitter {
  /** Its system_id. */
  readonly account: string;
  /** Number of its connection, of which an account may have several. */
  readonly connection: number;
}

/** Who gave a message to the centre, and is told what becomes of it. */
export type Origin =
  /** @property receipts by registered_delivery (SMPP 3.4, 5.2.17) */
  | {
      readonly kind: 'esme';
      readonly submitter: Submitter;
      readonly receipts: 'none' | 'all' | 'failures';
    }
  | { readonly kind: 'handset'; readonly msisdn: string; readonly ref: number }
  /** A receipt of the centre itself; `options` are those of its deliver_sm. */
  | { readonly kind: 'centre'; readonly submitter: Submitter; readonly options: Options };

/** A message that the centre keeps until who it is for has it. */
export interface StoredMessage {
  /** Decimal digits. */
  readonly id: string;
  /** Of one that has ended without its data. */
  readonly message: AirMessage;
  readonly origin: Origin;
  readonly submittedMs: number;
  readonly expiresMs: number;
  state: MessageState;
  attempts: number;
  /** An attempt is under way: nothing is decided before it ends. */
  trying: boolean;
  /** Of the last attempt that came to nothing. */
  failure: Failure | undefined;
  doneMs: number | undefined;
}
