import { Popover, UnstyledButton } from '@mantine/core';
import { IconClock } from '@tabler/icons-react';
import type { ClockView } from '../../../core/contract/clock.ts';
import { usePreferences } from '../../app/preferences.ts';
import { dateTime } from '../../format/time.ts';
import { useText } from '../../i18n/use-text.ts';
import { StatusMark } from '../../ui/status-mark.tsx';
import { useClock } from './clock-api.ts';
import { ClockPanel } from './clock-panel.tsx';
import { usePlatformNow } from './use-platform-now.ts';

/** The platform's time in the header: of every view when it is not the real one, and the way to change it. */
export function ClockMenu() {
  const t = useText('clock');
  const { data: view } = useClock();
  if (!view) return null;
  return (
    <Popover position="bottom-end" withArrow trapFocus width={340}>
      <Popover.Target>
        <UnstyledButton className="header-button" data-clock={view.mode}>
          {view.mode === 'real' ? (
            <>
              <IconClock size={16} aria-hidden /> {t('real')}
            </>
          ) : (
            <SteeredTime view={view} />
          )}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('title')}>
        <ClockPanel view={view} />
      </Popover.Dropdown>
    </Popover>
  );
}

function SteeredTime({ view: { mode, speed } }: { view: ClockView }) {
  const t = useText('clock');
  const utc = usePreferences((state) => state.utc);
  const now = usePlatformNow();
  const word = mode === 'frozen' ? t('frozen') : speed === 1 ? t('shifted') : t('speedIs', { speed });
  return (
    <>
      <StatusMark tone="warn" word={word} />
      <span className="time">{dateTime(now, utc).slice(0, 19)}</span>
    </>
  );
}
