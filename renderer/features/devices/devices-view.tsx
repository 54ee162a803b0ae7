import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { DeviceJson } from '../../../core/contract/devices.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { deviceHref } from '../../ui/id-text.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { ViewHeader } from '../../ui/view-header.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../ui/view-states.tsx';
import { VirtualTable } from '../../ui/virtual-table.tsx';
import { useDeviceColumns } from './device-columns.tsx';
import { DeviceFilterBar } from './device-filters.tsx';
import { type DeviceFilters, devicePageSize, listDevices } from './devices-api.ts';

const rowKey = ({ id }: DeviceJson): string => id;

/** All devices: pages of a thousand, fetched as the list is scrolled. */
export default function DevicesView() {
  const t = useText('devices');
  const shell = useText('shell');
  const language = usePreferences((state) => state.language);
  const chosen = usePreferences((state) => state.deviceColumns);
  const navigate = useNavigate();
  const [url, setUrl] = useUrlState();
  const { text, group, tags, status, connector, sort } = url;
  const filters: DeviceFilters = { text, group, tags, status, connector, sort };
  const query = useInfiniteQuery({
    queryKey: ['devices', 'list', filters],
    queryFn: ({ pageParam, signal }) => listDevices(filters, pageParam, signal),
    initialPageParam: { offset: 0 } as { offset: number; bookmarkId?: string | undefined },
    getNextPageParam: (last, pages) =>
      last.items.length < devicePageSize
        ? undefined
        : { offset: pages.length * devicePageSize, bookmarkId: last.items.at(-1)?.id },
    placeholderData: (before) => before,
  });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const devices = useMemo(() => query.data?.pages.flatMap(({ items }) => items) ?? [], [query.data]);
  const total = query.data?.pages[0]?.total ?? 0;
  const all = useDeviceColumns();
  const columns = useMemo(() => all.filter(({ id }) => id === 'id' || chosen.includes(id)), [all, chosen]);
  const open = useCallback(({ id }: DeviceJson) => void navigate({ to: deviceHref(id) }), [navigate]);
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const filtered = [text, group, tags, status, connector].some((value) => value !== undefined);
  const numbers = { shown: count(devices.length, language), total: count(total, language) };
  return (
    <div className="list-view">
      <ViewHeader title={t('title')} note={devices.length < total ? t('shown', numbers) : numbers.total}>
        {isFetchingNextPage && <span className="dimmed">{t('loadingMore')}</span>}
        <Button component={Link} to="/connect" variant="default">
          {shell('connect')}
        </Button>
      </ViewHeader>
      <DeviceFilterBar columns={all} />
      <div className="list-and-panel">
        {query.isPending ? (
          <LoadingState rows={16} />
        ) : query.isError ? (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        ) : devices.length > 0 ? (
          <VirtualTable
            label={t('title')}
            rows={devices}
            columns={columns}
            rowKey={rowKey}
            onOpen={open}
            sort={sort}
            onSort={(next) => setUrl({ sort: next })}
            onEndReached={more}
          />
        ) : filtered ? (
          <EmptyState title={t('emptyFiltered')} />
        ) : (
          <EmptyState
            title={t('empty')}
            action={
              <Button component={Link} to="/connect">
                {shell('connect')}
              </Button>
            }
          >
            {t('emptyText')}
          </EmptyState>
        )}
      </div>
    </div>
  );
}
