import { type PointerEvent, useSyncExternalStore } from 'react';
import { usePreferences } from '../app/preferences.ts';
import { platformNow } from '../format/platform-time.ts';
import { bothTimes, clockTime, dateTime, relativeTime, shortTime } from '../format/time.ts';

interface TimeTextProps {
  readonly time: string;
  /** `clock`: of today, as in a stream; `full`: with the date; `minute`: that without seconds, for what is planned; `relative`: how long ago, beside the exact time. */
  readonly form?: 'clock' | 'full' | 'minute' | 'relative';
}

/** Both times are written when somebody points: a list of hundreds would pay for what nobody reads. */
function nameBoth({ currentTarget }: PointerEvent<HTMLTimeElement>): void {
  currentTarget.title = bothTimes(currentTarget.dateTime);
}

/** A moment, exact to the millisecond, in local time and UTC when pointed at. */
export function TimeText({ time, form = 'clock' }: TimeTextProps) {
  const utc = usePreferences((state) => state.utc);
  if (form === 'relative') return <AgoText time={time} utc={utc} />;
  return (
    <time dateTime={time} onPointerEnter={nameBoth} className="time">
      {form === 'clock'
        ? clockTime(time, utc)
        : dateTime(time, utc).slice(0, form === 'minute' ? 16 : undefined)}
    </time>
  );
}

function AgoText({ time, utc }: { time: string; utc: boolean }) {
  const language = usePreferences((state) => state.language);
  const now = useSyncExternalStore(ticks.subscribe, ticks.now);
  const at = new Date(time).getTime();
  // A moment after the last tick is not in the future.
  const ago = relativeTime(at > now && at - now <= tickMs ? now : at, now, language);
  return (
    <time dateTime={time} onPointerEnter={nameBoth} className="time">
      {shortTime(time, now, utc)}
      <span className="ago">{ago}</span>
    </time>
  );
}

/** One timer for all that say how long ago something was. */
const tickMs = 10_000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let lastTick = platformNow();

const ticks = {
  now: (): number => lastTick,
  subscribe: (listener: () => void): (() => void) => {
    if (listeners.size === 0) lastTick = platformNow();
    listeners.add(listener);
    timer ??= setInterval(() => {
      lastTick = platformNow();
      for (const each of listeners) each();
    }, tickMs);
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  },
};
