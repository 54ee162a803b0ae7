import type { CaCertificateJson } from '../../../core/contract/certificates.ts';

const dayMs = 24 * 3600 * 1000;
/** Long enough to make a new authority and bring its certificates to the devices. */
const soonDays = 30;

export interface Validity {
  readonly state: 'valid' | 'soon' | 'expired' | 'notYet';
  /** Whole days until the end, 0 on the last. */
  readonly days: number;
}

export function validityOf(
  { notBefore, notAfter }: Pick<CaCertificateJson, 'notBefore' | 'notAfter'>,
  nowMs: number,
): Validity {
  const days = Math.max(0, Math.floor((notAfter - nowMs) / dayMs));
  if (nowMs > notAfter) return { state: 'expired', days };
  if (nowMs < notBefore) return { state: 'notYet', days };
  return { state: days < soonDays ? 'soon' : 'valid', days };
}
