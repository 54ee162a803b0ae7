import type { SyncStatus } from '../../../core/contract/configuration.ts';
import { useText } from '../../i18n/use-text.ts';
import { StatusMark, type Tone } from '../../ui/status-mark.tsx';

const tones: Readonly<Record<SyncStatus, Tone>> = {
  NONE: 'quiet',
  PENDING: 'warn',
  SENT: 'warn',
  CANCELED: 'quiet',
  OK: 'ok',
  FAILED: 'bad',
};

/** How far a device is with a parameter, in the word of the API. */
export function SyncStatusMark({ status }: { status: SyncStatus }) {
  const t = useText('configuration');
  return (
    <span title={t(`hint_${status}`)}>
      <StatusMark tone={tones[status]} word={status} />
    </span>
  );
}
