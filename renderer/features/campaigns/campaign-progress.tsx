import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { CampaignSummary } from '../../../core/contract/campaigns.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import type { CampaignPoint } from '../../live/campaign-points.ts';
import { useLive } from '../../live/live.tsx';
import { Chart } from '../../ui/chart.tsx';
import { type Fact, Facts } from '../../ui/facts.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { barOrder, hasEnded } from './campaign-counts.ts';
import { TargetMark } from './campaign-marks.tsx';
import { campaignHref, mostForHistory, useAllTargets } from './campaigns-api.ts';
import { CountBar } from './count-bar.tsx';
import { joinPoints, progressHistory } from './progress-history.ts';
import { progressSeries } from './progress-series.ts';

const chartHeight = 112;
const noPoints: readonly CampaignPoint[] = [];

/** When a campaign runs and on what, how many devices are in each state, and how that came over time. */
export function CampaignProgress({ campaign }: { campaign: CampaignSummary }) {
  return (
    <div className="campaign-overview">
      <Plan campaign={campaign} />
      <Counts campaign={campaign} />
      <OverTime campaign={campaign} />
    </div>
  );
}

function Plan({ campaign }: { campaign: CampaignSummary }) {
  const t = useText('campaigns');
  const language = usePreferences((state) => state.language);
  const { description, planning, target, options, created, campaignStatus } = campaign;
  const { named, filterQuery } = target;
  const dynamic = options.dynamicallyAddEligibleDevice && filterQuery !== undefined;
  const facts: Fact[] = [
    [t('description'), description],
    [
      t(campaignStatus === 'SCHEDULED' ? 'starts' : 'started'),
      <TimeText key="start" time={planning.startDate} form="full" />,
    ],
    [
      t('ends'),
      planning.endDate === undefined ? (
        t(dynamic ? 'endsByCancel' : 'endsWhenDone')
      ) : (
        <TimeText key="end" time={planning.endDate} form="full" />
      ),
    ],
    [
      t('which'),
      filterQuery === undefined ? (
        t('named', { total: count(named ?? 0, language) })
      ) : (
        <Link key="which" to="/devices" search={{ filter: filterQuery } as never} className="link mono">
          {filterQuery}
        </Link>
      ),
    ],
    [t('dynamic'), dynamic && t('dynamicYes')],
    [t('created'), <TimeText key="created" time={created} form="full" />],
    [t('updated'), hasEnded(campaignStatus) && <TimeText time={campaign.updated} form="full" />],
  ];
  return <Facts facts={facts} />;
}

/** Each count leads to the devices it is about. */
function Counts({ campaign }: { campaign: CampaignSummary }) {
  const t = useText('campaigns');
  const language = usePreferences((state) => state.language);
  const { id, name, campaignStatus, numberOfTargets, totalTargetsPerStatus: counts } = campaign;
  const number = (value: number): string => count(value, language);
  if (numberOfTargets === 0) {
    return <p className="dimmed">{t(campaignStatus === 'SCHEDULED' ? 'notCounted' : 'noneTookPart')}</p>;
  }
  return (
    <div>
      <CountBar name={name} counts={counts} tall />
      <ul className="plain campaign-counts">
        {barOrder.map((status) => (
          <li key={status}>
            <Link to={campaignHref(id)} search={{ status } as never} className="campaign-count">
              <TargetMark status={status} />
              <span className={counts[status] > 0 ? 'campaign-number' : 'campaign-number dimmed'}>
                {number(counts[status])}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

function OverTime({ campaign }: { campaign: CampaignSummary }) {
  const t = useText('campaigns');
  const { id, campaignStatus, numberOfTargets, planning } = campaign;
  const live = useLive(({ campaigns }) => campaigns.get(id)) ?? noPoints;
  const targets = useAllTargets(campaign).data;
  const history = useMemo(
    () => (targets ? progressHistory(targets, planning.startDate) : noPoints),
    [targets, planning.startDate],
  );
  const points = useMemo(() => joinPoints(history, live), [history, live]);
  const lines = useMemo(() => progressSeries(points, (status) => t(`target_${status}`)), [points, t]);
  if (points.length === 0 && hasEnded(campaignStatus)) return null;
  const note = numberOfTargets > mostForHistory ? 'chartNoteLive' : 'chartNote';
  return (
    <figure>
      <figcaption>
        <h2>{t('chart')}</h2>
      </figcaption>
      {points.length > 0 && <Chart label={t('chartLabel')} {...lines} height={chartHeight} stepped />}
      <p className="dimmed">{t(points.length > 0 ? note : 'chartWait')}</p>
    </figure>
  );
}
