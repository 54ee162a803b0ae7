import { memo } from 'react';
import { isInside, type MapView, type Size, toPixel, toWorld, worldPixels } from './mercator.ts';
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
