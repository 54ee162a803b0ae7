import { memo } from 'react';
import { gridOf, isInside, type MapView, type Size, toPixel, toWorld, worldPixels } from './mercator.ts';
import { countryName, world, worldUnits } from './world.ts';

/** How much of a country's width its name may take, and how wide a letter is. */
const nameShare = 0.9;
const letterPixels = 6.5;

interface MapGroundProps {
  readonly view: MapView;
  readonly size: Size;
  readonly language: string;
}

/** Land, borders, and the names for which there is room. */
export function MapGround({ view, size, language }: MapGroundProps) {
  const middle = toWorld(view);
  const all = worldPixels(view.zoom);
  const factor = all / worldUnits;
  return (
    <svg className="map-ground" width={size.width} height={size.height} aria-hidden="true">
      <g
        transform={`translate(${size.width / 2 - middle.x * all} ${size.height / 2 - middle.y * all}) scale(${factor})`}
      >
        <Outlines />
      </g>
      <Grid view={view} size={size} />
      {world().countries.flatMap((country) => {
        const name = countryName(country, language);
        if (country.width * factor * nameShare < name.length * letterPixels) return [];
        if (!isInside(view, size, country)) return [];
        const { x, y } = toPixel(view, size, country);
        return (
          <text key={country.name} x={x} y={y}>
            {name}
          </text>
        );
      })}
    </svg>
  );
}

/** Lines at round degrees: what there is to go by where no coast is in sight. */
function Grid({ view, size }: { view: MapView; size: Size }) {
  const { lats, lons } = gridOf(view, size);
  return (
    <>
      {lons.map((lon) => {
        const { x } = toPixel(view, size, { lat: view.lat, lon });
        return (
          <g key={lon}>
            <line className="map-grid" x1={x} x2={x} y1={0} y2={size.height} />
            <text className="map-degrees" x={x} y={12}>
              {lon}°
            </text>
          </g>
        );
      })}
      {lats.map((lat) => {
        const { y } = toPixel(view, size, { lat, lon: view.lon });
        return (
          <g key={lat}>
            <line className="map-grid" x1={0} x2={size.width} y1={y} y2={y} />
            <text className="map-degrees map-degrees-lat" x={4} y={y - 3}>
              {lat}°
            </text>
          </g>
        );
      })}
    </>
  );
}

/** A view moves the drawing; it is never drawn anew. */
const Outlines = memo(function Outlines() {
  const { land, borders } = world();
  return (
    <>
      <path className="map-land" d={land} />
      <path className="map-borders" d={borders} />
    </>
  );
});
