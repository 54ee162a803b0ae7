import type { CampaignTargetJson, TargetStatus } from '../../../core/contract/campaigns.ts';
import type { CampaignPoint } from '../../live/campaign-points.ts';
import { barOrder } from './campaign-counts.ts';

/** More points than a chart has room for say nothing more. */
export const mostPoints = 300;

interface Change {
  readonly time: string;
  readonly from: TargetStatus;
  readonly to: TargetStatus;
}

/**
 * How the counts of a campaign came about, from the times that are kept with each device. When a device took what
 * had waited for it is not kept: it counts as at work since the operation was begun.
 * @param targets all devices @param start when the campaign began, ISO 8601
 */
export function progressHistory(
  targets: readonly CampaignTargetJson[],
  start: string,
): readonly CampaignPoint[] {
  const changes = targets.flatMap((target) => changesOf(target, start));
  changes.sort((one, other) => (one.time < other.time ? -1 : one.time > other.time ? 1 : 0));
  const counts = Object.fromEntries(barOrder.map((status) => [status, 0])) as Record<TargetStatus, number>;
  counts.notStarted = targets.length;
  const points: CampaignPoint[] = [];
  for (const [index, { time, from, to }] of changes.entries()) {
    counts[from]--;
    counts[to]++;
    if (changes[index + 1]?.time === time) continue;
    points.push({ time, status: 'RUNNING', counts: { ...counts } });
  }
  return thinned(points);
}

/** As many as are drawn, with the last one. */
function thinned(points: readonly CampaignPoint[]): readonly CampaignPoint[] {
  const step = Math.ceil(points.length / mostPoints);
  return points.filter((_, index) => index % step === 0 || index === points.length - 1);
}

function changesOf({ status, operations }: CampaignTargetJson, start: string): Change[] {
  if (status === 'notStarted') return [];
  const first = operations[0];
  const last = operations.at(-1);
  // A device that failed before anything was begun on it has no time of its own.
  if (!first || !last) return [{ time: start, from: 'notStarted', to: status }];
  if (status === 'pending' || status === 'inProgress') {
    return [{ time: first.started, from: 'notStarted', to: status }];
  }
  return [
    { time: first.started, from: 'notStarted', to: 'inProgress' },
    { time: last.ended ?? last.updated, from: 'inProgress', to: status },
  ];
}

/** What was known when the page was opened, and behind it what was told since. */
export function joinPoints(
  history: readonly CampaignPoint[],
  live: readonly CampaignPoint[],
): readonly CampaignPoint[] {
  const until = history.at(-1)?.time ?? '';
  return [...history, ...live.filter(({ time }) => time > until)];
}
