import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { OfflineMap } from '../../ui/map/map.tsx';
import { type Bounds, type MapView, mostZoom, type Size, viewOf } from '../../ui/map/mercator.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { ViewHeader } from '../../ui/view-header.tsx';
import { ActionError, EmptyState } from '../../ui/view-states.tsx';
import { DevicesHere } from './devices-here.tsx';
import { FleetFilterBar } from './fleet-filter.tsx';
import { FleetMarkers } from './fleet-markers.tsx';
import { FleetWays } from './fleet-ways.tsx';
import { printBounds, printView, readBounds, readView } from './map-address.ts';
import { isOnePlace, type Marker } from './markers.ts';
import { extentOf, useInSight, useLocated } from './use-fleet-map.ts';
import './fleet.css';

/** How long the map must rest before it asks what is in sight, and its address changes. */
const restMs = 200;
const marginPixels = 64;
/** The coast is enough to know where a single device is. */
const closestStart = 6;

/** The devices that have a place, on a map. */
export default function FleetMapView() {
  const t = useText('fleet');
  const language = usePreferences((state) => state.language);
  const [url, setUrl] = useUrlState();
  const rsql = url.filter ?? '';
  const located = useLocated(rsql);
  const here = readBounds(url.here);
  const number = (value: number): string => count(value, language);
  return (
    <div className="list-view">
      <ViewHeader
        title={t('mapTitle')}
        note={
          located.data &&
          t('located', { located: number(located.data.located), total: number(located.data.total) })
        }
      >
        <FleetWays />
      </ViewHeader>
      <FleetFilterBar />
      {located.isError && located.data && <ActionError error={located.error} />}
      <div className="list-and-panel">
        <QueryView query={located} rows={12}>
          {({ located: some, bounds }) =>
            some > 0 ? (
              <FleetMap rsql={rsql} bounds={bounds} />
            ) : rsql !== '' ? (
              <EmptyState title={t('noPlacesFiltered')} />
            ) : (
              <EmptyState
                title={t('noPlaces')}
                action={
                  <Button component={Link} to="/devices" variant="default">
                    {t('toList')}
                  </Button>
                }
              >
                {t('noPlacesText')}
              </EmptyState>
            )
          }
        </QueryView>
        {here && (
          <DevicesHere key={url.here} rsql={rsql} bounds={here} onClose={() => setUrl({ here: undefined })} />
        )}
      </div>
    </div>
  );
}

interface Shown {
  readonly view: MapView;
  readonly size: Size;
}

function FleetMap({ rsql, bounds }: { rsql: string; bounds: Bounds | undefined }) {
  const t = useText('fleet');
  const language = usePreferences((state) => state.language);
  const [url, setUrl] = useUrlState();
  const [shown, setShown] = useState<Shown>();
  const [rested] = useDebouncedValue(shown, restMs);
  const inSight = useInSight(rsql, rested);
  const start = (size: Size): MapView =>
    bounds ? viewOf(bounds, size, marginPixels, closestStart) : { lat: 20, lon: 0, zoom: 0 };
  const at = rested && printView(rested.view);
  useEffect(() => {
    if (at !== undefined) setUrl({ at });
  }, [at, setUrl]);
  const open = useMutation({
    mutationFn: (marker: Marker) => extentOf(marker, rsql),
    onSuccess: (extent) => {
      if (!shown) return;
      if (isOnePlace(extent) || shown.view.zoom > mostZoom - 0.5) setUrl({ here: printBounds(extent) });
      else setShown({ ...shown, view: viewOf(extent, shown.size, marginPixels) });
    },
  });
  return (
    <div className="fleet-map">
      <ActionError error={inSight.error ?? open.error} />
      <OfflineMap
        wheel
        label={t('mapLabel')}
        view={shown?.view ?? readView(url.at)}
        start={start}
        onView={(view, size) => setShown({ view, size })}
      >
        {(toPixel, size) => (
          <FleetMarkers
            markers={inSight.data?.markers ?? []}
            toPixel={toPixel}
            size={size}
            onOpen={open.mutate}
          />
        )}
      </OfflineMap>
      <p className="fleet-map-note" role="status">
        {inSight.data &&
          t('inSight', { count: inSight.data.total, total: count(inSight.data.total, language) })}
      </p>
    </div>
  );
}
