import { MalformedError } from './bytes.ts';

/** Reasons in alerts (RFC 5246, 7.2; RFC 4279, 6). */
export const alerts = {
  closeNotify: 0,
  unexpectedMessage: 10,
  badRecordMac: 20,
  handshakeFailure: 40,
  illegalParameter: 47,
  decodeError: 50,
  decryptError: 51,
  protocolVersion: 70,
  internalError: 80,
  noRenegotiation: 100,
  unsupportedExtension: 110,
  unknownPskIdentity: 115,
} as const;

/** Names of the standard, of others too than are sent from here. */
const names = new Map<number, string>([
  [0, 'close_notify'],
  [10, 'unexpected_message'],
  [20, 'bad_record_mac'],
  [22, 'record_overflow'],
  [30, 'decompression_failure'],
  [40, 'handshake_failure'],
  [42, 'bad_certificate'],
  [43, 'unsupported_certificate'],
  [44, 'certificate_revoked'],
  [45, 'certificate_expired'],
  [46, 'certificate_unknown'],
  [47, 'illegal_parameter'],
  [48, 'unknown_ca'],
  [49, 'access_denied'],
  [50, 'decode_error'],
  [51, 'decrypt_error'],
  [70, 'protocol_version'],
  [71, 'insufficient_security'],
  [80, 'internal_error'],
  [86, 'inappropriate_fallback'],
  [90, 'user_canceled'],
  [100, 'no_renegotiation'],
  [110, 'unsupported_extension'],
  [112, 'unrecognized_name'],
  [115, 'unknown_psk_identity'],
]);

const levels = { warning: 1, fatal: 2 } as const;

export interface Alert {
  readonly level: keyof typeof levels;
  readonly description: number;
}

export function encodeAlert({ level, description }: Alert): Uint8Array {
  return Uint8Array.of(levels[level], description);
}

/** @throws MalformedError */
export function decodeAlert(content: Uint8Array): Alert {
  const [level, description] = content;
  if (content.length !== 2 || (level !== 1 && level !== 2)) throw new MalformedError('no alert');
  return { level: level === 1 ? 'warning' : 'fatal', description: description ?? 0 };
}

/** For example `bad_record_mac`. */
export function alertName(description: number): string {
  return names.get(description) ?? `alert ${description}`;
}
