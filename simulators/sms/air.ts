/** A short message between the network and a handset: who, and the user data as they are under way. */
export interface AirMessage {
  readonly from: string;
  readonly to: string;
  /** data_coding of SMPP 3.4 (5.2.19), after which the data are read. */
  readonly dataCoding: number;
  /** The data begin with a header (3GPP 23.040, 9.2.3.24), as parts of long messages do. */
  readonly hasHeader: boolean;
  readonly data: Uint8Array;
}

/** Why a handset does not take a message now: it is off, abroad and let in nowhere, or its inbox is full. */
export type Unreachable = 'absent' | 'barred' | 'full';

/** What became of one attempt to deliver; `lost`: nobody knows, so it is tried again. */
export type AirOutcome = 'delivered' | 'lost' | Unreachable;

/** From the handsets of a fleet to the network. */
export type AirUp =
  /** Whether a handset can be reached; all are told of when their fleet starts. */
  | { readonly kind: 'reach'; readonly msisdn: string; readonly unreachable: Unreachable | undefined }
  | { readonly kind: 'outcome'; readonly delivery: number; readonly outcome: AirOutcome }
  /** A handset writes; `ref` is its own name for the message, one for each part. */
  | { readonly kind: 'submit'; readonly msisdn: string; readonly ref: number; readonly message: AirMessage };

/** From the network to a handset of a fleet. */
export type AirDown =
  | {
      readonly kind: 'deliver';
      readonly msisdn: string;
      readonly delivery: number;
      readonly message: AirMessage;
    }
  | { readonly kind: 'accepted'; readonly msisdn: string; readonly ref: number }
  | { readonly kind: 'refused'; readonly msisdn: string; readonly ref: number; readonly reason: string }
  /** Who a message was for has it, or never will. */
  | {
      readonly kind: 'report';
      readonly msisdn: string;
      readonly ref: number;
      readonly reason: string | undefined;
    };
