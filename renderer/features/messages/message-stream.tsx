import { Button } from '@mantine/core';
import { IconArrowUp, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { memo, type ReactNode, useCallback, useMemo, useRef, useState } from 'react';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import type { StreamEntry } from '../../live/live-store.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { ViewHeader } from '../../ui/view-header.tsx';
import { VirtualTable } from '../../ui/virtual-table.tsx';
import { HistoryEnd } from './history-end.tsx';
import { LinkedMessage } from './linked-message.tsx';
import { useMessageColumns } from './message-columns.tsx';
import { messageFiltersOf } from './message-filter.ts';
import { MessageFilterBar } from './message-filters.tsx';
import { MessagePanel } from './message-panel.tsx';
import type { MessageRow } from './message-row.ts';
import { TimeJump } from './time-jump.tsx';
import { type HistoryScope, useMessageHistory } from './use-message-history.ts';
import { useRows } from './use-rows.ts';

interface MessageStreamProps {
  readonly live: { readonly entries: readonly StreamEntry[]; readonly skipped: number };
  /** Of a device alone, or of what came before a moment. */
  readonly scope: HistoryScope;
  /** Leads to another moment, or to now; only a list of all devices has it. */
  readonly onJump?: (at: string | undefined) => void;
  /** Shown above the list. */
  readonly notice?: ReactNode;
  /** @param filtered nothing fits the filters, of what was looked at */
  readonly empty: (filtered: boolean) => ReactNode;
}

const rowKey = ({ key }: MessageRow): string => key;
const refusedClass = ({ refused }: MessageRow): string | undefined => (refused ? 'refused' : undefined);

/** A live list of messages with those of before, filters, pause and a panel for the one that is looked at. */
export function MessageStream({ live, scope, empty, onJump, notice }: MessageStreamProps) {
  const t = useText('messages');
  const language = usePreferences((state) => state.language);
  const [url, setUrl] = useUrlState();
  const [paused, setPaused] = useState(false);
  const [held, setHeld] = useState(false);
  const [opened, setOpened] = useState<MessageRow>();
  const [anchor, setAnchor] = useState<string>();
  // Only the filters: another part of the address, as the opened message, must not sift the list again.
  const filterText = JSON.stringify(messageFiltersOf(url));
  const filters = useMemo(() => messageFiltersOf(JSON.parse(filterText)), [filterText]);
  const whole = scope.deviceId === undefined;
  const at = scope.before;
  // Beside an opened message the list stays as it is.
  const looking = url.message !== undefined;
  const columns = useMessageColumns({ device: whole, narrow: looking });
  const skipped = useRef(live.skipped);
  skipped.current = live.skipped;
  const past = useMessageHistory(scope, filters, { anchor, leftOut: () => skipped.current });
  const { query, history, matches } = past;
  const shownRows = useRows(live, history, matches, paused || held || looking);
  const { rows, fresh, leftOut } = shownRows;
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
  const readAgain = (): void => {
    setAnchor(undefined);
    if (anchor === undefined) void query.refetch();
  };
  const shownNow = useRef(shownRows);
  shownNow.current = shownRows;
  const { fetchNextPage } = query;
  const lookBack = useCallback(() => {
    const { whole: isWhole, entries } = shownNow.current;
    if (isWhole) void fetchNextPage();
    else setAnchor(entries.findLast(({ kind }) => kind === 'message')?.key);
  }, [fetchNextPage]);
  const togglePause = useCallback(() => setPaused((before) => !before), []);
  const linked = url.message === undefined ? undefined : rows.find(({ key }) => key === url.message);
  const shown = opened?.key === url.message ? opened : linked;
  const controls = (
    <>
      {fresh.count > 0 && (
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
          {fresh.atLeast
            ? t('freshAtLeast', { total: count(fresh.count, language) })
            : t('fresh', { count: fresh.count })}
        </Button>
      )}
      {onJump && <TimeJump at={at} onJump={onJump} />}
      {at === undefined && <PauseButton paused={paused} onToggle={togglePause} />}
    </>
  );
  const more = shownRows.whole ? history.more : rows.length > 0;
  const end = (
    <HistoryEnd
      backTo={shownRows.whole ? history.lookedBackTo : rows.at(-1)?.time}
      onOlder={more ? lookBack : undefined}
      looking={query.isFetching}
      refused={filters.show === 'refused'}
    />
  );
  return (
    <div className="list-view">
      {whole && (
        <ViewHeader title={t('title')} note={query.data && count(rows.length, language)}>
          {controls}
        </ViewHeader>
      )}
      <div className="filters-row">
        <MessageFilterBar filters={filters} onChange={setUrl} whole={whole} />
        {!whole && <div className="view-actions">{controls}</div>}
      </div>
      {notice}
      {leftOut > 0 && (
        <p className="notice" role="status">
          {t('skipped', { count: leftOut, total: count(leftOut, language) })}{' '}
          <button type="button" className="link" onClick={readAgain}>
            {t('readAgain')}
          </button>
        </p>
      )}
      <div className="list-and-panel">
        <QueryView query={query} rows={16}>
          {() => (
            <div className="list-and-end">
              {rows.length > 0 ? (
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
              ) : (
                // Whether anything fits is known when the platform has looked.
                !query.isPlaceholderData && empty(filterText !== '{}')
              )}
              {end}
            </div>
          )}
        </QueryView>
        {shown ? (
          <MessagePanel key={shown.key} row={shown} onClose={close} />
        ) : (
          url.message !== undefined && <LinkedMessage key={url.message} id={url.message} onClose={close} />
        )}
      </div>
    </div>
  );
}

/** As all that stands around a live list, drawn again only when something of its own has changed. */
const PauseButton = memo(function PauseButton(props: { paused: boolean; onToggle: () => void }) {
  const t = useText('messages');
  const Icon = props.paused ? IconPlayerPlay : IconPlayerPause;
  return (
    <Button
      variant="default"
      aria-pressed={props.paused}
      leftSection={<Icon size={14} aria-hidden />}
      onClick={props.onToggle}
    >
      {props.paused ? t('resume') : t('pause')}
    </Button>
  );
});
