import { Button } from '@mantine/core';
import { IconArrowUp, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import type { StreamEntry } from '../../live/live-store.ts';
import { useUrlState } from '../../ui/use-url-state.ts';
import { ViewHeader } from '../../ui/view-header.tsx';
import { VirtualTable } from '../../ui/virtual-table.tsx';
import { LinkedMessage } from './linked-message.tsx';
import { useMessageColumns } from './message-columns.tsx';
import { messageFiltersOf } from './message-filter.ts';
import { MessageFilterBar } from './message-filters.tsx';
import { MessagePanel } from './message-panel.tsx';
import type { MessageRow } from './message-row.ts';
import { TimeJump } from './time-jump.tsx';
import { useRows } from './use-rows.ts';

interface MessageStreamProps {
  readonly live: { readonly entries: readonly StreamEntry[]; readonly skipped: number };
  /** Rows of the time before the window was open. */
  readonly before: readonly MessageRow[];
  /** Of all devices: with a title and a column for the device. */
  readonly whole: boolean;
  /** The moment that the rows are of; undefined: they come as they happen. */
  readonly at?: string;
  /** Leads to another moment, or to now. */
  readonly onJump?: (at: string | undefined) => void;
  /** Shown above the list. */
  readonly notice?: ReactNode;
  readonly empty: (filtered: boolean) => ReactNode;
}

const rowKey = ({ key }: MessageRow): string => key;
const refusedClass = ({ refused }: MessageRow): string | undefined => (refused ? 'refused' : undefined);

/** A live list of messages with filters, pause and a panel for the one that is looked at. */
export function MessageStream({ live, before, whole, empty, at, onJump, notice }: MessageStreamProps) {
  const t = useText('messages');
  const language = usePreferences((state) => state.language);
  const [url, setUrl] = useUrlState();
  const [paused, setPaused] = useState(false);
  const [held, setHeld] = useState(false);
  const [opened, setOpened] = useState<MessageRow>();
  // Only the filters: another part of the address, as the opened message, must not sift the list again.
  const filterText = JSON.stringify(messageFiltersOf(url));
  const filters = useMemo(() => messageFiltersOf(JSON.parse(filterText)), [filterText]);
  // Beside an opened message the list stays as it is.
  const looking = url.message !== undefined;
  const columns = useMessageColumns({ device: whole, narrow: looking });
  const { rows, fresh } = useRows(live.entries, before, filters, paused || held || looking);
  const close = useCallback(() => {
    setOpened(undefined);
    setUrl({ message: undefined });
  }, [setUrl]);
  const open = useCallback(
    (row: MessageRow) => {
      setOpened(row);
      setUrl({ message: row.key });
    },
    [setUrl],
  );
  const linked = url.message === undefined ? undefined : rows.find(({ key }) => key === url.message);
  const shown = opened?.key === url.message ? opened : linked;
  const controls = (
    <>
      {fresh > 0 && (
        <Button
          variant="light"
          leftSection={<IconArrowUp size={14} aria-hidden />}
          title={t('toTop')}
          onClick={() => {
            setPaused(false);
            close();
            document.querySelector('[role=grid]')?.scrollTo({ top: 0 });
          }}
        >
          {t('fresh', { count: fresh })}
        </Button>
      )}
      {onJump && <TimeJump at={at} onJump={onJump} />}
      {at === undefined && (
        <Button
          variant="default"
          aria-pressed={paused}
          leftSection={
            paused ? <IconPlayerPlay size={14} aria-hidden /> : <IconPlayerPause size={14} aria-hidden />
          }
          onClick={() => setPaused(!paused)}
        >
          {paused ? t('resume') : t('pause')}
        </Button>
      )}
    </>
  );
  return (
    <div className="list-view">
      {whole && (
        <ViewHeader title={t('title')} note={count(rows.length, language)}>
          {controls}
        </ViewHeader>
      )}
      <div className="filters-row">
        <MessageFilterBar filters={filters} onChange={setUrl} whole={whole} />
        {!whole && <div className="view-actions">{controls}</div>}
      </div>
      {notice}
      {live.skipped > 0 && (
        <p className="notice" role="status">
          {t('skipped', { count: live.skipped, total: count(live.skipped, language) })}
        </p>
      )}
      <div className="list-and-panel">
        {rows.length === 0 ? (
          empty(filterText !== '{}')
        ) : (
          <VirtualTable
            label={t('title')}
            rows={rows}
            columns={columns}
            rowKey={rowKey}
            rowClass={refusedClass}
            selected={shown?.key}
            onOpen={open}
            onHold={setHeld}
          />
        )}
        {shown ? (
          <MessagePanel key={shown.key} row={shown} onClose={close} />
        ) : (
          url.message !== undefined && <LinkedMessage key={url.message} id={url.message} onClose={close} />
        )}
      </div>
    </div>
  );
}
