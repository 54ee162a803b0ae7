import { IconFlask2 } from '@tabler/icons-react';
import { useText } from '../i18n/use-text.ts';

/** Marks a simulated device and what came from it. */
export function SimulatedMark({ short = false }: { short?: boolean }) {
  const t = useText('common');
  return (
    <span className="simulated" title={t('simulatedHint')}>
      <IconFlask2
        size={13}
        aria-hidden={!short}
        {...(short ? { role: 'img', 'aria-label': t('simulated') } : {})}
      />
      {!short && t('simulated')}
    </span>
  );
}
