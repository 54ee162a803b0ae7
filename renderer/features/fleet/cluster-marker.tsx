import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { inDegrees, type Place, type Point } from '../../ui/map/mercator.ts';

interface ClusterMarkerProps {
  readonly place: Place;
  /** How many devices it stands for. */
  readonly size: number;
  readonly at: Point;
  readonly onOpen: () => void;
}

/** Devices that would cover each other, as one round mark with their number. */
export function ClusterMarker({ place, size, at, onOpen }: ClusterMarkerProps) {
  const t = useText('fleet');
  const language = usePreferences((state) => state.language);
  const diameter = Math.min(56, 24 + 8 * Math.log10(size));
  const short = new Intl.NumberFormat(language, { notation: 'compact' }).format(size);
  const words = t('cluster', { total: count(size, language), place: inDegrees(place) });
  return (
    <button
      type="button"
      className="map-cluster"
      style={{ left: at.x, top: at.y, width: diameter, height: diameter }}
      aria-label={words}
      title={words}
      onClick={onOpen}
    >
      {short}
    </button>
  );
}
