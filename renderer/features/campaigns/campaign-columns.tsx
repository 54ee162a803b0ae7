import { useMemo } from 'react';
import type { CampaignSummary } from '../../../core/contract/campaigns.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { TimeText } from '../../ui/time-text.tsx';
import type { Column } from '../../ui/virtual-table.tsx';
import { doneOf } from './campaign-counts.ts';
import { CampaignMark } from './campaign-marks.tsx';
import { campaignHref } from './campaigns-api.ts';
import { CountBar } from './count-bar.tsx';

export function useCampaignColumns(): Column<CampaignSummary>[] {
  const t = useText('campaigns');
  const language = usePreferences((state) => state.language);
  return useMemo(
    () => [
      {
        id: 'status',
        header: t('status'),
        width: '130px',
        sort: 'status',
        cell: ({ campaignStatus }) => <CampaignMark status={campaignStatus} />,
      },
      {
        id: 'name',
        header: t('name'),
        width: 'minmax(180px, 1.6fr)',
        sort: 'name',
        cell: ({ id, name }) => (
          <a href={`#${campaignHref(id)}`} className="link ellipsis" title={name}>
            {name}
          </a>
        ),
      },
      {
        id: 'progress',
        header: t('progress'),
        width: 'minmax(180px, 1.2fr)',
        cell: ({ name, campaignStatus, numberOfTargets, totalTargetsPerStatus }) =>
          numberOfTargets === 0 ? (
            <span className="dimmed">
              {t(campaignStatus === 'SCHEDULED' ? 'notCounted' : 'noneTookPart')}
            </span>
          ) : (
            <>
              <CountBar name={name} counts={totalTargetsPerStatus} />
              <span className="campaign-done">
                {t('doneOf', {
                  done: count(doneOf(totalTargetsPerStatus), language),
                  total: count(numberOfTargets, language),
                })}
              </span>
            </>
          ),
      },
      {
        id: 'operations',
        header: t('operations'),
        width: '100px',
        numeric: true,
        cell: ({ operations }) => (
          <span title={operations.map(({ action }) => t(`action_${action}`)).join(', ')}>
            {operations.length}
          </span>
        ),
      },
      {
        id: 'starts',
        header: t('starts'),
        width: '132px',
        cell: ({ planning }) => <TimeText time={planning.startDate} form="minute" />,
      },
      {
        id: 'ends',
        header: t('ends'),
        width: '132px',
        cell: ({ planning: { endDate } }) =>
          endDate === undefined ? (
            <span className="dimmed">{t('noEnd')}</span>
          ) : (
            <TimeText time={endDate} form="minute" />
          ),
      },
      {
        id: 'created',
        header: t('created'),
        width: '190px',
        sort: 'created',
        cell: ({ created }) => <TimeText time={created} form="relative" />,
      },
    ],
    [t, language],
  );
}
