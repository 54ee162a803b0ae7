import { ActionIcon, useMantineColorScheme } from '@mantine/core';
import { IconMoon, IconSun, IconSunMoon } from '@tabler/icons-react';
import { useText } from '../i18n/use-text.ts';

const next = { light: 'dark', dark: 'auto', auto: 'light' } as const;
const icons = { light: IconSun, dark: IconMoon, auto: IconSunMoon };

export function SchemeSwitch() {
  const t = useText('shell');
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const Icon = icons[colorScheme];
  const label = t('scheme', { scheme: t(`scheme_${colorScheme}`) });
  return (
    <ActionIcon size="lg" aria-label={label} title={label} onClick={() => setColorScheme(next[colorScheme])}>
      <Icon size={18} />
    </ActionIcon>
  );
}
