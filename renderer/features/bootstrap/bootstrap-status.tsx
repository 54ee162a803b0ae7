import type { BootstrapStatus } from '../../../core/contract/bootstrap/entries.ts';
import { useText } from '../../i18n/use-text.ts';
import { StatusMark, type Tone } from '../../ui/status-mark.tsx';

const tones: Readonly<Record<BootstrapStatus, Tone>> = {
  NEVER_REQUESTED: 'quiet',
  IN_PROGRESS: 'busy',
  FINISHED: 'ok',
  FAILED: 'bad',
};

/** How the newest bootstrap of an entry goes, or how it ended. */
export function BootstrapStatusMark({ status }: { status: BootstrapStatus }) {
  const t = useText('bootstrap');
  return <StatusMark tone={tones[status]} word={t(`status_${status}`)} />;
}
