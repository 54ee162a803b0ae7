import { SegmentedControl } from '@mantine/core';
import { useMemo } from 'react';
import {
  type CampaignSummary,
  type CampaignTargetJson,
  type OperationError,
  targetStatuses,
} from '../../../core/contract/campaigns.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { deviceHref, IdText } from '../../ui/id-text.tsx';
import { Pager } from '../../ui/pager.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { EmptyState } from '../../ui/view-states.tsx';
import { type Column, VirtualTable } from '../../ui/virtual-table.tsx';
import { barOrder } from './campaign-counts.ts';
import { TargetMark } from './campaign-marks.tsx';
import { campaignPageSize, useTargets } from './campaigns-api.ts';
import { TargetPanel } from './target-panel.tsx';

const rowKey = ({ deviceId }: CampaignTargetJson): string => deviceId;

/** What became of each device, a page at a time. */
export function CampaignTargets({ campaign }: { campaign: CampaignSummary }) {
  const t = useText('campaigns');
  const [url, setUrl] = useUrlState();
  const status = targetStatuses.find((each) => each === url.status);
  const page = Math.max(0, Math.trunc(Number(url.page ?? 0)) || 0);
  const query = useTargets(campaign.id, { status, page });
  const opened = query.data?.data.find(({ deviceId }) => deviceId === url.device);
  const columns = useTargetColumns(campaign.operations.length, opened !== undefined);
  return (
    <div className="list-and-panel">
      <div className="campaign-targets">
        <div className="filters-row">
          <search className="filters">
            <StatusFilter campaign={campaign} />
            {query.data && (
              <Pager
                page={page}
                size={campaignPageSize}
                total={query.data.totalCount}
                onPage={(next) => setUrl({ page: next === 0 ? undefined : String(next) }, { push: true })}
              />
            )}
          </search>
        </div>
        <QueryView query={query}>
          {({ data }) =>
            data.length > 0 ? (
              <VirtualTable
                label={t('devices')}
                rows={data}
                columns={columns}
                rowKey={rowKey}
                selected={opened?.deviceId}
                onOpen={({ deviceId }) => setUrl({ device: deviceId })}
              />
            ) : status === undefined ? (
              <EmptyState title={t('noDevices')}>
                {campaign.campaignStatus === 'SCHEDULED' && t('noDevicesText')}
              </EmptyState>
            ) : (
              <EmptyState title={t('noDevicesOf')} />
            )
          }
        </QueryView>
      </div>
      {opened && (
        <TargetPanel
          key={opened.deviceId}
          target={opened}
          campaign={campaign}
          onClose={() => setUrl({ device: undefined })}
        />
      )}
    </div>
  );
}

function StatusFilter({ campaign }: { campaign: CampaignSummary }) {
  const t = useText('campaigns');
  const language = usePreferences((state) => state.language);
  const [url, setUrl] = useUrlState();
  const chosen = targetStatuses.find((each) => each === url.status) ?? 'all';
  // States that no device is in lead to an empty list; the one that is chosen stays.
  const offered = barOrder.filter((each) => campaign.totalTargetsPerStatus[each] > 0 || each === chosen);
  return (
    <SegmentedControl
      aria-label={t('status')}
      data={[
        { value: 'all', label: t('allDevices', { total: count(campaign.numberOfTargets, language) }) },
        ...offered.map((value) => ({ value, label: t(`target_${value}`) })),
      ]}
      value={chosen}
      onChange={(next) =>
        setUrl({ status: next === 'all' ? undefined : next, page: undefined }, { push: true })
      }
    />
  );
}

function useTargetColumns(operations: number, narrow: boolean): Column<CampaignTargetJson>[] {
  const t = useText('campaigns');
  return useMemo(() => {
    const columns: Column<CampaignTargetJson>[] = [
      {
        id: 'device',
        header: t('device'),
        width: 'minmax(180px, 1.2fr)',
        cell: ({ deviceId }) => <IdText id={deviceId} to={deviceHref(deviceId)} what={t('device')} />,
      },
      {
        id: 'status',
        header: t('status'),
        width: '128px',
        cell: ({ status }) => <TargetMark status={status} />,
      },
      {
        id: 'operations',
        header: t('operations'),
        width: 'minmax(150px, 1.2fr)',
        cell: (target) => <Begun target={target} operations={operations} />,
      },
      {
        id: 'retries',
        header: t('retries'),
        width: '76px',
        numeric: true,
        cell: ({ operations: begun }) => begun.reduce((sum, { currentRetry }) => sum + currentRetry, 0),
      },
      {
        id: 'error',
        header: t('error'),
        width: 'minmax(110px, 1.6fr)',
        cell: (target) => {
          const text = errorText(errorOf(target));
          return (
            <span className="ellipsis reason" title={text}>
              {text}
            </span>
          );
        },
      },
      {
        id: 'updated',
        header: t('lastChange'),
        width: '186px',
        cell: ({ operations: begun }) => {
          const last = begun.at(-1);
          return last && <TimeText time={last.updated} form="full" />;
        },
      },
    ];
    return narrow ? columns.filter(({ id }) => ['device', 'status', 'error'].includes(id)) : columns;
  }, [t, operations, narrow]);
}

/** The operation that a device has come to. */
function Begun({ target, operations }: { target: CampaignTargetJson; operations: number }) {
  const t = useText('campaigns');
  const last = target.operations.at(-1);
  if (!last) return <span className="dimmed">{t('notBegun')}</span>;
  const place = t('doneOf', { done: target.operations.length, total: operations });
  return (
    <>
      <TargetMark status={last.operationStatus} word={t(`action_${last.action}`)} />
      <span className="dimmed">{operations > 1 && place}</span>
    </>
  );
}

const errorOf = ({ error, operations }: CampaignTargetJson): OperationError | undefined =>
  error ?? operations.at(-1)?.error;

const errorText = (error: OperationError | undefined): string =>
  error ? [error.code, error.deviceCode, error.details].filter(Boolean).join(' · ') : '';
