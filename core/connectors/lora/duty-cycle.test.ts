import { expect, it } from 'vitest';
import { VirtualClock } from '../../platform/virtual-clock.ts';
import { regions } from '../../protocols/lorawan/regions/index.ts';
import { DutyCycle } from './duty-cycle.ts';

const { EU868, US915 } = regions;

it('gives each gateway its share of an hour in each band, and takes back what was not sent', () => {
  const clock = new VirtualClock();
  const dutyCycle = new DutyCycle(clock);
  const slot = EU868.rx2;
  const takes = (gateway = 'A') => dutyCycle.take(gateway, EU868, slot, 51);
  let taken = 0;
  let giveBack = takes();
  for (let next = giveBack; next; next = takes()) {
    giveBack = next;
    taken++;
    clock.advance(1000);
  }
  // 10 % of an hour, 2301.952 ms each.
  expect(taken).toBe(156);
  expect(takes('B')).toBeDefined();
  expect(dutyCycle.take('A', EU868, { frequencyHz: 868_100_000, dataRate: 0 }, 51)).toBeDefined();
  giveBack?.();
  expect(takes()).toBeDefined();
  expect(takes()).toBeUndefined();
  // The first is an hour old, and then the others, one after the other.
  clock.advance(3_600_000 - 156_000);
  expect(takes()).toBeDefined();
  expect(takes()).toBeUndefined();
});

it('lets nobody send outside of the bands, and anybody where there is no share', () => {
  const dutyCycle = new DutyCycle(new VirtualClock());
  expect(dutyCycle.take('A', EU868, { frequencyHz: 868_650_000, dataRate: 0 }, 12)).toBeUndefined();
  expect(dutyCycle.take('A', EU868, { frequencyHz: 868_100_000, dataRate: 7 }, 12)).toBeUndefined();
  for (let count = 0; count < 1000; count++) expect(dutyCycle.take('A', US915, US915.rx2, 50)).toBeDefined();
});
