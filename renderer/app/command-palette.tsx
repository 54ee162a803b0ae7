import { useMantineColorScheme } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight';
import {
  IconChartBar,
  IconCpu,
  IconFileImport,
  IconMap2,
  IconPlus,
  IconSearch,
  IconSunMoon,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { searchDevices } from '../features/devices/devices-api.ts';
import { useText } from '../i18n/use-text.ts';
import { deviceHref } from '../ui/id-text.tsx';
import { views } from './views.ts';

/** Ctrl+K: every view, every device, the actions that begin something. */
export function CommandPalette() {
  const t = useText('shell');
  const fleet = useText('fleet');
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [query, setQuery] = useState('');
  const [asked] = useDebouncedValue(query.trim(), 150);
  const devices = useQuery({
    queryKey: ['devices', 'search', asked],
    queryFn: ({ signal }) => searchDevices(asked, signal),
    enabled: asked.length >= 2,
  });
  const go = (to: string): (() => void) => {
    return () => void navigate({ to, search: {} } as never);
  };
  const open = (to: string, search: Record<string, string>) => () => void navigate({ to, search } as never);
  const matches = (text: string): boolean => text.toLowerCase().includes(query.trim().toLowerCase());
  const create = (id: string, label: string, to: string): SpotlightActionData => ({
    id,
    label,
    leftSection: <IconPlus size={16} aria-hidden />,
    onClick: open(to, { create: 'yes' }),
  });
  const groups: SpotlightActionGroupData[] = [
    {
      group: t('views'),
      actions: views.map(({ name, path, icon: Icon }) => ({
        id: name,
        label: t(name),
        leftSection: <Icon size={16} aria-hidden />,
        onClick: go(path),
      })),
    },
    {
      group: t('actions'),
      actions: [
        {
          id: 'import-devices',
          label: t('importDevices'),
          leftSection: <IconFileImport size={16} aria-hidden />,
          onClick: go('/devices/import'),
        },
        create('create-device', t('createDevice'), '/devices'),
        {
          id: 'map',
          label: fleet('mapTitle'),
          leftSection: <IconMap2 size={16} aria-hidden />,
          onClick: go('/devices/map'),
        },
        {
          id: 'counts',
          label: fleet('countsTitle'),
          leftSection: <IconChartBar size={16} aria-hidden />,
          onClick: go('/devices/counts'),
        },
        create('create-policy', t('createPolicy'), '/routing'),
        create('create-key', t('createKey'), '/access'),
        create('create-fleet', t('createFleet'), '/simulators'),
        {
          id: 'scheme',
          label: t('switchScheme'),
          leftSection: <IconSunMoon size={16} aria-hidden />,
          onClick: () => setColorScheme(colorScheme === 'dark' ? 'light' : 'dark'),
        },
      ],
    },
  ];
  const filtered = groups
    .map((group) => ({ ...group, actions: group.actions.filter(({ label = '' }) => matches(label)) }))
    .filter(({ actions }) => actions.length > 0);
  const found = (asked.length >= 2 ? devices.data : undefined) ?? [];
  const deviceGroup: SpotlightActionGroupData = {
    group: t('devices'),
    actions: found.map(({ id, name }) => ({
      id: `device ${id}`,
      label: name ?? id,
      ...(name === undefined ? {} : { description: id }),
      leftSection: <IconCpu size={16} aria-hidden />,
      onClick: go(deviceHref(id)),
    })),
  };
  return (
    <Spotlight
      actions={found.length > 0 ? [...filtered, deviceGroup] : filtered}
      query={query}
      onQueryChange={setQuery}
      filter={(_query, actions) => actions}
      shortcut={['mod + K']}
      nothingFound={t('paletteEmpty')}
      scrollable
      attributes={{ content: { 'aria-label': t('palette') } }}
      maxHeight={420}
      // It scrolls: the keyboard must reach it.
      scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': t('palette'), role: 'group' } }}
      searchProps={{
        leftSection: <IconSearch size={16} aria-hidden />,
        placeholder: t('palette'),
        'aria-label': t('palette'),
      }}
    />
  );
}
