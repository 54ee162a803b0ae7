import { commandStatus, statusName } from './status.ts';

/**
 * Why bytes are no PDU, fields make none, or a request has come to nothing.
 * - `smpp.malformed`: the bytes do not have the form that SMPP 3.4 asks for
 * - `smpp.range`: a field is out of the range that the wire has room for
 * - `smpp.refused`: the other side answered with a command_status that is not ESME_ROK
 * - `smpp.timeout`: the other side did not answer in time
 * - `smpp.closed`: the session ended before an answer came
 */
export type SmppErrorCode = 'smpp.malformed' | 'smpp.range' | 'smpp.refused' | 'smpp.timeout' | 'smpp.closed';

export class SmppError extends Error {
  override readonly name = 'SmppError';
  readonly code: SmppErrorCode;
  /** For `smpp.malformed` what to answer with; for `smpp.refused` what the other side answered. */
  readonly status: number;

  constructor(code: SmppErrorCode, message: string, status: number = commandStatus.ESME_RSYSERR) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export const malformed = (message: string, status: number): SmppError =>
  new SmppError('smpp.malformed', message, status);

export const refused = (command: string, status: number): SmppError =>
  new SmppError('smpp.refused', `${command} was refused with ${statusName(status)}`, status);

/** @throws SmppError `smpp.range` unless `value` is a whole number from `least` to `most` */
export function requireRange(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new SmppError('smpp.range', `${name} must be a whole number from ${least} to ${most}, got ${value}`);
}
