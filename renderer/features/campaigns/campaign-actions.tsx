import { IconCopy, IconPencil, IconPlayerStop, IconPlayerStopFilled, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { CampaignSummary } from '../../../core/contract/campaigns.ts';
import { useText } from '../../i18n/use-text.ts';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { campaignHref } from './campaigns-api.ts';
import { CancelCampaign, DeleteCampaign } from './end-campaign.tsx';

type Asked = 'cancel' | 'force' | 'delete';

/** Change, cancel, delete: each asks first, and says what is lost. */
export function CampaignActions({ campaign }: { campaign: CampaignSummary }) {
  const t = useText('campaigns');
  const common = useText('common');
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [asked, setAsked] = useState<Asked>();
  const { id, campaignStatus } = campaign;
  const refresh = () => queries.invalidateQueries({ queryKey: ['campaigns'] });
  const close = (): void => setAsked(undefined);
  return (
    <>
      <ReasonButton
        needs="CAMPAIGN_W"
        variant="default"
        leftSection={<IconPencil size={14} aria-hidden />}
        onClick={() => void navigate({ to: `${campaignHref(id)}/edit` })}
      >
        {common('edit')}
      </ReasonButton>
      <ReasonButton
        needs="CAMPAIGN_W"
        variant="default"
        leftSection={<IconCopy size={14} aria-hidden />}
        onClick={() => void navigate({ to: '/campaigns/new', search: { like: id } } as never)}
      >
        {t('again')}
      </ReasonButton>
      {(campaignStatus === 'SCHEDULED' || campaignStatus === 'RUNNING') && (
        <ReasonButton
          needs="CAMPAIGN_W"
          variant="default"
          leftSection={<IconPlayerStop size={14} aria-hidden />}
          onClick={() => setAsked('cancel')}
        >
          {t('cancelCampaign')}
        </ReasonButton>
      )}
      {(campaignStatus === 'RUNNING' || campaignStatus === 'CANCELING') && (
        <ReasonButton
          needs="CAMPAIGN_W"
          variant="default"
          leftSection={<IconPlayerStopFilled size={14} aria-hidden />}
          onClick={() => setAsked('force')}
        >
          {t('cancelForce')}
        </ReasonButton>
      )}
      <ReasonButton
        needs="CAMPAIGN_W"
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
