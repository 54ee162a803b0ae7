import { useEffect, useState } from 'react';
import { usePreferences } from '../app/preferences.ts';
import { bothTimes, clockTime, dateTime, relativeTime, shortTime } from '../format/time.ts';

interface TimeTextProps {
  readonly time: string;
  /** `clock`: of today, as in a stream; `full`: with the date; `relative`: how long ago, beside the exact time. */
  readonly form?: 'clock' | 'full' | 'relative';
}

/** A moment, exact to the millisecond, in local time and UTC when pointed at. */
export function TimeText({ time, form = 'clock' }: TimeTextProps) {
  const utc = usePreferences((state) => state.utc);
  if (form === 'relative') return <AgoText time={time} utc={utc} />;
  return (
    <time dateTime={time} title={bothTimes(time)} className="time">
      {form === 'clock' ? clockTime(time, utc) : dateTime(time, utc)}
    </time>
  );
}

const tickMs = 10_000;

function AgoText({ time, utc }: { time: string; utc: boolean }) {
  const language = usePreferences((state) => state.language);
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), tickMs);
    return () => clearInterval(timer);
  }, []);
  const at = new Date(time).getTime();
  // A moment after the last tick is not in the future.
  const ago = relativeTime(at > now && at - now <= tickMs ? now : at, now, language);
  return (
    <time dateTime={time} title={bothTimes(time)} className="time">
      {shortTime(time, now, utc)}
      <span className="ago">{ago}</span>
    </time>
  );
}
