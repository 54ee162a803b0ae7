import type { CaCertificateJson } from '../../../core/contract/certificates.ts';
import { useText } from '../../i18n/use-text.ts';
import { StatusMark } from '../../ui/status-mark.tsx';
import { validityOf } from './validity.ts';

const marks = {
  valid: { tone: 'ok' },
  soon: { tone: 'warn' },
  expired: { tone: 'bad' },
  notYet: { tone: 'quiet' },
} as const;

/** Whether certificates by this authority count now. */
export function CertificateState({ certificate }: { certificate: CaCertificateJson }) {
  const t = useText('certificates');
  const { state, days } = validityOf(certificate, Date.now());
  const word = state === 'soon' ? t('state_soon', { count: days }) : t(`state_${state}`);
  return <StatusMark {...marks[state]} word={word} />;
}
