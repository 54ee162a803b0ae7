import { Button } from '@mantine/core';
import { IconHistory, IconPlayerTrackNext } from '@tabler/icons-react';
import { memo, useState } from 'react';
import { usePreferences } from '../../app/preferences.ts';
import { platformNow } from '../../format/platform-time.ts';
import { fieldTime, instantOf, zoneAt } from '../../format/time.ts';
import { useText } from '../../i18n/use-text.ts';
import { TimeText } from '../../ui/time-text.tsx';

interface TimeJumpProps {
  /** The moment that is shown; undefined: now. */
  readonly at: string | undefined;
  readonly onJump: (at: string | undefined) => void;
}

/** Leads to the messages of a moment, and back to those of now. */
export const TimeJump = memo(function TimeJump({ at, onJump }: TimeJumpProps) {
  const t = useText('messages');
  const utc = usePreferences((state) => state.utc);
  const [moment, setMoment] = useState(() => at ?? new Date(platformNow()).toISOString());
  return (
    <form
      className="time-jump"
      onSubmit={(event) => {
        event.preventDefault();
        if (moment !== '') onJump(moment);
      }}
    >
      <input
        type="datetime-local"
        step={1}
        className="time-jump-field"
        aria-label={t('jumpTime')}
        value={fieldTime(moment, utc)}
        onChange={(event) => setMoment(instantOf(event.currentTarget.value, utc) ?? '')}
      />
      <span className="moment-zone">{zoneAt(moment, utc)}</span>
      <Button
        type="submit"
        variant="default"
        disabled={moment === ''}
        leftSection={<IconHistory size={14} aria-hidden />}
      >
        {t('jump')}
      </Button>
    </form>
  );
});

/** Says that the list is of a moment, and leads back to now. */
export function MomentNotice(props: { at: string; onLive: () => void }) {
  const t = useText('messages');
  return (
    <div className="notice moment-notice" role="status">
      <span>
        {t('moment')} <TimeText time={props.at} form="full" />
      </span>
      <Button
        variant="light"
        leftSection={<IconPlayerTrackNext size={14} aria-hidden />}
        onClick={props.onLive}
      >
        {t('backToNow')}
      </Button>
    </div>
  );
}
