import { useText } from '../../i18n/use-text.ts';
import { EmptyState } from '../../ui/view-states.tsx';
import { MessageStream } from './message-stream.tsx';
import { MomentNotice } from './time-jump.tsx';

/** Nothing comes in beside the messages of a moment. */
const still = { entries: [], skipped: 0 };

/** The messages up to a moment, newest first, with the filters of the stream. */
export function MomentMessages({ at, onJump }: { at: string; onJump: (at: string | undefined) => void }) {
  const t = useText('messages');
  return (
    <MessageStream
      scope={{ before: at }}
      live={still}
      onJump={onJump}
      notice={<MomentNotice at={at} onLive={() => onJump(undefined)} />}
      empty={(filtered) => (
        <EmptyState title={filtered ? t('emptyFiltered') : t('momentEmpty')}>
          {filtered ? t('emptyFilteredText') : t('momentEmptyText')}
        </EmptyState>
      )}
    />
  );
}
