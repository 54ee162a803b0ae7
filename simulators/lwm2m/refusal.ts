import { codeText } from '../../core/protocols/coap/codes.ts';

/** A request that a device does not carry out: with which CoAP code, and why in words that the server may see. */
export class Refusal extends Error {
  /** A code of `codes`. */
  readonly code: number;

  constructor(code: number, reason: string) {
    super(`${codeText(code)} ${reason}`);
    this.code = code;
    this.reason = reason;
  }

  readonly reason: string;
}
