import { geoMercator, geoPath } from 'd3-geo';
import { feature, mesh } from 'topojson-client';
import atlas from 'world-atlas/countries-50m.json';
import type { Place } from './mercator.ts';

/** Width of the world in the units of the paths: three digits behind the point are 40 m. */
export const worldUnits = 1024;

export interface Country extends Place {
  /** ISO 3166-1, three digits; some places that are shown have none. */
  readonly code: string | undefined;
  /** In English. */
  readonly name: string;
  /** Of its largest part, in the units of the paths. */
  readonly width: number;
}

export interface World {
  /** Outlines of all land, for the `d` of a path. */
  readonly land: string;
  /** The lines between countries. */
  readonly borders: string;
  readonly countries: readonly Country[];
}

const projection = geoMercator()
  .scale(worldUnits / (2 * Math.PI))
  .translate([worldUnits / 2, worldUnits / 2]);
const path = geoPath(projection);

type Polygon = { readonly type: 'Polygon'; readonly coordinates: number[][][] };

/** Where there is room for the name: on the largest part, which overseas parts must not pull into the sea. */
function largestPart(geometry: GeoJSON.Geometry): Polygon | undefined {
  if (geometry.type === 'Polygon') return geometry;
  if (geometry.type !== 'MultiPolygon') return undefined;
  const parts = geometry.coordinates.map((coordinates): Polygon => ({ type: 'Polygon', coordinates }));
  const areas = parts.map((part) => path.area(part));
  return parts[areas.indexOf(Math.max(...areas))];
}

function toCountry({ id, geometry, properties }: GeoJSON.Feature<GeoJSON.Geometry, { name: string }>) {
  const part = largestPart(geometry);
  const middle = part && projection.invert?.(path.centroid(part));
  if (!part || !middle) return [];
  const [[west], [east]] = path.bounds(part);
  const code = id === undefined ? undefined : String(id);
  const country: Country = {
    code,
    name: properties.name,
    lon: middle[0],
    lat: middle[1],
    width: east - west,
  };
  return [country];
}

function draw(): World {
  const { countries, land } = atlas.objects;
  const largestFirst = feature(atlas, countries)
    .features.flatMap(toCountry)
    .sort((one, other) => other.width - one.width);
  return {
    land: path(feature(atlas, land)) ?? '',
    borders: path(mesh(atlas, countries, (one, other) => one !== other)) ?? '',
    countries: largestFirst,
  };
}

let drawn: World | undefined;
/** The world as paths; drawn once. */
export function world(): World {
  drawn ??= draw();
  return drawn;
}

/** The name of a country in a language: the browser knows them by their codes. */
export function countryName({ code, name }: Country, language: string): string {
  if (code === undefined) return name;
  const { region } = new Intl.Locale(`und-${code}`);
  if (region === undefined || region === code) return name;
  return new Intl.DisplayNames(language, { type: 'region', fallback: 'none' }).of(region) ?? name;
}
