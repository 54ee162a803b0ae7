import { expect, test } from 'vitest';
import { type CampaignPoints, campaignPointLimits, withCampaignEvent } from './campaign-points.ts';

const counts = (success: number) => ({
  ...{ notStarted: 0, pending: 0, inProgress: 0, failure: 0, canceled: 0 },
  success,
});
const told = (id: string, second: number, success = second) => ({
  channel: 'campaigns' as const,
  id,
  time: new Date(second * 1000).toISOString(),
  progress: { campaignStatus: 'RUNNING' as const, totalTargetsPerStatus: counts(success) },
});
const after = (events: readonly Parameters<typeof withCampaignEvent>[1][]): CampaignPoints =>
  events.reduce(withCampaignEvent, new Map());

test('keeps what was told of each campaign in its order', () => {
  const points = after([told('a', 1), told('b', 2), told('a', 3)]);
  expect(points.get('a')?.map((point) => point.counts.success)).toEqual([1, 3]);
  expect(points.get('b')?.length).toBe(1);
});

test('forgets a campaign that was deleted', () => {
  const { progress: _, ...deleted } = told('a', 2);
  expect(after([told('a', 1), deleted]).has('a')).toBe(false);
});

test('begins anew when the clock was set back', () => {
  const points = after([told('a', 100), told('a', 200), told('a', 150)]);
  expect(points.get('a')?.map((point) => point.counts.success)).toEqual([100, 150]);
});

test('stays bounded, and keeps the first and the last point', () => {
  const { points: most, campaigns } = campaignPointLimits;
  const many = after(Array.from({ length: 5 * most }, (_, second) => told('a', second))).get('a') ?? [];
  expect(many.length).toBeLessThanOrEqual(most);
  expect(many[0]?.counts.success).toBe(0);
  expect(many.at(-1)?.counts.success).toBe(5 * most - 1);
  const others = after(Array.from({ length: campaigns + 1 }, (_, index) => told(`c${index}`, index)));
  expect(others.size).toBe(campaigns);
  expect(others.has('c0')).toBe(false);
});
