/** Why a handshake failed, a session ended, or a call could not be done. */
export type DtlsErrorCode =
  /** The key look-up knows no such identity, or refuses it. */
  | 'dtls.unknownIdentity'
  /** The two sides have different keys for the identity: what should have been Finished could not be decrypted. */
  | 'dtls.badKey'
  | 'dtls.noCommonSuite'
  /** The other side speaks no DTLS 1.2. */
  | 'dtls.version'
  /** A message of a wrong form. */
  | 'dtls.malformed'
  /** A message that has no place at this point of the handshake. */
  | 'dtls.unexpectedMessage'
  /** A message that contradicts an earlier one, or a rule of the protocol. */
  | 'dtls.illegalParameter'
  /** The other side did not answer in time. */
  | 'dtls.timeout'
  /** The other side ended it with an alert. */
  | 'dtls.alertReceived'
  /** A limit of the options was reached; the message names it. */
  | 'dtls.limit'
  /** It was closed here. */
  | 'dtls.closed'
  /** The key look-up failed. */
  | 'dtls.internal';

/** What is said of a handshake or session that did not go well. */
export class DtlsError extends Error {
  readonly code: DtlsErrorCode;
  /** Number of the alert that the other side is to get; undefined when it gets none. */
  readonly alert: number | undefined;
  /** Number of the alert with which the other side has ended it; undefined when it sent none. */
  readonly received: number | undefined;

  constructor(
    code: DtlsErrorCode,
    message: string,
    alert?: number,
    options?: ErrorOptions & { readonly received?: number },
  ) {
    super(message, options);
    this.code = code;
    this.alert = alert;
    this.received = options?.received;
  }
}
