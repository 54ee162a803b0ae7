import { Menu, UnstyledButton } from '@mantine/core';
import { IconBuilding, IconCheck, IconChevronDown, IconSettings } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTenantSwitch, useTenants } from '../features/tenants/tenants-api.ts';
import { useText } from '../i18n/use-text.ts';
import { useIdentity } from '../session/identity.ts';
import { ActionError } from '../ui/view-states.tsx';

/** The tenant whose things are shown, and for who runs the instance the way to the others. */
export function TenantMenu() {
  const t = useText('shell');
  const navigate = useNavigate();
  const { data: identity } = useIdentity();
  const tenants = useTenants(identity?.operator === true);
  const change = useTenantSwitch();
  if (!identity) return null;
  const { tenantName, tenantId, operator } = identity;
  const label = t('tenant', { id: tenantName });
  const face = (
    <>
      <IconBuilding size={16} aria-hidden />
      <span className="tenant-name">{tenantName}</span>
    </>
  );
  if (!operator) {
    return (
      <span className="header-text" title={label}>
        {face}
      </span>
    );
  }
  return (
    <Menu position="bottom-end" closeOnItemClick={false}>
      <Menu.Target>
        <UnstyledButton className="header-button" aria-label={label} title={label}>
          {face}
          <IconChevronDown size={12} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('tenants')}</Menu.Label>
        {(tenants.data ?? []).map(({ id, name }) => (
          <Menu.Item
            key={id}
            leftSection={
              id === tenantId ? <IconCheck size={14} aria-hidden /> : <span className="menu-space" />
            }
            aria-current={id === tenantId || undefined}
            disabled={change.isPending}
            onClick={() => id !== tenantId && change.mutate(id)}
          >
            {name}
          </Menu.Item>
        ))}
        <ActionError error={tenants.error ?? change.error} />
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconSettings size={14} aria-hidden />}
          closeMenuOnClick
          onClick={() => void navigate({ to: '/access/tenants', search: {} } as never)}
        >
          {t('manageTenants')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
