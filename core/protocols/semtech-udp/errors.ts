/** A datagram that is no packet of the packet-forwarder protocol, or JSON in one that is not of its form. */
export class SemtechUdpError extends Error {
  override readonly name = 'SemtechUdpError';
  /** `semtech.malformed`: what came. `semtech.range`: what was to be written. */
  readonly code: 'semtech.malformed' | 'semtech.range';

  constructor(code: SemtechUdpError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

export const malformed = (message: string): SemtechUdpError =>
  new SemtechUdpError('semtech.malformed', message);
