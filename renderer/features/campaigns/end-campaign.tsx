import type { CampaignSummary, TargetCounts } from '../../../core/contract/campaigns.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { ConfirmDelete } from '../../ui/confirm-delete.tsx';
import { doneOf, hasEnded } from './campaign-counts.ts';
import { cancelCampaign, deleteCampaign } from './campaigns-api.ts';

interface EndCampaignProps {
  readonly campaign: CampaignSummary;
  readonly onClose: () => void;
  readonly onDone: () => Promise<unknown>;
}

/** Asks before a campaign is canceled. @param props.force also what devices have under way */
export function CancelCampaign({ campaign, force, onClose, onDone }: EndCampaignProps & { force: boolean }) {
  const t = useText('campaigns');
  const { id, name, campaignStatus, totalTargetsPerStatus } = campaign;
  return (
    <ConfirmDelete
      title={t(force ? 'forceTitle' : 'cancelTitle', { name })}
      confirm={t(force ? 'cancelForce' : 'cancelCampaign')}
      dismiss={t('keep')}
      onClose={onClose}
      onConfirm={async () => {
        await cancelCampaign(id, force);
        await onDone();
      }}
    >
      {campaignStatus === 'CANCELING' && <p>{t('isForced')}</p>}
      {campaignStatus === 'SCHEDULED' ? (
        <p>{t('scheduledOnly')}</p>
      ) : (
        <WhatIsLost counts={totalTargetsPerStatus} force={force} />
      )}
    </ConfirmDelete>
  );
}

/** Asks before a campaign is deleted; one that runs is canceled first. */
export function DeleteCampaign({ campaign, onClose, onDone }: EndCampaignProps) {
  const t = useText('campaigns');
  const language = usePreferences((state) => state.language);
  const { id, name, campaignStatus, numberOfTargets, totalTargetsPerStatus } = campaign;
  const runs = !hasEnded(campaignStatus) && campaignStatus !== 'SCHEDULED';
  return (
    <ConfirmDelete
      title={t('deleteTitle', { name })}
      dismiss={t('keep')}
      onClose={onClose}
      onConfirm={async () => {
        await deleteCampaign(id, runs);
        await onDone();
      }}
    >
      {runs && <p>{t('deleteRuns')}</p>}
      {runs && <WhatIsLost counts={totalTargetsPerStatus} force />}
      {campaignStatus === 'SCHEDULED' ? (
        <p>{t('deleteScheduled')}</p>
      ) : (
        <p>{t('deleteRecord', { count: numberOfTargets, total: count(numberOfTargets, language) })}</p>
      )}
    </ConfirmDelete>
  );
}

/** What the end means for the devices, by the state they are in. */
function WhatIsLost({ counts, force }: { counts: TargetCounts; force: boolean }) {
  const t = useText('campaigns');
  const language = usePreferences((state) => state.language);
  const { notStarted, pending, inProgress } = counts;
  const lines = [
    ['neverBegin', notStarted],
    ['takenBack', pending],
    [force ? 'forced' : 'mayEnd', inProgress],
    ['stayDone', doneOf(counts)],
  ] as const;
  return (
    <ul className="campaign-lost">
      {inProgress === 0 && <li>{t('nothingAtWork')}</li>}
      {lines
        .filter(([, devices]) => devices > 0)
        .map(([key, devices]) => (
          <li key={key}>{t(key, { count: devices, total: count(devices, language) })}</li>
        ))}
    </ul>
  );
}
