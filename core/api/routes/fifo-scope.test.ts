import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startTestPlatform, type TestPlatform } from '../../testing/test-platform.ts';
import { until } from '../../testing/until.ts';

const v0 = '/api/v0/topics/fifo';
const v1 = '/api/v1/event2action/fifos';
const policies = '/api/v1/event2action/actionPolicies';

const policyTo = (...names: string[]) => ({
  ...{ name: 'p', enabled: true, triggers: { dataMessage: {} } },
  actions: { fifoPublish: names.map((fifoName) => ({ fifoName })) },
});

let bench: TestPlatform;
/** A key for `mine` alone, with every role that reaches FIFOs. */
let key: string;
beforeEach(async () => {
  bench = await startTestPlatform();
  for (const name of ['mine', 'other']) await bench.call('POST', v0, { name });
  await bench.call('PUT', `${policies}/others`, policyTo('other'));
  await bench.call('PUT', `${policies}/both`, policyTo('mine', 'other'));
  key = await bench.key(
    ['BUS_R', 'BUS_W', 'BUS_CONFIG_R', 'BUS_CONFIG_W', 'DEVICE_W', 'USER_R', 'USER_W'],
    ['mine'],
  );
});
afterEach(() => bench.stop());

const ask = (method: string, path: string, body?: unknown) => bench.call(method, path, body, key);

describe('a key that is limited to FIFOs by its scope', () => {
  it.each([
    ['GET', `${v1}/other`, undefined],
    ['GET', `${v0}/other`, undefined],
    ['POST', v0, { name: 'further' }],
    ['DELETE', `${v0}/other`, undefined],
    ['DELETE', `${v0}/other?force=true`, undefined],
    ['POST', `${v0}/other`, { a: 1 }],
    ['GET', '/bench/v1/fifos/other/messages', undefined],
    ['DELETE', '/bench/v1/fifos/other/messages', undefined],
    ['GET', '/bench/v1/fifos/other/activity', undefined],
    ['POST', policies, policyTo('other')],
    ['POST', policies, policyTo('mine', 'further')],
    ['PUT', `${policies}/new`, policyTo('other')],
    ['PUT', `${policies}/others`, policyTo('mine')],
    ['PUT', `${policies}/both`, policyTo('mine')],
    ['PUT', `${policies}/both/enabled`, false],
    ['DELETE', `${policies}/both`, undefined],
    ['DELETE', `${policies}/others`, undefined],
    ['POST', '/api/v1/deviceMgt/devices/urn:lo:nsid:a:b/config', { notifyTo: 'fifo/other' }],
  ])('is refused: %s %s %j', async (method, path, body) => {
    const before = await bench.call('GET', policies);
    const { status, body: answer } = await ask(method, path, body);
    expect([status, answer.code]).toEqual([403, 'GENERIC_ACTION_FORBIDDEN_ERROR']);
    expect(answer.details).toMatch(/^scope\.fifos of the key does not name (other|further)$/);
    expect((await bench.call('GET', policies)).body).toEqual(before.body);
    expect((await bench.call('GET', `${v0}/other`)).body).toMatchObject({ messages: 0 });
    expect((await bench.call('GET', `${v0}/further`)).status).toBe(404);
  });

  it('finds no other FIFO in a list or on the live socket', async () => {
    expect((await ask('GET', v1)).body).toEqual([
      { name: 'mine', linkedActions: [{ actionPolicyId: 'both' }] },
    ]);
    const { body } = await ask('GET', v0);
    expect([body.totalCount, body.data.map(({ name }: { name: string }) => name)]).toEqual([1, ['mine']]);

    const live = new WebSocket(`${bench.platform.endpoints().http?.replace('http', 'ws')}/live`);
    const texts: string[] = [];
    live.on('message', (data) => texts.push(String(data)));
    await new Promise((resolve) => live.once('open', resolve));
    live.send(JSON.stringify({ key, channels: ['fifos'] }));
    await until(() => texts.some((text) => text.includes('welcome')));
    bench.clock.advance(2000);
    bench.wireClock.advance(2000);
    await until(() => texts.some((text) => text.includes('"mine"')));
    expect(texts.join()).not.toContain('other');
    live.close();
  });

  it('does all of it with its own', async () => {
    const answers = [
      await ask('GET', `${v1}/mine`),
      await ask('GET', `${v0}/mine`),
      await ask('POST', `${v0}/mine`, { a: 1 }),
      await ask('GET', '/bench/v1/fifos/mine/messages'),
      await ask('GET', '/bench/v1/fifos/mine/activity'),
      await ask('DELETE', '/bench/v1/fifos/mine/messages'),
      await ask('PUT', `${policies}/own`, policyTo('mine')),
      await ask('PUT', `${policies}/own/enabled`, false),
      await ask('DELETE', `${policies}/own`),
      await ask('POST', '/api/v1/deviceMgt/devices/urn:lo:nsid:a:b/config', { notifyTo: 'fifo/mine' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200, 200, 204, 204, 200]);
    await bench.call('DELETE', `${policies}/both`);
    expect((await ask('DELETE', `${v0}/mine`)).status).toBe(204);
    expect((await ask('POST', v0, { name: 'mine' })).status).toBe(200);
  });

  it('makes no user who could reach other FIFOs, and takes over none', async () => {
    const { status, body } = await ask('POST', '/api/v0/users', { login: 'reader', roles: ['BUS_R'] });
    expect([status, body.details]).toEqual([
      403,
      'roles: BUS_R; the key is limited by scope.fifos, and users are not',
    ]);
    expect((await ask('POST', '/api/v0/users', { login: 'other', roles: ['USER_R'] })).status).toBe(200);
    const made = await bench.call('POST', '/api/v0/users', { login: 'reader', roles: ['BUS_R'] });
    const path = `/api/v0/users/${made.body.id}`;
    expect((await ask('POST', `${path}/password`, { newPassword: 'Abcdefg-1' })).status).toBe(403);
    expect((await ask('POST', path, { state: 'disabled' })).status).toBe(403);
    expect((await ask('DELETE', path)).status).toBe(403);
  });
});
