import type { FifoPoint } from '../../../core/contract/routing.ts';

export interface FifoSeries {
  /** Seconds since the epoch, the last five minutes. */
  readonly times: readonly number[];
  readonly waiting: readonly number[];
  readonly unacknowledged: readonly number[];
  readonly entered: readonly number[];
  readonly acknowledged: readonly number[];
  readonly lost: readonly number[];
}

const shownS = 300;

/** Lines through the seconds of a FIFO. Seconds that were left out are like both their neighbours. */
export function fifoSeries(points: readonly FifoPoint[]): FifoSeries {
  const seconds = points.map(({ time }) => Date.parse(time) / 1000);
  // The first point may be of long before: the line begins at the edge of the chart then.
  const edge = (seconds.at(-1) ?? 0) - shownS;
  return {
    times: seconds.map((second) => Math.max(second, edge)),
    waiting: points.map(({ waiting }) => waiting),
    unacknowledged: points.map(({ unacknowledged }) => unacknowledged),
    entered: points.map(({ entered }) => entered),
    acknowledged: points.map(({ acknowledged }) => acknowledged),
    lost: points.map(({ lost }) => lost),
  };
}
