// @vitest-environment happy-dom
import { renderHook } from '@testing-library/react';
import { expect, test } from 'vitest';
import { useRate } from './use-rate.ts';

const counted = (counter: number, at: number) => ({ counter, at });
const rateOf = () =>
  renderHook(({ counter, at }: { counter: number; at: number }) => useRate(counter, at), {
    initialProps: counted(100, 10_000),
  });

test('a rate is known when the counter was seen twice, by the times it was counted at', () => {
  const { result, rerender } = rateOf();
  expect(result.current).toBeUndefined();
  // Known for four seconds already when it is shown, and asked for anew at once.
  rerender(counted(160, 14_000));
  expect(result.current).toBe(15);
  rerender(counted(160, 14_000));
  expect(result.current).toBe(15);
});

test('only the last seconds count, and a counter that fell begins anew', () => {
  const { result, rerender } = rateOf();
  rerender(counted(1100, 11_000));
  rerender(counted(1110, 15_500));
  expect(result.current).toBeCloseTo(10 / 4.5);
  rerender(counted(5, 16_000));
  rerender(counted(10, 17_000));
  expect(result.current).toBe(5);
});
