import { expect, test } from 'vitest';
import { campaignStatuses } from '../../../core/contract/campaigns.ts';
import { barOrder, doneOf, hasEnded, sharesOf, totalOf } from './campaign-counts.ts';

const none = { notStarted: 0, pending: 0, inProgress: 0, success: 0, failure: 0, canceled: 0 };

test('the parts of a bar are all devices, in the order of the bar', () => {
  const counts = { ...none, notStarted: 5, success: 3, failure: 1, inProgress: 1 };
  const shares = sharesOf(counts);
  expect(shares.map(({ status }) => status)).toEqual(['success', 'failure', 'inProgress', 'notStarted']);
  expect(shares.reduce((sum, { percent }) => sum + percent, 0)).toBeCloseTo(100);
  expect(totalOf(counts)).toBe(10);
  expect(doneOf(counts)).toBe(4);
});

test('a campaign without devices has no parts', () => {
  expect(sharesOf(none)).toEqual([]);
});

test('each state has its place in the bar, once', () => {
  expect([...barOrder].sort()).toEqual(Object.keys(none).sort());
});

test('which campaigns go on', () => {
  expect(campaignStatuses.filter((status) => !hasEnded(status))).toEqual([
    'SCHEDULED',
    'RUNNING',
    'CANCELING',
  ]);
});
