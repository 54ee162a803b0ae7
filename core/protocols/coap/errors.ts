/**
 * Why a CoAP exchange came to nothing.
 * - `coap.malformed`: bytes or fields that are no CoAP message
 * - `coap.timeout`: no acknowledgement, after all retransmissions
 * - `coap.noResponse`: the request was acknowledged (or not confirmable) and no response came in time
 * - `coap.reset`: the peer answered with RST: it has no use for the message
 * - `coap.refused`: the network says that nobody listens there
 * - `coap.linkClosed`: the link ended before the answer came
 * - `coap.cancelled`: the caller gave up
 * - `coap.queueFull`: too many requests wait for this peer already
 * - `coap.noMessageId`: so many messages went to this peer that no message id is free, and it could not wait
 * - `coap.tooLarge`: a message or a body above the limit that the text names
 * - `coap.badOption`: a critical option of the response is not understood
 * - `coap.blockwise`: the peer breaks the rules of block-wise transfer
 */
export type CoapErrorCode =
  | 'coap.malformed'
  | 'coap.timeout'
  | 'coap.noResponse'
  | 'coap.reset'
  | 'coap.refused'
  | 'coap.linkClosed'
  | 'coap.cancelled'
  | 'coap.queueFull'
  | 'coap.noMessageId'
  | 'coap.tooLarge'
  | 'coap.badOption'
  | 'coap.blockwise';

export class CoapError extends Error {
  override readonly name = 'CoapError';
  readonly code: CoapErrorCode;

  constructor(code: CoapErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** True for a CoapError, with one of these codes when any are given. */
export function isCoapError(error: unknown, ...codes: readonly CoapErrorCode[]): error is CoapError {
  return error instanceof CoapError && (codes.length === 0 || codes.includes(error.code));
}
