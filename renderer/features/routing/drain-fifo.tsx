import { useQueryClient } from '@tanstack/react-query';
import { usePreferences } from '../../app/preferences.ts';
import { bytes, count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { ConfirmDelete } from '../../ui/confirm-delete.tsx';
import { drainFifo } from './routing-api.ts';

interface DrainFifoProps {
  readonly name: string;
  readonly messages: number;
  readonly messageBytes: number;
  readonly unacknowledged: number;
  readonly onClose: () => void;
  /** Told how many messages were removed. */
  readonly onDrained: (removed: number) => void;
}

/** Asks before all that waits in a FIFO is lost. */
export function DrainFifo(props: DrainFifoProps) {
  const t = useText('routing');
  const language = usePreferences((state) => state.language);
  const queries = useQueryClient();
  const { name, messages, messageBytes, unacknowledged } = props;
  return (
    <ConfirmDelete
      title={t('drainTitle', { name })}
      confirm={t('drainDo')}
      onClose={props.onClose}
      onConfirm={async () => {
        const { removed } = await drainFifo(name);
        props.onDrained(removed);
        await queries.invalidateQueries({ queryKey: ['fifos'] });
      }}
    >
      <p>
        {t('drainText', { count: messages, total: count(messages, language), size: bytes(messageBytes) })}
      </p>
      {unacknowledged > 0 && (
        <p>{t('drainHeld', { count: unacknowledged, total: count(unacknowledged, language) })}</p>
      )}
      <p>{t('drainMore')}</p>
    </ConfirmDelete>
  );
}
