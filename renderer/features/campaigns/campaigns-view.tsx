import { Select } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import {
  type CampaignStatus,
  type CampaignSummary,
  campaignStatuses,
} from '../../../core/contract/campaigns.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { Pager } from '../../ui/pager.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { ViewHeader } from '../../ui/view-header.tsx';
import { EmptyState } from '../../ui/view-states.tsx';
import { VirtualTable } from '../../ui/virtual-table.tsx';
import { useCampaignColumns } from './campaign-columns.tsx';
import { campaignHref, campaignPageSize, useCampaigns } from './campaigns-api.ts';

const rowKey = ({ id }: CampaignSummary): string => id;

/** All campaigns, and how far each has come. */
export default function CampaignsView() {
  const t = useText('campaigns');
  const language = usePreferences((state) => state.language);
  const navigate = useNavigate();
  const [url, setUrl] = useUrlState();
  const status = campaignStatuses.find((each) => each === url.status);
  const page = Math.max(0, Math.trunc(Number(url.page ?? 0)) || 0);
  const query = useCampaigns({ status, sort: url.sort, page });
  const columns = useCampaignColumns();
  const add = (
    <ReasonButton
      needs="CAMPAIGN_W"
      leftSection={<IconPlus size={14} aria-hidden />}
      onClick={() => void navigate({ to: '/campaigns/new' })}
    >
      {t('newCampaign')}
    </ReasonButton>
  );
  return (
    <div className="list-view">
      <ViewHeader title={t('title')} note={query.data && count(query.data.totalCount, language)}>
        {add}
      </ViewHeader>
      <div className="filters-row">
        <search className="filters">
          <StatusChoice
            value={status}
            onChange={(next) => setUrl({ status: next, page: undefined }, { push: true })}
          />
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
      <div className="list-and-panel">
        <QueryView query={query}>
          {({ data }) =>
            data.length > 0 ? (
              <VirtualTable
                label={t('title')}
                rows={data}
                columns={columns}
                rowKey={rowKey}
                onOpen={({ id }) => void navigate({ to: campaignHref(id) })}
                sort={url.sort ?? '-created'}
                onSort={(sort) => setUrl({ sort, page: undefined })}
              />
            ) : status !== undefined || page > 0 ? (
              <EmptyState title={t('emptyFiltered')} />
            ) : (
              <EmptyState title={t('empty')} action={add}>
                {t('emptyText')}
              </EmptyState>
            )
          }
        </QueryView>
      </div>
    </div>
  );
}

function StatusChoice(props: {
  value: CampaignStatus | undefined;
  onChange: (status: string | undefined) => void;
}) {
  const t = useText('campaigns');
  return (
    <Select
      aria-label={t('status')}
      placeholder={t('anyStatus')}
      data={campaignStatuses.map((value) => ({ value, label: t(`campaign_${value}`) }))}
      value={props.value ?? null}
      onChange={(next) => props.onChange(next ?? undefined)}
      clearable
      w={180}
    />
  );
}
