import type { TargetStatus } from '../../../core/contract/campaigns.ts';
import type { CampaignPoint } from '../../live/campaign-points.ts';
import type { Series } from '../../ui/chart-props.ts';

/** The states that a device comes to, in the colours that the bar has for them. What is left has not begun. */
export const lines = [
  { status: 'inProgress', colour: '--fb-series-0' },
  { status: 'pending', colour: '--fb-warn' },
  { status: 'success', colour: '--fb-ok' },
  { status: 'failure', colour: '--fb-bad' },
  { status: 'canceled', colour: '--fb-quiet' },
] as const satisfies readonly { status: TargetStatus; colour: string }[];

export interface ProgressSeries {
  /** Seconds since the epoch. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
}

/** Lines through what was told of a campaign. @param words names of the lines */
export function progressSeries(
  points: readonly CampaignPoint[],
  words: (status: TargetStatus) => string,
): ProgressSeries {
  return {
    times: points.map(({ time }) => Date.parse(time) / 1000),
    series: lines.map(({ status, colour }) => ({
      label: words(status),
      colour,
      values: points.map(({ counts }) => counts[status]),
    })),
  };
}
