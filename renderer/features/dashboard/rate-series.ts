import type { MetricsPoint } from '../../../core/contract/live.ts';
import type { Series } from '../../ui/chart-props.ts';

export interface Rates {
  /** Seconds since the epoch. */
  readonly times: readonly number[];
  /** One line for each connector that stored anything, then one for what was refused, if anything was. */
  readonly series: readonly Series[];
  /** Messages a second over the last seconds, by series. */
  readonly now: readonly number[];
}

const shownS = 300;
const averagedS = 5;

/** Rates by connector over the last five minutes. A second that nothing is known of is empty. */
export function ratesOf(points: readonly MetricsPoint[], refusedLabel: string): Rates {
  const bySecond = new Map(points.map((point) => [Math.floor(Date.parse(point.time) / 1000), point]));
  const last = Math.max(0, ...bySecond.keys());
  const first = Math.max(last - shownS + 1, Math.min(...bySecond.keys()));
  const times =
    points.length === 0 ? [] : Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const connectors = [...new Set(points.flatMap(({ stored }) => Object.keys(stored)))].sort();
  const line = (label: string, of: (point: MetricsPoint) => number): Series => ({
    label,
    values: times.map((second) => {
      const point = bySecond.get(second);
      return point === undefined ? null : of(point);
    }),
  });
  const stored = connectors.map((name) => line(name, (point) => point.stored[name] ?? 0));
  const refused = points.some((point) => point.refused > 0)
    ? [line(refusedLabel, (point) => point.refused)]
    : [];
  const series = [...stored, ...refused].filter(({ values }) => values.some((value) => (value ?? 0) > 0));
  return { times, series, now: series.map(({ values }) => averageOfLast(values)) };
}

function averageOfLast(values: readonly (number | null)[]): number {
  const known = values.slice(-averagedS).filter((value) => value !== null);
  return known.length === 0 ? 0 : known.reduce((sum, value) => sum + value, 0) / known.length;
}
