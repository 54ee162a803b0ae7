import type { CampaignStatus, TargetCounts, TargetStatus } from '../../../core/contract/campaigns.ts';

/** In the order of a bar: what is done first, what has not begun last. */
export const barOrder: readonly TargetStatus[] = [
  'success',
  'failure',
  'canceled',
  'inProgress',
  'pending',
  'notStarted',
];

export interface Share {
  readonly status: TargetStatus;
  readonly devices: number;
  /** Of all devices. */
  readonly percent: number;
}

export const totalOf = (counts: TargetCounts): number =>
  barOrder.reduce((sum, status) => sum + counts[status], 0);

/** Devices with which nothing more happens. */
export const doneOf = ({ success, failure, canceled }: TargetCounts): number => success + failure + canceled;

/** The parts of a bar; states that no device is in are left out. */
export function sharesOf(counts: TargetCounts): readonly Share[] {
  const total = totalOf(counts);
  return barOrder
    .filter((status) => counts[status] > 0)
    .map((status) => ({ status, devices: counts[status], percent: (counts[status] / total) * 100 }));
}

const ended: ReadonlySet<CampaignStatus> = new Set(['CANCELED', 'COMPLETE', 'INCOMPLETE', 'SERVER_ERROR']);

/** True when nothing more happens in a campaign of this status. */
export const hasEnded = (status: CampaignStatus): boolean => ended.has(status);
