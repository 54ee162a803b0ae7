import { lazy, Suspense } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { ErrorState, LoadingState } from '../view-states.tsx';
import type { MapProps } from './map-props.ts';

const WorldMap = lazy(() => import('./world-map.tsx'));

/** A map of the world that needs no network. Coast lines and borders are loaded with the first one shown. */
export function OfflineMap(props: MapProps) {
  return (
    <ErrorBoundary fallbackRender={({ error }) => <ErrorState error={error} />}>
      <Suspense fallback={<LoadingState rows={6} />}>
        <WorldMap {...props} />
      </Suspense>
    </ErrorBoundary>
  );
}
