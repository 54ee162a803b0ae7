import { Button } from '@mantine/core';
import { IconTargetArrow } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useText } from '../../i18n/use-text.ts';
import { useLack } from '../../session/identity.ts';

/** From a filtered list of devices to a campaign with them. */
export function CampaignWith({ filter }: { filter: string }) {
  const t = useText('campaigns');
  const lack = useLack('CAMPAIGN_W');
  if (lack !== undefined) return null;
  return (
    <Button
      component={Link}
      to="/campaigns/new"
      search={{ filter } as never}
      variant="subtle"
      leftSection={<IconTargetArrow size={14} aria-hidden />}
    >
      {t('withThese')}
    </Button>
  );
}
