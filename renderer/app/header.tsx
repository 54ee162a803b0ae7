import { Button, Kbd } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { ClockMenu } from '../features/clock/clock-menu.tsx';
import { useText } from '../i18n/use-text.ts';
import { ConnectionState } from './connection-state.tsx';
import { EndpointsPopover } from './endpoints-popover.tsx';
import { openPalette } from './open-palette.ts';
import { SchemeSwitch } from './scheme-switch.tsx';
import { TenantMenu } from './tenant-menu.tsx';
import { UserMenu } from './user-menu.tsx';

export function Header() {
  const t = useText('shell');
  return (
    <header className="header">
      <Button
        variant="default"
        className="palette-button"
        leftSection={<IconSearch size={14} aria-hidden />}
        rightSection={<Kbd size="xs">Ctrl K</Kbd>}
        onClick={openPalette}
      >
        <span className="ellipsis">{t('palette')}</span>
      </Button>
      <div className="header-right">
        <ClockMenu />
        <ConnectionState />
        <EndpointsPopover />
        <SchemeSwitch />
        <TenantMenu />
        <UserMenu />
      </div>
    </header>
  );
}
