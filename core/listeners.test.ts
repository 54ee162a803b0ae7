import { afterEach, expect, it } from 'vitest';
import { nodeNetwork } from './platform/node/node-network.ts';
import type { Listener, Network } from './platform/sockets.ts';
import { startTestPlatform, type TestPlatform } from './testing/test-platform.ts';

const running: TestPlatform[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((bench) => bench.stop()));
});

async function listenersOf(network: Network = nodeNetwork) {
  const bench = await startTestPlatform({ seams: { network } });
  running.push(bench);
  return () => bench.call('GET', '/bench/v1/listeners');
}

it('tells of every address whether it listens, and of one that is off what to do', async () => {
  const { status, body } = await (await listenersOf())();
  expect(status).toBe(200);
  expect(body.map(({ name, state }: { name: string; state: string }) => [name, state])).toEqual([
    ['http', 'listening'],
    ['https', 'off'],
    ['mqtt', 'listening'],
    ['mqtts', 'off'],
    ['ws', 'listening'],
    ['wss', 'off'],
    ['coaps', 'off'],
    ['coap', 'off'],
    ['bs', 'off'],
    ['lora', 'off'],
    ['smpp', 'off'],
  ]);
  expect(body[0]).toEqual({ name: 'http', state: 'listening', url: expect.stringMatching(/^http:\/\/127/) });
  expect(body[5]).toEqual({
    name: 'wss',
    state: 'off',
    reason: expect.stringContaining('Port https is off. Give it a number (--https-port'),
  });
});

it('tells of an address that lets nobody in any more why that is', async () => {
  let failure: string | undefined;
  const failing = (listener: Listener): Listener => ({ ...listener, failure: () => failure });
  const listeners = await listenersOf({
    ...nodeNetwork,
    listen: async (...given) => failing(await nodeNetwork.listen(...given)),
  });
  failure = 'accept EMFILE: too many open files';
  const { body } = await listeners();
  expect(body.find(({ name }: { name: string }) => name === 'mqtt')).toMatchObject({
    state: 'failing',
    url: expect.stringMatching(/^mqtt:/),
    reason: expect.stringContaining('accept EMFILE'),
  });
  failure = undefined;
  expect((await listeners()).body.find(({ name }: { name: string }) => name === 'mqtt').state).toBe(
    'listening',
  );
});
