import { useCallback } from 'react';
import { useText } from '../../i18n/use-text.ts';
import { useLive } from '../../live/live.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { EmptyState } from '../../ui/view-states.tsx';
import { WaysToBegin } from '../../ui/ways-to-begin.tsx';
import { MessageStream } from './message-stream.tsx';
import { MomentMessages } from './moment-messages.tsx';

const allDevices = {};

/** The stream of the platform: as it comes, or as it was at a moment. */
export default function MessagesView() {
  const [url, setUrl] = useUrlState();
  const onJump = useCallback(
    (at: string | undefined) => setUrl({ at, message: undefined }, { push: true }),
    [setUrl],
  );
  if (url.at !== undefined) return <MomentMessages key={url.at} at={url.at} onJump={onJump} />;
  return <LiveMessages onJump={onJump} />;
}

function LiveMessages({ onJump }: { onJump: (at: string | undefined) => void }) {
  const t = useText('messages');
  const live = useLive((snapshot) => snapshot);
  return (
    <MessageStream
      scope={allDevices}
      onJump={onJump}
      live={live}
      empty={(filtered) =>
        filtered ? (
          <EmptyState title={t('emptyFiltered')}>{t('emptyFilteredText')}</EmptyState>
        ) : (
          <EmptyState title={t('empty')} action={<WaysToBegin />}>
            {t('emptyText')}
          </EmptyState>
        )
      }
    />
  );
}
