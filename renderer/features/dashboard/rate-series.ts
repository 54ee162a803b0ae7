import type { MetricsPoint } from '../../../core/contract/live.ts';

/** Messages in each second, of one connector or of all that were refused. */
export interface RateLine {
  /** Name of the connector; undefined: what was refused, of all connectors. */
  readonly connector: string | undefined;
  /** One for each time; null where nothing is known. */
  readonly values: readonly (number | null)[];
  /** A second, over the last seconds. */
  readonly now: number;
  /** Most in one second. */
  readonly peak: number;
  /** In all. */
  readonly total: number;
}

export interface Rates {
  /** Seconds since the epoch. */
  readonly times: readonly number[];
  /** One line for each connector that stored anything, then one for what was refused, if anything was. */
  readonly lines: readonly RateLine[];
}

const shownS = 300;
const averagedS = 5;

/** Rates by connector over the last five minutes. A second that nothing is known of is empty. */
export function ratesOf(points: readonly MetricsPoint[]): Rates {
  if (points.length === 0) return { times: [], lines: [] };
  const bySecond = new Map(points.map((point) => [Math.floor(Date.parse(point.time) / 1000), point]));
  const last = Math.max(0, ...bySecond.keys());
  const first = Math.max(last - shownS + 1, Math.min(...bySecond.keys()));
  const times = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const line = (connector: string | undefined, of: (point: MetricsPoint) => number): RateLine => {
    const values = times.map((second) => {
      const point = bySecond.get(second);
      return point === undefined ? null : of(point);
    });
    const known = values.filter((value) => value !== null);
    return {
      connector,
      values,
      now: averageOfLast(values),
      peak: Math.max(0, ...known),
      total: known.reduce((sum, value) => sum + value, 0),
    };
  };
  const connectors = [...new Set(points.flatMap(({ stored }) => Object.keys(stored)))].sort();
  const stored = connectors.map((name) => line(name, (point) => point.stored[name] ?? 0));
  const lines = [...stored, line(undefined, (point) => point.refused)].filter(({ total }) => total > 0);
  return { times, lines };
}

function averageOfLast(values: readonly (number | null)[]): number {
  const known = values.slice(-averagedS).filter((value) => value !== null);
  return known.length === 0 ? 0 : known.reduce((sum, value) => sum + value, 0) / known.length;
}
