import { useEffect, useState } from 'react';
import { usePreferences } from '../app/preferences.ts';
import { bothTimes, clockTime, dateTime, relativeTime } from '../format/time.ts';

interface TimeTextProps {
  readonly time: string;
  /** `clock`: of today, as in a stream; `full`: with the date; `relative`: with the exact time beside it. */
  readonly form?: 'clock' | 'full' | 'relative';
}

/** A moment, exact to the millisecond, in local time and UTC when pointed at. */
export function TimeText({ time, form = 'clock' }: TimeTextProps) {
  const utc = usePreferences((state) => state.utc);
  return (
    <time dateTime={time} title={bothTimes(time)} className="time">
      {form === 'clock' ? clockTime(time, utc) : dateTime(time, utc)}
      {form === 'relative' && <Ago time={time} />}
    </time>
  );
}

function Ago({ time }: { time: string }) {
  const language = usePreferences((state) => state.language);
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 10_000);
    return () => clearInterval(timer);
  }, []);
  // A moment after the last tick is not in the future.
  return <span className="ago">{relativeTime(Math.min(new Date(time).getTime(), now), now, language)}</span>;
}
