import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { lazy, memo, Suspense, useCallback, useMemo } from 'react';
import type { DeviceJson } from '../../../core/contract/devices.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { deviceHref } from '../../ui/id-text.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { type UrlState, useUrlState } from '../../ui/use-url-state.ts';
import { ViewHeader } from '../../ui/view-header.tsx';
import { ActionError, EmptyState, ErrorState, LoadingState } from '../../ui/view-states.tsx';
import { VirtualTable } from '../../ui/virtual-table.tsx';
import { WaysToBegin } from '../../ui/ways-to-begin.tsx';
import { FleetWays } from '../fleet/fleet-ways.tsx';
import { useDeviceColumns } from './device-columns.tsx';
import { DeviceFiles } from './device-files.tsx';
import { DeviceFilterBar } from './device-filters.tsx';
import { useDeviceFilters } from './filter/use-device-filters.ts';
import { LatestValuesContext, useLatestValues } from './latest-value.tsx';
import { useDevicePages } from './use-device-pages.ts';
import { useFileDrop } from './use-file-drop.ts';

const DeviceEditor = lazy(() =>
  import('./edit/device-editor.tsx').then(({ DeviceEditor: Editor }) => ({ default: Editor })),
);
const FilterArea = lazy(() => import('./filter/filter-area.tsx'));
const rowKey = ({ id }: DeviceJson): string => id;

/** All devices, of which only those in sight are fetched. */
export default function DevicesView() {
  const t = useText('devices');
  const language = usePreferences((state) => state.language);
  const chosen = usePreferences((state) => state.deviceColumns);
  const navigate = useNavigate();
  const [url, setUrl] = useUrlState();
  const filtering = useDeviceFilters();
  const { whole, setWhole } = filtering;
  const { sort } = url;
  const { fileOver, drop } = useFileDrop();
  const { first, rows, inSight, total, onRange, failure } = useDevicePages({ filter: whole, sort });
  const latest = useLatestValues(inSight, chosen.includes('lastValue'));
  const all = useDeviceColumns();
  const columns = useMemo(() => all.filter(({ id }) => id === 'id' || chosen.includes(id)), [all, chosen]);
  const open = useCallback(({ id }: DeviceJson) => void navigate({ to: deviceHref(id) }), [navigate]);
  const sortBy = useCallback((next: string | undefined) => setUrl({ sort: next }), [setUrl]);
  return (
    <div className={fileOver ? 'list-view list-drop-over' : 'list-view'} {...drop}>
      <ViewHeader title={t('title')} note={first.data && count(total, language)}>
        <DeviceActions filter={whole} onUrl={setUrl} />
      </ViewHeader>
      <DeviceFilterBar columns={all} filtering={filtering} />
      {url.advanced === 'yes' && (
        <Suspense fallback={null}>
          <FilterArea filter={whole} onFilter={setWhole} onClose={() => setUrl({ advanced: undefined })} />
        </Suspense>
      )}
      {failure && <ActionError error={failure} />}
      <div className="list-and-panel">
        {first.isPending ? (
          <LoadingState rows={16} />
        ) : first.isError && first.data === undefined ? (
          <ErrorState error={first.error} onRetry={() => void first.refetch()} />
        ) : total > 0 ? (
          <LatestValuesContext value={latest}>
            <VirtualTable
              label={t('title')}
              rows={rows}
              columns={columns}
              rowKey={rowKey}
              onOpen={open}
              sort={sort}
              onSort={sortBy}
              onRange={onRange}
            />
          </LatestValuesContext>
        ) : whole !== '' ? (
          <EmptyState title={t('emptyFiltered')} />
        ) : (
          <EmptyState title={t('empty')} action={<WaysToBegin />}>
            {t('emptyText')}
          </EmptyState>
        )}
        {url.create === 'yes' && (
          <Suspense fallback={null}>
            <DeviceEditor onClose={() => setUrl({ create: undefined })} onSaved={open} />
          </Suspense>
        )}
      </div>
    </div>
  );
}

interface DeviceActionsProps {
  readonly filter: string;
  readonly onUrl: (change: UrlState) => void;
}

const DeviceActions = memo(function DeviceActions({ filter, onUrl }: DeviceActionsProps) {
  const t = useText('devices');
  const shell = useText('shell');
  return (
    <>
      <FleetWays />
      <Button component={Link} to="/connect" variant="default">
        {shell('connect')}
      </Button>
      <DeviceFiles filter={filter} />
      <ReasonButton
        needs="DEVICE_W"
        leftSection={<IconPlus size={14} aria-hidden />}
        onClick={() => onUrl({ create: 'yes' })}
      >
        {t('create')}
      </ReasonButton>
    </>
  );
});
