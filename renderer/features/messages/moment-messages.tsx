import { useMemo } from 'react';
import { useText } from '../../i18n/use-text.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { EmptyState } from '../../ui/view-states.tsx';
import { rowOfMessage } from './message-row.ts';
import { MessageStream } from './message-stream.tsx';
import { useMessagesBefore } from './messages-api.ts';
import { MomentNotice } from './time-jump.tsx';

/** Nothing comes in beside the messages of a moment. */
const still = { entries: [], skipped: 0 };

/** The messages up to a moment, newest first, with the filters of the stream. */
export function MomentMessages({ at, onJump }: { at: string; onJump: (at: string | undefined) => void }) {
  const t = useText('messages');
  const query = useMessagesBefore(at);
  const rows = useMemo(() => query.data?.map(rowOfMessage) ?? [], [query.data]);
  const oldest = rows.at(-1);
  const older = oldest && (() => onJump(oldest.time));
  return (
    <QueryView query={query} rows={16}>
      {() => (
        <MessageStream
          whole
          live={still}
          before={rows}
          at={at}
          onJump={onJump}
          notice={<MomentNotice at={at} onOlder={older} onLive={() => onJump(undefined)} />}
          empty={(filtered) => (
            <EmptyState title={filtered && rows.length > 0 ? t('emptyFiltered') : t('momentEmpty')}>
              {t('momentEmptyText')}
            </EmptyState>
          )}
        />
      )}
    </QueryView>
  );
}
