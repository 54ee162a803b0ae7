import type { CommandStatus } from '../../../core/contract/commands.ts';
import { useText } from '../../i18n/use-text.ts';
import { StatusMark, type Tone } from '../../ui/status-mark.tsx';

const tones: Readonly<Record<CommandStatus, Tone>> = {
  PENDING: 'quiet',
  PROCESSING: 'warn',
  RETRYING: 'warn',
  PROCESSED: 'ok',
  ERROR: 'bad',
  EXPIRED: 'bad',
  CANCELED: 'quiet',
};

/** The state of a command, in the word of the API. */
export function CommandStatusMark({ status }: { status: CommandStatus }) {
  const t = useText('commands');
  return (
    <span title={t(`hint_${status}`)}>
      <StatusMark tone={tones[status]} word={status} />
    </span>
  );
}
