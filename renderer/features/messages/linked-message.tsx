import { ApiError } from '../../api/client.ts';
import { useText } from '../../i18n/use-text.ts';
import { SidePanel } from '../../ui/side-panel.tsx';
import { ErrorState } from '../../ui/view-states.tsx';
import { MessagePanel } from './message-panel.tsx';
import { rowOfTrace } from './message-row.ts';
import { useTrace } from './messages-api.ts';

/** A message that the address names and the list does not hold: found by its trace, or told to be gone. */
export function LinkedMessage({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useText('messages');
  const trace = useTrace(id);
  if (trace.data) return <MessagePanel row={rowOfTrace(trace.data)} onClose={onClose} />;
  if (!trace.error) return null;
  const gone = trace.error instanceof ApiError && trace.error.status === 404;
  return (
    <SidePanel title={t('panelMessage')} onClose={onClose}>
      {gone ? (
        <>
          <strong>{t('linkGone')}</strong>
          <p className="dimmed">{t('linkGoneText')}</p>
        </>
      ) : (
        <ErrorState error={trace.error} onRetry={() => void trace.refetch()} />
      )}
    </SidePanel>
  );
}
