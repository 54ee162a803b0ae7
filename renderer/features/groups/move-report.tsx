import { CloseButton, Progress } from '@mantine/core';
import { useText } from '../../i18n/use-text.ts';
import { StatusMark } from '../../ui/status-mark.tsx';
import type { MoveProgress } from './use-move-devices.ts';

const mostShown = 5;

/** How far a move of devices is, and which ones stayed where they were. */
export function MoveReport(props: { progress: MoveProgress | undefined; onClose: () => void }) {
  const t = useText('groups');
  const common = useText('common');
  if (!props.progress) return null;
  const { done, total, failures } = props.progress;
  const moved = done - failures.length;
  return (
    <div className="move-report">
      <div role="status" className="inline">
        {done < total ? (
          t('moving', { done, total })
        ) : (
          <StatusMark tone={failures.length > 0 ? 'bad' : 'ok'} word={t('moved', { count: moved, total })} />
        )}
      </div>
      {done < total ? (
        <Progress value={(100 * done) / total} size="sm" aria-label={t('moving', { done, total })} />
      ) : (
        <CloseButton size="xs" aria-label={common('close')} onClick={props.onClose} />
      )}
      {failures.slice(0, mostShown).map(({ id, reason }) => (
        <p key={id} className="reason">
          {id}: {reason}
        </p>
      ))}
    </div>
  );
}
