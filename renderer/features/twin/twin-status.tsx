import type { TwinObservationStatus, TwinOperationStatus } from '../../../core/contract/twin.ts';
import { useText } from '../../i18n/use-text.ts';
import { StatusMark, type Tone } from '../../ui/status-mark.tsx';

const tones: Readonly<Record<TwinOperationStatus | TwinObservationStatus, Tone>> = {
  PENDING: 'quiet',
  SENT: 'busy',
  RETRYING: 'warn',
  OK: 'ok',
  OBSERVING: 'ok',
  FAILED: 'bad',
  EXPIRED: 'bad',
  CANCELLED: 'quiet',
};

/** The state of an operation or observation, in the word of the API. */
export function TwinStatusMark({ status }: { status: TwinOperationStatus | TwinObservationStatus }) {
  const t = useText('twin');
  return (
    <span title={t(`hint_${status}`)}>
      <StatusMark tone={tones[status]} word={status} />
    </span>
  );
}
