import type { CampaignStatus, TargetCounts } from '../../core/contract/campaigns.ts';
import type { LiveEvent } from '../../core/contract/live.ts';

/** Where a campaign stood at one moment. */
export interface CampaignPoint {
  /** The platform's, ISO 8601. */
  readonly time: string;
  readonly status: CampaignStatus;
  readonly counts: TargetCounts;
}

/** What was told of each campaign since this window listens, oldest first. */
export type CampaignPoints = ReadonlyMap<string, readonly CampaignPoint[]>;

export const campaignPointLimits = { points: 400, campaigns: 50 };

type CampaignEvent = Extract<LiveEvent, { channel: 'campaigns' }>;

/** With one more point; of a campaign that was deleted, without any. */
export function withCampaignEvent(known: CampaignPoints, event: CampaignEvent): CampaignPoints {
  const { id, time, progress } = event;
  const next = new Map(known);
  // Told last, kept longest.
  next.delete(id);
  if (!progress) return next;
  const point = { time, status: progress.campaignStatus, counts: progress.totalTargetsPerStatus };
  // A platform whose clock was set back begins anew.
  const before = (known.get(id) ?? []).filter((earlier) => earlier.time <= time);
  next.set(id, [...thinned(before), point]);
  const [oldest] = next.keys();
  if (oldest !== undefined && next.size > campaignPointLimits.campaigns) next.delete(oldest);
  return next;
}

/** Every second point once there are too many: the whole time stays to be seen, less finely. */
function thinned(points: readonly CampaignPoint[]): readonly CampaignPoint[] {
  return points.length < campaignPointLimits.points ? points : points.filter((_, index) => index % 2 === 0);
}
