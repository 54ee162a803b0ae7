import { useCallback } from 'react';
import { useText } from '../../i18n/use-text.ts';
import { useLive } from '../../live/live.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { ViewHeader } from '../../ui/view-header.tsx';
import { EmptyState } from '../../ui/view-states.tsx';
import { WaysToBegin } from '../../ui/ways-to-begin.tsx';
import { MessageStream } from './message-stream.tsx';
import { useRecentRows } from './messages-api.ts';
import { MomentMessages } from './moment-messages.tsx';

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
  const recent = useRecentRows();
  const live = useLive((snapshot) => snapshot);
  if (recent.data === undefined) {
    return (
      <div className="list-view">
        <ViewHeader title={t('title')} />
        <QueryView query={recent} rows={16}>
          {() => null}
        </QueryView>
      </div>
    );
  }
  return (
    <QueryView query={recent} rows={16}>
      {(before) => (
        <MessageStream
          whole
          onJump={onJump}
          live={live}
          before={before}
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
      )}
    </QueryView>
  );
}
