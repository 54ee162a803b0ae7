/**
 * Why bytes are no frame, or fields make none.
 * - `lorawan.malformed`: the bytes do not have the form that LoRaWAN asks for
 * - `lorawan.range`: a field is out of the range that the wire has room for
 */
export type LorawanErrorCode = 'lorawan.malformed' | 'lorawan.range';

export class LorawanError extends Error {
  override readonly name = 'LorawanError';
  readonly code: LorawanErrorCode;

  constructor(code: LorawanErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export const malformed = (message: string): LorawanError => new LorawanError('lorawan.malformed', message);

/** @throws LorawanError `lorawan.range` unless `value` is a whole number from `least` to `most` */
export function requireRange(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new LorawanError(
    'lorawan.range',
    `${name} must be a whole number from ${least} to ${most}, got ${value}`,
  );
}
