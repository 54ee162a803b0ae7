import { expect, test } from 'vitest';
import type { CampaignTargetJson, TargetStatus } from '../../../core/contract/campaigns.ts';
import { joinPoints, mostPoints, progressHistory } from './progress-history.ts';

const at = (second: number): string => new Date(second * 1000).toISOString();
const target = (
  status: TargetStatus,
  ...spans: readonly [from: number, to?: number][]
): CampaignTargetJson => ({
  deviceId: 'urn:lo:nsid:a:1',
  status,
  operations: spans.map(([from, to]) => ({
    ...{ action: 'command', operationId: '1', operationStatus: 'success', currentRetry: 0 },
    ...{ started: at(from), updated: at(to ?? from) },
    ...(to !== undefined && { ended: at(to) }),
  })),
});
const seen = (targets: readonly CampaignTargetJson[]) =>
  progressHistory(targets, at(0)).map(({ time, counts: { inProgress, success, failure } }) => ({
    second: Date.parse(time) / 1000,
    ...{ inProgress, success, failure },
  }));

test('a device is at work from its first operation to the end of its last', () => {
  expect(seen([target('success', [1, 2], [2, 5]), target('failure', [1, 3])])).toEqual([
    { second: 1, inProgress: 2, success: 0, failure: 0 },
    { second: 3, inProgress: 1, success: 0, failure: 1 },
    { second: 5, inProgress: 0, success: 1, failure: 1 },
  ]);
});

test('one that goes on stays in its state, one that failed at once did so at the start', () => {
  expect(seen([target('inProgress', [4]), target('failure'), target('notStarted')])).toEqual([
    { second: 0, inProgress: 0, success: 0, failure: 1 },
    { second: 4, inProgress: 1, success: 0, failure: 1 },
  ]);
});

test('all devices are counted at every moment, and many moments are thinned to the last one', () => {
  const many = Array.from({ length: 3 * mostPoints }, (_, index) => target('success', [index, index + 10]));
  const points = progressHistory(many, at(0));
  expect(points.length).toBeLessThanOrEqual(mostPoints + 1);
  for (const { counts } of points) {
    expect(Object.values(counts).reduce((sum, devices) => sum + devices, 0)).toBe(many.length);
  }
  expect(points.at(-1)?.counts.success).toBe(many.length);
});

test('few moments at which much happens are all kept', () => {
  const many = Array.from({ length: 3 * mostPoints }, () => target('success', [1, 2]));
  expect(seen(many).map(({ second }) => second)).toEqual([1, 2]);
});

test('what was told before is not drawn twice', () => {
  const history = progressHistory([target('success', [1, 5])], at(0));
  const [first, last] = history;
  if (!first || !last) throw new Error('no points');
  const later = { ...last, time: at(9) };
  expect(joinPoints(history, [first, last, later])).toEqual([first, last, later]);
  expect(joinPoints([], [later])).toEqual([later]);
  expect(progressHistory([], at(0))).toEqual([]);
});
