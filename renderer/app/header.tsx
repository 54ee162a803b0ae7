import { ActionIcon, Button, Kbd, Menu } from '@mantine/core';
import { spotlight } from '@mantine/spotlight';
import { IconLogout, IconSearch, IconUserCircle } from '@tabler/icons-react';
import { useText } from '../i18n/use-text.ts';
import { useSession } from '../session/session-store.ts';
import { ConnectionState } from './connection-state.tsx';
import { EndpointsPopover } from './endpoints-popover.tsx';
import { SchemeSwitch } from './scheme-switch.tsx';

export function Header() {
  const t = useText('shell');
  const tenantId = useSession((state) => state.session?.tenantId) ?? '';
  const signOut = useSession((state) => state.signOut);
  return (
    <header className="header">
      <Button
        variant="default"
        className="palette-button"
        leftSection={<IconSearch size={14} aria-hidden />}
        rightSection={<Kbd size="xs">Ctrl K</Kbd>}
        onClick={() => spotlight.open()}
      >
        {t('palette')}
      </Button>
      <div className="header-right">
        <ConnectionState />
        <EndpointsPopover />
        <SchemeSwitch />
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon
              size="lg"
              aria-label={t('tenant', { id: tenantId })}
              title={t('tenant', { id: tenantId })}
            >
              <IconUserCircle size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>{t('tenant', { id: tenantId })}</Menu.Label>
            <Menu.Item leftSection={<IconLogout size={14} />} onClick={() => signOut()}>
              {t('signOut')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
    </header>
  );
}
