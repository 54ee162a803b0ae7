import { clockTime } from '../format/time.ts';

/** Words for places on a time axis. @param splits seconds since the epoch */
export const axisTimes = (splits: readonly number[], utc: boolean): string[] =>
  splits.map((seconds) => clockTime(seconds * 1000, utc).slice(0, 8));
