import { IconPlayerStop, IconPlayerStopFilled, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { CampaignJson } from '../../../core/contract/campaigns.ts';
import { useText } from '../../i18n/use-text.ts';
import { useLack } from '../../session/identity.ts';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { CancelCampaign, DeleteCampaign } from './end-campaign.tsx';

type Asked = 'cancel' | 'force' | 'delete';

/** Change, cancel, delete: each asks first, and says what is lost. */
export function CampaignActions({ campaign }: { campaign: CampaignJson }) {
  const t = useText('campaigns');
  const lack = useLack('CAMPAIGN_W');
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [asked, setAsked] = useState<Asked>();
  const { id, campaignStatus } = campaign;
  const refresh = () => queries.invalidateQueries({ queryKey: ['campaigns'] });
  const close = (): void => setAsked(undefined);
  return (
    <>
      {(campaignStatus === 'SCHEDULED' || campaignStatus === 'RUNNING') && (
        <ReasonButton
          why={lack}
          variant="default"
          leftSection={<IconPlayerStop size={14} aria-hidden />}
          onClick={() => setAsked('cancel')}
        >
          {t('cancelCampaign')}
        </ReasonButton>
      )}
      {(campaignStatus === 'RUNNING' || campaignStatus === 'CANCELING') && (
        <ReasonButton
          why={lack}
          variant="default"
          leftSection={<IconPlayerStopFilled size={14} aria-hidden />}
          onClick={() => setAsked('force')}
        >
          {t('cancelForce')}
        </ReasonButton>
      )}
      <ReasonButton
        why={lack}
        variant="default"
        leftSection={<IconTrash size={14} aria-hidden />}
        onClick={() => setAsked('delete')}
      >
        {t('deleteCampaign')}
      </ReasonButton>
      {(asked === 'cancel' || asked === 'force') && (
        <CancelCampaign campaign={campaign} force={asked === 'force'} onClose={close} onDone={refresh} />
      )}
      {asked === 'delete' && (
        <DeleteCampaign
          campaign={campaign}
          onClose={close}
          onDone={async () => {
            await navigate({ to: '/campaigns' });
            queries.removeQueries({ queryKey: ['campaigns', 'one', id] });
            await refresh();
          }}
        />
      )}
    </>
  );
}
