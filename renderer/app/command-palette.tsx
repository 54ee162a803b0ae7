import { useMantineColorScheme } from '@mantine/core';
import { useDebouncedValue, useHotkeys } from '@mantine/hooks';
import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight';
import {
  IconChartBar,
  IconClock,
  IconCpu,
  IconFileImport,
  IconLanguage,
  IconLogout,
  IconMap2,
  IconPlus,
  IconPointer,
  IconSearch,
  IconSunMoon,
  IconUserCircle,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Role } from '../../core/contract/roles.ts';
import { isSimulated } from '../../core/contract/simulated.ts';
import { searchDevices } from '../features/devices/devices-api.ts';
import { useText } from '../i18n/use-text.ts';
import { useIdentity } from '../session/identity.ts';
import { endSession } from '../session/open-session.ts';
import { deviceHref } from '../ui/id-text.tsx';
import { SimulatedMark } from '../ui/simulated-mark.tsx';
import { openPalette, paletteFieldId } from './open-palette.ts';
import { type PageAction, pageActions } from './page-actions.ts';
import { type Language, languageNames, usePreferences } from './preferences.ts';
import { useOpenViews } from './use-open-views.ts';

/** Ctrl+K: every view, every device, every action of the page, and those that begin something. */
export function CommandPalette() {
  const t = useText('shell');
  const fleet = useText('fleet');
  const navigate = useNavigate();
  const views = useOpenViews();
  const { data: identity } = useIdentity();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { language, utc, set } = usePreferences();
  const [query, setQuery] = useState('');
  const [ofPage, setOfPage] = useState<readonly PageAction[]>([]);
  const [asked] = useDebouncedValue(query.trim(), 150);
  // In fields as well: it is the way to everywhere, from anywhere.
  useHotkeys([['mod+K', openPalette]], [], true);
  const devices = useQuery({
    queryKey: ['devices', 'search', asked],
    queryFn: ({ signal }) => searchDevices(asked, signal),
    enabled: asked.length >= 2 && identity?.roles.includes('DEVICE_R') === true,
  });
  const go = (to: string): (() => void) => {
    return () => void navigate({ to, search: {} } as never);
  };
  const open = (to: string, search: Record<string, string>) => () => void navigate({ to, search } as never);
  // `logout` finds "Log out" as well.
  const squeeze = (text: string): string => text.toLowerCase().replace(/\s+/g, '');
  const matches = (text: string): boolean => squeeze(text).includes(squeeze(query));
  const create = (id: string, label: string, to: string, role: Role): SpotlightActionData[] =>
    identity?.roles.includes(role) === false
      ? []
      : [
          {
            id,
            label,
            leftSection: <IconPlus size={16} aria-hidden />,
            onClick: open(to, { create: 'yes' }),
          },
        ];
  const everywhere: SpotlightActionGroupData[] = [
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
        ...(identity?.roles.includes('DEVICE_W') === false
          ? []
          : [
              {
                id: 'import-devices',
                label: t('importDevices'),
                leftSection: <IconFileImport size={16} aria-hidden />,
                onClick: go('/devices/import'),
              },
            ]),
        ...create('create-device', t('createDevice'), '/devices', 'DEVICE_W'),
        ...create('create-policy', t('createPolicy'), '/routing', 'BUS_CONFIG_W'),
        ...create('create-campaign', t('createCampaign'), '/campaigns/new', 'CAMPAIGN_W'),
        ...create('create-key', t('createKey'), '/access', 'API_KEY_W'),
        ...create('create-user', t('createUser'), '/access/users', 'USER_W'),
        ...create('create-resource', t('createResource'), '/resources', 'DEVICE_W'),
        ...create('create-fleet', t('createFleet'), '/simulators', 'DEVICE_W'),
        {
          id: 'account',
          label: t('account'),
          leftSection: <IconUserCircle size={16} aria-hidden />,
          onClick: go('/account'),
        },
        ...(identity?.roles.includes('DEVICE_R') === false
          ? []
          : [
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
            ]),
        {
          id: 'scheme',
          label: t('switchScheme'),
          leftSection: <IconSunMoon size={16} aria-hidden />,
          onClick: () => setColorScheme(colorScheme === 'dark' ? 'light' : 'dark'),
        },
        ...Object.entries(languageNames)
          .filter(([code]) => code !== language)
          .map(([code, name]) => ({
            id: `language ${code}`,
            label: t('speak', { language: name }),
            leftSection: <IconLanguage size={16} aria-hidden />,
            onClick: () => set({ language: code as Language }),
          })),
        {
          id: 'utc',
          label: t(utc ? 'timesLocal' : 'timesUtc'),
          leftSection: <IconClock size={16} aria-hidden />,
          onClick: () => set({ utc: !utc }),
        },
        {
          id: 'sign-out',
          label: t('signOut'),
          leftSection: <IconLogout size={16} aria-hidden />,
          onClick: () => void endSession(identity?.kind),
        },
      ],
    },
  ];
  const names = new Set(everywhere.flatMap(({ actions }) => actions.map(({ label }) => label)));
  const onThisPage: SpotlightActionGroupData = {
    group: t('onThisPage'),
    actions: ofPage
      .filter(({ label }) => !names.has(label))
      .map(({ label, run }) => ({
        id: `page ${label}`,
        label,
        leftSection: <IconPointer size={16} aria-hidden />,
        // The palette gives the focus back first.
        onClick: () => void setTimeout(run),
      })),
  };
  const filtered = [...everywhere, onThisPage]
    .map((group) => ({ ...group, actions: group.actions.filter(({ label = '' }) => matches(label)) }))
    .filter(({ actions }) => actions.length > 0);
  const found = (asked.length >= 2 ? devices.data : undefined) ?? [];
  const deviceGroup: SpotlightActionGroupData = {
    group: t('devices'),
    actions: found.map(({ id, name, properties }) => ({
      id: `device ${id}`,
      label: name ?? id,
      ...(name === undefined ? {} : { description: id }),
      leftSection: <IconCpu size={16} aria-hidden />,
      ...(isSimulated(properties) ? { rightSection: <SimulatedMark /> } : {}),
      onClick: go(deviceHref(id)),
    })),
  };
  return (
    <Spotlight
      onSpotlightOpen={() => setOfPage(pageActions())}
      actions={found.length > 0 ? [...filtered, deviceGroup] : filtered}
      query={query}
      onQueryChange={setQuery}
      filter={(_query, actions) => actions}
      shortcut={null}
      // Without a way to come in it is there at once, and with it its field.
      transitionProps={{ duration: 0 }}
      nothingFound={t('paletteEmpty')}
      scrollable
      attributes={{ content: { 'aria-label': t('palette') } }}
      maxHeight={420}
      // It scrolls: the keyboard must reach it.
      scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': t('palette'), role: 'group' } }}
      searchProps={{
        id: paletteFieldId,
        leftSection: <IconSearch size={16} aria-hidden />,
        placeholder: t('palette'),
        'aria-label': t('palette'),
      }}
    />
  );
}
