import { useEffect, useState } from 'react';
import { useText } from '../../i18n/use-text.ts';
import { OfflineMap } from './map.tsx';
import {
  around,
  boundsAt,
  inDegrees,
  isInside,
  type MapView,
  type Place,
  type Size,
  trimmed,
  viewOf,
} from './mercator.ts';

/** Near enough to see in which part of which country a place is. */
const closest = 5;
const marginPixels = 32;

export interface NamedPlace extends Place {
  readonly name: string;
}

interface PlaceMapProps {
  readonly places: readonly NamedPlace[];
  /** Given: a click on the map picks a place. */
  readonly onPick?: (place: Place) => void;
}

/** One or two places on a small map. */
export function PlaceMap({ places, onPick }: PlaceMapProps) {
  const t = useText('map');
  const [shown, setShown] = useState<{ readonly view: MapView; readonly size: Size }>();
  const start = (size: Size): MapView => {
    const bounds = around(places.map(boundsAt));
    return bounds ? viewOf(bounds, size, marginPixels, closest) : { lat: 20, lon: 0, zoom: 0 };
  };
  const words = places.map((place) => `${place.name} ${inDegrees(place)}`).join('; ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: a place that is typed may be far away; a move stays
  useEffect(() => {
    if (shown && !places.every((place) => isInside(shown.view, shown.size, place))) setShown(undefined);
  }, [words]);
  return (
    <div className="place-map">
      <OfflineMap
        label={words === '' ? t('noPlace') : t('places', { places: words })}
        view={shown?.view}
        start={start}
        onView={(view, size) => setShown({ view, size })}
        onPick={onPick && ((place) => onPick({ lat: trimmed(place.lat), lon: trimmed(place.lon) }))}
      >
        {(toPixel) =>
          places.map((place, index) => {
            const { x, y } = toPixel(place);
            return (
              <div
                key={place.name}
                className={`map-pin map-pin-${index}`}
                style={{ left: x, top: y }}
                aria-hidden
              >
                {places.length > 1 && <span className="map-name">{place.name}</span>}
              </div>
            );
          })
        }
      </OfflineMap>
      {onPick && <p className="map-hint">{t('pickHint')}</p>}
    </div>
  );
}
