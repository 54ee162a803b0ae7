import { dateTime } from '../format/time.ts';

const secondsOfDay = 86_400;

/**
 * Words for places on a time axis: clock times; with the day before them where the axis goes over midnight, and the day
 * alone where its places are days apart.
 * @param splits seconds since the epoch
 */
export function axisTimes(splits: readonly number[], utc: boolean): string[] {
  const full = splits.map((seconds) => dateTime(seconds * 1000, utc));
  const [first = 0, second = first] = splits;
  const isOneDay = new Set(full.map((time) => time.slice(0, 10))).size <= 1;
  if (isOneDay) return full.map((time) => time.slice(11, 19));
  return full.map((time) => (second - first >= secondsOfDay ? time.slice(0, 10) : time.slice(5, 16)));
}
