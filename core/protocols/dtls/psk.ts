import type { PeerAddress } from './seams.ts';

/** What is known of a client that wants to be let in. */
export interface PskRequest {
  readonly peer: PeerAddress;
  /** Host name that the client asked for (SNI). */
  readonly serverName: string | undefined;
}

/** The key of an identity, or why the client is not let in; the reason is for the operator, the client never sees it. */
export type PskAnswer = { readonly key: Uint8Array } | { readonly refused: string };

/** Finds the key of a PSK identity. A rejection ends the handshake with the alert internal_error. */
export type PskLookup = (identity: string, request: PskRequest) => PskAnswer | Promise<PskAnswer>;
