import { Popover, UnstyledButton } from '@mantine/core';
import { IconWorld } from '@tabler/icons-react';
import { useText } from '../i18n/use-text.ts';
import { StatusMark } from '../ui/status-mark.tsx';
import { Endpoints, useFailingListeners } from './endpoints.tsx';

export function EndpointsPopover() {
  const t = useText('shell');
  const failing = useFailingListeners().length;
  return (
    <Popover position="bottom-end" withArrow trapFocus>
      <Popover.Target>
        <UnstyledButton className="header-button">
          {failing === 0 ? (
            <>
              <IconWorld size={16} aria-hidden /> {t('endpoints')}
            </>
          ) : (
            <StatusMark tone="bad" word={t('endpointsFailing', { count: failing })} />
          )}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('endpoints')}>
        <p className="flat dimmed">{t('endpointsNote')}</p>
        <Endpoints />
      </Popover.Dropdown>
    </Popover>
  );
}
