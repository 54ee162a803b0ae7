/** A part of a content, as an HTTP server gave it. */
export interface FetchedPart {
  /** HTTP status: 206, or 200 where the server gives no parts. */
  readonly status: number;
  readonly bytes: Uint8Array;
}

/**
 * Fetches the bytes from `start` to before `end` of a content, by HTTP or HTTPS. Rejects when there was no answer.
 * @param caCertificatePem that the server's certificate must be signed with; undefined: one that the machine trusts
 */
export type FetchPart = (
  uri: string,
  range: { readonly start: number; readonly end: number },
  caCertificatePem: string | undefined,
) => Promise<FetchedPart>;
