import { ActionIcon, Menu } from '@mantine/core';
import { IconLogout, IconUser, IconUserCircle } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useText } from '../i18n/use-text.ts';
import { useIdentity } from '../session/identity.ts';
import { endSession } from '../session/open-session.ts';

/** Who is signed in, and the way out. */
export function UserMenu() {
  const t = useText('shell');
  const navigate = useNavigate();
  const { data: identity } = useIdentity();
  const name = identity?.user?.login ?? t(`signedInBy_${identity?.kind ?? 'key'}`);
  const label = t('signedInAs', { name });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size="lg" aria-label={label} title={label}>
          <IconUserCircle size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{label}</Menu.Label>
        <Menu.Item
          leftSection={<IconUser size={14} />}
          onClick={() => void navigate({ to: '/account', search: {} } as never)}
        >
          {t('account')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={14} />} onClick={() => endSession(identity?.kind)}>
          {t('signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
