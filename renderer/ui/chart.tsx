import { useMantineColorScheme } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { ChartProps } from './chart-props.ts';

const Plot = lazy(() => import('./plot.tsx'));

/** A line chart over time. The library is loaded with the first one shown. */
export function Chart(props: ChartProps) {
  const { colorScheme } = useMantineColorScheme();
  return (
    <div role="img" aria-label={props.label} style={{ minHeight: props.height }}>
      <Suspense fallback={null}>
        {/* Colours are read once, so another scheme needs another plot. */}
        <Plot key={`${colorScheme} ${props.series.map(({ label }) => label).join()}`} {...props} />
      </Suspense>
    </div>
  );
}
