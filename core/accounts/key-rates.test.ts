import { beforeEach, expect, it } from 'vitest';
import { VirtualClock } from '../platform/virtual-clock.ts';
import { KeyRates } from './key-rates.ts';
import type { KeyGrant } from './types.ts';

const grantFor = (keyId: string, portalSession?: string): KeyGrant => ({
  ...{ keyId, tenantId: 't', roles: new Set(), fifos: undefined },
  ...(portalSession !== undefined && { portalSession }),
});

let clock: VirtualClock;
let rates: KeyRates;
beforeEach(() => {
  clock = new VirtualClock();
  rates = new KeyRates(clock, {
    ...{ keyHttpMaxCalls: 2, keyMqttDeviceMaxMessages: 3, keyMqttBridgeMaxMessages: 1 },
    keyRateWindowSeconds: 10,
  });
});

it('each use of each key has a rate of its own', () => {
  const [one, two] = [grantFor('one'), grantFor('two')];
  expect([1, 2, 3].map(() => rates.take(one, 'http'))).toEqual([true, true, false]);
  expect([1, 2, 3, 4].map(() => rates.take(one, 'mqttDevice'))).toEqual([true, true, true, false]);
  expect([1, 2].map(() => rates.take(one, 'mqttBridge'))).toEqual([true, false]);
  expect(rates.take(two, 'http')).toBe(true);
  expect(rates.take(grantFor('one', 'session'), 'http')).toBe(true);
});

it('what is too much is told with the setting, and when to come again', () => {
  const grant = grantFor('one');
  rates.requireCall(grant);
  rates.requireCall(grant);
  expect(() => rates.requireCall(grant)).toThrowError(
    expect.objectContaining({
      code: 'access.rateLimit',
      details: 'At most 2 in 10 s with one API key (settings keyHttpMaxCalls and keyRateWindowSeconds).',
      retryAfterMs: 5000,
    }),
  );
  clock.advance(5000);
  rates.requireCall(grant);
});

it('sessions that come and go leave nothing behind, and those in use keep what they have taken', () => {
  const busy = grantFor('key', 'busy');
  rates.take(busy, 'http');
  for (let round = 0; round < 5; round++) {
    for (let each = 0; each < 1000; each++) rates.take(grantFor('key', `${round}-${each}`), 'http');
    rates.take(busy, 'http');
    expect(rates.take(busy, 'http'), 'its rate is used up').toBe(false);
    clock.advance(10_000);
    rates.take(busy, 'http');
  }
  const kept = Reflect.get(rates, 'buckets') as { http: Map<string, unknown> };
  expect(kept.http.size).toBeLessThan(2500);
});

it('a key shows the rates as they are set', () => {
  expect(rates.shown).toEqual({
    ...{ httpMaxCalls: 2, httpWindowSize: 10, mqttDeviceMaxMessages: 3, mqttDeviceWindowSize: 10 },
    ...{ mqttBridgeMaxMessages: 1, mqttBridgeWindowSize: 10 },
  });
});
