import { Button } from '@mantine/core';
import { IconHistory, IconPlayerTrackNext } from '@tabler/icons-react';
import { useState } from 'react';
import { platformNow } from '../../format/platform-time.ts';
import { dateTime } from '../../format/time.ts';
import { useText } from '../../i18n/use-text.ts';
import { TimeText } from '../../ui/time-text.tsx';

/** To the second, in the local time of this browser: what the field takes. */
const toField = (time: number): string => dateTime(time).slice(0, 19).replace(' ', 'T');

interface TimeJumpProps {
  /** The moment that is shown; undefined: now. */
  readonly at: string | undefined;
  readonly onJump: (at: string | undefined) => void;
}

/** Leads to the messages of a moment, and back to those of now. */
export function TimeJump({ at, onJump }: TimeJumpProps) {
  const t = useText('messages');
  const [text, setText] = useState(() => toField(at === undefined ? platformNow() : Date.parse(at)));
  const moment = new Date(text).getTime();
  return (
    <form
      className="time-jump"
      onSubmit={(event) => {
        event.preventDefault();
        if (!Number.isNaN(moment)) onJump(new Date(moment).toISOString());
      }}
    >
      <input
        type="datetime-local"
        step={1}
        className="time-jump-field"
        aria-label={t('jumpTime')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button
        type="submit"
        variant="default"
        disabled={Number.isNaN(moment)}
        leftSection={<IconHistory size={14} aria-hidden />}
      >
        {t('jump')}
      </Button>
    </form>
  );
}

/** Says that the list is of a moment, and offers what is before and after it. */
export function MomentNotice(props: { at: string; onOlder: (() => void) | undefined; onLive: () => void }) {
  const t = useText('messages');
  return (
    <div className="notice moment-notice" role="status">
      <span>
        {t('moment')} <TimeText time={props.at} form="full" />
      </span>
      <Button variant="default" disabled={props.onOlder === undefined} onClick={props.onOlder}>
        {t('older')}
      </Button>
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
