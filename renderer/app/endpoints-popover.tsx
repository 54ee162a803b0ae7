import { Popover, UnstyledButton } from '@mantine/core';
import { IconWorld } from '@tabler/icons-react';
import { useText } from '../i18n/use-text.ts';
import { Endpoints } from './endpoints.tsx';

export function EndpointsPopover() {
  const t = useText('shell');
  return (
    <Popover position="bottom-end" withArrow trapFocus>
      <Popover.Target>
        <UnstyledButton className="header-button">
          <IconWorld size={16} aria-hidden /> {t('endpoints')}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('endpoints')}>
        <p className="flat dimmed">{t('endpointsNote')}</p>
        <Endpoints />
      </Popover.Dropdown>
    </Popover>
  );
}
