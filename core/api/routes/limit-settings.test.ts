import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';

/** Each far below its default, so that a request reaches it that every default would take. */
const settings = {
  dataMaxTags: 2,
  dataLatestMaxDevices: 2,
  policyMaxActions: 2,
  campaignMaxOperations: 2,
  campaignMaxRetries: 2,
};
let bench: TestPlatform;
beforeAll(async () => {
  bench = await startTestPlatform({ settings });
});
afterAll(() => bench.stop());

const operation = (maxRetry: number): object => ({
  action: 'command',
  definition: { request: { connector: 'mqtt', value: { req: 'reboot' } }, maxRetry },
});
const campaign = (operations: object[]): object => ({
  name: 'c',
  targets: { filterQuery: 'tags==none' },
  operations,
});
const policy = (fifos: string[]): object => ({
  triggers: { dataMessage: {} },
  actions: { fifoPublish: fifos.map((fifoName) => ({ fifoName })) },
});
const campaigns = '/api/v0/deviceMgt/campaigns';
const policies = '/api/v1/event2action/actionPolicies';
const latest = '/bench/v1/messages/latest/search';

it.each<[string, 'POST' | 'PUT', string, object, object, string]>([
  [
    'tags of a message',
    'POST',
    '/api/v0/data/streams/s',
    { value: {}, tags: ['a', 'b'] },
    { value: {}, tags: ['a', 'b', 'c'] },
    'there are 3 tags; at most 2 are allowed (setting dataMaxTags)',
  ],
  [
    'devices of a call for newest messages',
    'POST',
    latest,
    { deviceIds: ['a', 'b'] },
    { deviceIds: ['a', 'b', 'c'] },
    'body.deviceIds: must hold at most 2 devices, got 3 (setting dataLatestMaxDevices)',
  ],
  [
    'actions of a new policy',
    'POST',
    policies,
    policy(['a', 'b']),
    policy(['a', 'b', 'c']),
    'body.actions.fifoPublish: must hold at most 2 actions, got 3 (setting policyMaxActions)',
  ],
  [
    'actions of a policy of its own id',
    'PUT',
    `${policies}/p`,
    policy(['a', 'b']),
    policy(['a', 'b', 'c']),
    '(setting policyMaxActions)',
  ],
  [
    'operations of a campaign',
    'POST',
    campaigns,
    campaign([operation(0), operation(0)]),
    campaign([operation(0), operation(0), operation(0)]),
    'body.operations: must hold at most 2 operations, got 3 (setting campaignMaxOperations)',
  ],
  [
    'retries of an operation',
    'POST',
    campaigns,
    campaign([operation(2)]),
    campaign([operation(0), operation(3)]),
    'body.operations.1.definition.maxRetry: must be at most 2, got 3 (setting campaignMaxRetries)',
  ],
])('%s are as many as the setting allows', async (_, method, url, fits, tooMuch, details) => {
  expect((await bench.call(method, url, fits)).status).toBeLessThan(300);
  const refused = await bench.call(method, url, tooMuch);
  expect(refused.status).toBe(400);
  expect(refused.body.details).toContain(details);
});

it('a change of a campaign keeps to them as well', async () => {
  const { body } = await bench.call('POST', campaigns, {
    ...campaign([operation(0)]),
    planning: { startDate: '2100-01-01T00:00:00Z' },
  });
  const refused = await bench.call('PATCH', `${campaigns}/${body.id}`, { operations: [operation(3)] });
  expect([refused.status, refused.body.details]).toEqual([
    400,
    'body.operations.0.definition.maxRetry: must be at most 2, got 3 (setting campaignMaxRetries)',
  ]);
});
