import { useMantineColorScheme } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { usePreferences } from '../app/preferences.ts';
import type { ChartProps } from './chart-props.ts';

const Plot = lazy(() => import('./plot.tsx'));

/** A line chart over time. The library is loaded with the first one shown. */
export function Chart(props: ChartProps) {
  const { colorScheme } = useMantineColorScheme();
  const utc = usePreferences((state) => state.utc);
  return (
    <div role="img" aria-label={props.label} style={{ minHeight: props.height }}>
      <Suspense fallback={null}>
        {/* Colours and zone are read once, so others need another plot. */}
        <Plot
          utc={utc}
          key={`${colorScheme} ${utc} ${props.series.map(({ label }) => label).join()}`}
          {...props}
        />
      </Suspense>
    </div>
  );
}
