import { Tabs } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import type { CampaignSummary } from '../../../core/contract/campaigns.ts';
import { useText } from '../../i18n/use-text.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { ViewHeader } from '../../ui/view-header.tsx';
import { CampaignActions } from './campaign-actions.tsx';
import { CampaignMark } from './campaign-marks.tsx';
import { CampaignProgress } from './campaign-progress.tsx';
import { CampaignTargets } from './campaign-targets.tsx';
import { useCampaign } from './campaigns-api.ts';
import { OperationSentences } from './operation-sentences.tsx';

const parts = ['devices', 'does', 'json'] as const;

/** One campaign: how far it has come, and what became of each device. */
export default function CampaignView() {
  const { campaignId = '' } = useParams({ strict: false }) as { campaignId?: string };
  const t = useText('campaigns');
  const query = useCampaign(campaignId);
  const way = (
    <Link to="/campaigns" className="link">
      {t('all')}
    </Link>
  );
  return (
    <QueryView query={query} rows={10} way={way}>
      {(campaign) => <CampaignPage key={campaign.id} campaign={campaign} />}
    </QueryView>
  );
}

function CampaignPage({ campaign }: { campaign: CampaignSummary }) {
  const t = useText('campaigns');
  const [url, setUrl] = useUrlState();
  const part = parts.find((name) => name === url.tab) ?? 'devices';
  return (
    <div className="list-view">
      <ViewHeader title={campaign.name} note={<CampaignMark status={campaign.campaignStatus} />}>
        <CampaignActions campaign={campaign} />
      </ViewHeader>
      {campaign.error !== undefined && (
        <div className="why" role="alert">
          <p>{t('failedWhy', { reason: campaign.error })}</p>
        </div>
      )}
      <CampaignProgress campaign={campaign} />
      <Tabs
        value={part}
        onChange={(next) =>
          setUrl({ tab: next === 'devices' ? undefined : (next ?? undefined) }, { push: true })
        }
        className="device-tabs"
        keepMounted={false}
      >
        <Tabs.List aria-label={t('parts')}>
          {parts.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`part_${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={part} key={part} className="campaign-part">
          {part === 'devices' && <CampaignTargets campaign={campaign} />}
          {part === 'does' && <OperationSentences operations={campaign.operations} />}
          {part === 'json' && <CodeBlock text={JSON.stringify(campaign, null, 2)} what={t('part_json')} />}
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}
