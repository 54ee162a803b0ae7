import { expect, test, vi } from 'vitest';
import { LatestValues } from './latest-values.ts';

const message = (deviceId: string, id: string) => ({
  deviceId,
  id,
  timestamp: '2030-01-01T00:00:00.000Z',
  value: { n: id },
});

test('a value is replaced by a newer message only, and only then is anybody told', () => {
  const values = new LatestValues();
  const told = vi.fn();
  values.subscribe(told);
  const first = message('a', '1');
  values.add([first, message('b', '2')]);
  values.add([message('a', '1')]);
  expect(values.of('a')).toBe(first);
  expect(told).toHaveBeenCalledTimes(1);
  values.add([message('a', '3')]);
  expect(values.of('a')?.id).toBe('3');
  expect(told).toHaveBeenCalledTimes(2);
  expect(values.of('nobody')).toBeUndefined();
});
