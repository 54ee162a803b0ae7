import { Button } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { LoraFrame } from '../../../core/contract/lora/frames.ts';
import { useText } from '../../i18n/use-text.ts';
import type { LiveSnapshot } from '../../live/live-store.ts';
import { AsCurl } from '../../ui/as-curl.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { EmptyState } from '../../ui/view-states.tsx';
import { VirtualTable } from '../../ui/virtual-table.tsx';
import { useFrameColumns } from './frame-columns.tsx';
import { FrameFilters, frameFilterNames, frameFilterOf } from './frame-filters.tsx';
import { FramePanel } from './frame-panel.tsx';
import { fits, joinFrames } from './frame-rows.ts';
import { framesPath, useFrames } from './lora-api.ts';
import './lora.css';

const rowKey = ({ id }: LoraFrame): string => id;
const droppedClass = ({ dropped }: LoraFrame): string | undefined => (dropped ? 'refused' : undefined);
const noFilters = Object.fromEntries(frameFilterNames.map((name) => [name, undefined]));

type Live = Pick<LiveSnapshot, 'lora' | 'skipped'>;

/** Frames as they come and go, of a device or of all of the tenant; one of them opened. */
export function FrameList({ deviceId, live }: { deviceId: string | undefined; live: Live }) {
  const t = useText('lora');
  const [url, setUrl] = useUrlState();
  const query = useFrames(deviceId);
  const [held, setHeld] = useState<Live>();
  const [still, setStill] = useState<Live>();
  const { lora } = held ?? still ?? live;
  const filterText = JSON.stringify(frameFilterOf(url));
  const pages = query.data?.pages;
  const all = useMemo(() => joinFrames(pages?.flatMap(({ frames }) => frames) ?? [], lora), [pages, lora]);
  const rows = useMemo(() => {
    const filter = JSON.parse(filterText);
    return all.filter((frame) => fits(frame, filter));
  }, [all, filterText]);
  const [opened, setOpened] = useState<LoraFrame>();
  const shown =
    all.find(({ id }) => id === url.loraFrame) ?? (opened?.id === url.loraFrame ? opened : undefined);
  const columns = useFrameColumns(deviceId !== undefined, shown !== undefined);
  const filtered = frameFilterNames.some((name) => url[name] !== undefined);
  const Icon = held ? IconPlayerPlay : IconPlayerPause;
  return (
    <>
      <div className="filters-row">
        <FrameFilters filter={frameFilterOf(url)} onChange={setUrl} />
        <div className="view-actions">
          {query.hasNextPage && (
            <Button
              variant="default"
              loading={query.isFetchingNextPage}
              onClick={() => void query.fetchNextPage()}
            >
              {t('older')}
            </Button>
          )}
          <Button
            variant="default"
            aria-pressed={held !== undefined}
            leftSection={<Icon size={14} aria-hidden />}
            onClick={() => setHeld(held ? undefined : live)}
          >
            {held ? t('resume') : t('pause')}
          </Button>
        </div>
      </div>
      {live.skipped > 0 && (
        <p className="notice" role="status">
          {t('skipped')}{' '}
          <button type="button" className="link" onClick={() => void query.refetch()}>
            {t('readAgain')}
          </button>
        </p>
      )}
      <div className="list-and-panel">
        <QueryView query={query} rows={12}>
          {({ pages: [first] }) =>
            rows.length > 0 ? (
              <VirtualTable
                label={t('title_frames')}
                rows={rows}
                columns={columns}
                rowKey={rowKey}
                rowClass={droppedClass}
                selected={shown?.id}
                onOpen={(frame) => {
                  setOpened(frame);
                  setUrl({ loraFrame: frame.id });
                }}
                onHold={(hold) => setStill(hold ? live : undefined)}
              />
            ) : filtered ? (
              <EmptyState
                title={t('noFramesFiltered')}
                action={<Button onClick={() => setUrl(noFilters)}>{t('clear')}</Button>}
              />
            ) : (
              <EmptyState title={t('noFrames')}>
                {t('noFramesText', { most: first?.limits.loraLogMaxFrames })}
              </EmptyState>
            )
          }
        </QueryView>
        {shown && (
          <FramePanel key={shown.id} frame={shown} onClose={() => setUrl({ loraFrame: undefined })} />
        )}
      </div>
      <details className="lora-curl">
        <summary>curl</summary>
        <AsCurl method="GET" path={`${framesPath(deviceId)}?limit=100`} />
      </details>
    </>
  );
}
