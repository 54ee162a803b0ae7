import { Link } from '@tanstack/react-router';
import { messageSequence } from '../../../core/contract/message-id.ts';
import { ApiError } from '../../api/client.ts';
import { useText } from '../../i18n/use-text.ts';
import { SidePanel } from '../../ui/side-panel.tsx';
import { ErrorState } from '../../ui/view-states.tsx';
import { MessagePanel } from './message-panel.tsx';
import { rowOfMessage, rowOfTrace } from './message-row.ts';
import { useStoredMessage, useTrace } from './messages-api.ts';

/**
 * A message that the address names and the list does not hold: as it is stored, else as its trace tells, else told to
 * be gone, with the reason.
 */
export function LinkedMessage({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useText('messages');
  // What was refused has no id of a message, only one of its trace.
  const refusal = messageSequence(id) === undefined;
  const stored = useStoredMessage(id, !refusal);
  const trace = useTrace(id);
  if (stored.data) return <MessagePanel row={rowOfMessage(stored.data)} onClose={onClose} />;
  if (stored.isLoading) return null;
  if (trace.data) return <MessagePanel row={rowOfTrace(trace.data)} onClose={onClose} />;
  const error = [stored.error, trace.error].find((each) => each !== null && !isNotFound(each)) ?? trace.error;
  if (!error) return null;
  return (
    <SidePanel title={refusal ? t('panelRefused') : t('panelMessage')} onClose={onClose}>
      {!isNotFound(error) ? (
        <ErrorState
          error={error}
          onRetry={() => {
            void trace.refetch();
            if (!refusal) void stored.refetch();
          }}
        />
      ) : refusal ? (
        <>
          <strong>{t('refusalGone')}</strong>
          <p className="dimmed">{t('refusalGoneText')}</p>
          <Link to="/audit" className="link">
            {t('toAudit')}
          </Link>
        </>
      ) : (
        <>
          <strong>{t('linkGone')}</strong>
          <p className="dimmed">{t('linkGoneText')}</p>
        </>
      )}
    </SidePanel>
  );
}

const isNotFound = (error: unknown): boolean => error instanceof ApiError && error.status === 404;
