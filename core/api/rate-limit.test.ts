import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';

const most = 20;
let bench: TestPlatform;
let url: string;
beforeAll(async () => {
  bench = await startTestPlatform({ settings: { keyHttpMaxCalls: most, keyRateWindowSeconds: 10 } });
  url = bench.platform.endpoints().http ?? '';
});
afterAll(() => bench.stop());

const ask = (key: string, path = '/api/v0/whoami', init: RequestInit = {}): Promise<Response> =>
  fetch(`${url}${path}`, { ...init, headers: { 'X-API-KEY': key, ...init.headers } });

/** Status codes of calls, one after the other. */
async function askAll(key: string, times: number, path?: string): Promise<number[]> {
  const codes: number[] = [];
  for (let call = 0; call < times; call++) codes.push((await ask(key, path)).status);
  return codes;
}

const all = (times: number, code: number): number[] => Array.from({ length: times }, () => code);

it('takes as many calls of a key as its window has, and says of the next when to come again', async () => {
  const key = await bench.key(['DATA_R']);
  const other = await bench.key(['DATA_R']);
  expect(await askAll(key, most)).toEqual(all(most, 200));
  const refused = await ask(key);
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(await refused.json()).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    code: 'GENERIC_TOO_MANY_REQUESTS_ERROR',
    message: 'Too many calls with this API key; try again later.',
    details: 'At most 20 in 10 s with one API key (settings keyHttpMaxCalls and keyRateWindowSeconds).',
  });
  // Another key, and whoever needs none, are not concerned.
  expect((await ask(other)).status).toBe(200);
  expect((await fetch(`${url}/bench/v1/health`)).status).toBe(200);

  bench.wireClock.advance(499);
  expect((await ask(key)).status).toBe(429);
  bench.wireClock.advance(1);
  expect(await askAll(key, 2)).toEqual([200, 429]);
  bench.wireClock.advance(10_000);
  expect(await askAll(key, most + 1)).toEqual([...all(most, 200), 429]);
});

it('counts calls that are refused for another reason, and does not read the body of one too many', async () => {
  const key = await bench.key([]);
  expect(await askAll(key, most, '/api/v0/apiKeys')).toEqual(all(most, 403));
  const post = { method: 'POST', body: 'no JSON', headers: { 'content-type': 'text/plain' } };
  expect((await ask(key, '/api/v0/apiKeys', post)).status).toBe(429);
});

it('waits longer where the window is longer', async () => {
  const slow = await startTestPlatform({ settings: { keyHttpMaxCalls: 2, keyRateWindowSeconds: 3600 } });
  try {
    await slow.call('GET', '/api/v0/whoami');
    await slow.call('GET', '/api/v0/whoami');
    const { http } = slow.platform.endpoints();
    const refused = await fetch(`${http}/api/v0/whoami`, { headers: { 'X-API-KEY': slow.masterKey } });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1800']);
    slow.wireClock.advance(1_800_000);
    expect((await slow.call('GET', '/api/v0/whoami')).status).toBe(200);
  } finally {
    await slow.stop();
  }
});

it('counts each portal session for itself, and not as the key that opened it', async () => {
  const grant = bench.platform.masterGrant(bench.tenantId);
  const [first, second] = [bench.platform.sessions.open(grant), bench.platform.sessions.open(grant)];
  bench.wireClock.advance(10_000);
  expect(await askAll(first.key, most + 1)).toEqual([...all(most, 200), 429]);
  expect((await ask(second.key)).status).toBe(200);
  expect((await ask(bench.masterKey)).status).toBe(200);
});

it('does not start anew when the key is changed', async () => {
  bench.wireClock.advance(10_000);
  const { body: key } = await bench.call('POST', '/api/v0/apiKeys', { label: 'changed', roles: ['DATA_R'] });
  expect(await askAll(key.value, most)).toEqual(all(most, 200));
  await bench.call('POST', `/api/v0/apiKeys/${key.id}`, { roles: ['DATA_R', 'BUS_R'] });
  expect((await ask(key.value)).status).toBe(429);
});

it('shows the limits on every key', async () => {
  bench.wireClock.advance(10_000);
  const { body } = await bench.call('GET', '/api/v0/apiKeys/current_key');
  expect(body.rateLimit).toEqual({
    httpMaxCalls: most,
    httpWindowSize: 10,
    mqttDeviceMaxMessages: 1_000_000,
    mqttDeviceWindowSize: 10,
    mqttBridgeMaxMessages: 1_000_000,
    mqttBridgeWindowSize: 10,
  });
});
