import { useMemo } from 'react';
import { useLive } from '../../live/live.tsx';
import { type Rates, ratesOf } from './rate-series.ts';

/** Rates of the last five minutes, as they go on. */
export function useRates(): Rates {
  const points = useLive((snapshot) => snapshot.metrics);
  return useMemo(() => ratesOf(points), [points]);
}
