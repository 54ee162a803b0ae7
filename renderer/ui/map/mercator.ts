/** Degrees. */
export interface Place {
  readonly lat: number;
  readonly lon: number;
}
/** What the explorer takes as the bounds of a search. */
export interface Bounds {
  readonly topLeft: Place;
  readonly bottomRight: Place;
}
/** Pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}
export interface Point {
  readonly x: number;
  readonly y: number;
}
/** The part of the world that is on the screen: its middle, and the world is 256 · 2^zoom pixels wide. */
export interface MapView extends Place {
  readonly zoom: number;
}

const tilePixels = 256;
/** A pixel is a metre at the equator: what stands in one street is told apart. */
export const mostZoom = 17;
/** Where the map of Mercator is as high as it is wide. */
const highestLat = 85.0511287798;
const metersAround = 40_075_016.686;
const nearLimit = 1e-9;

export const worldPixels = (zoom: number): number => tilePixels * 2 ** zoom;

const within = (value: number, least: number, most: number): number =>
  least > most ? (least + most) / 2 : Math.min(most, Math.max(least, value));

/** Where a place is on a world that is 1 wide and 1 high. */
export function toWorld({ lat, lon }: Place): Point {
  const radians = (within(lat, -highestLat, highestLat) * Math.PI) / 180;
  return { x: lon / 360 + 0.5, y: 0.5 - Math.log(Math.tan(Math.PI / 4 + radians / 2)) / (2 * Math.PI) };
}

export function fromWorld({ x, y }: Point): Place {
  const lat = (2 * Math.atan(Math.exp((0.5 - y) * 2 * Math.PI)) - Math.PI / 2) * (180 / Math.PI);
  return { lat, lon: (x - 0.5) * 360 };
}

/** Where a place is in the window, in pixels from its top left. */
export function toPixel(view: MapView, { width, height }: Size, place: Place): Point {
  const middle = toWorld(view);
  const { x, y } = toWorld(place);
  const world = worldPixels(view.zoom);
  return { x: (x - middle.x) * world + width / 2, y: (y - middle.y) * world + height / 2 };
}

export function isInside(view: MapView, size: Size, place: Place): boolean {
  const { x, y } = toPixel(view, size, place);
  return x >= 0 && y >= 0 && x <= size.width && y <= size.height;
}

export function atPixel(view: MapView, { width, height }: Size, { x, y }: Point): Place {
  const middle = toWorld(view);
  const world = worldPixels(view.zoom);
  return fromWorld({
    x: within(middle.x + (x - width / 2) / world, 0, 1),
    y: within(middle.y + (y - height / 2) / world, 0, 1),
  });
}

/** The nearest view that shows nothing beyond the edges of the world; the same one when it is good. */
export function inWorld(view: MapView, { width, height }: Size): MapView {
  const leastZoom = Math.log2(Math.max(width, height, tilePixels) / tilePixels);
  const zoom = within(view.zoom, leastZoom, Math.max(leastZoom, mostZoom));
  const world = worldPixels(zoom);
  const { x, y } = toWorld(view);
  const [halfWidth, halfHeight] = [width / 2 / world, height / 2 / world];
  const middle = { x: within(x, halfWidth, 1 - halfWidth), y: within(y, halfHeight, 1 - halfHeight) };
  const good = zoom === view.zoom && Math.abs(middle.x - x) < nearLimit && Math.abs(middle.y - y) < nearLimit;
  return good ? view : { ...fromWorld(middle), zoom };
}

export function movedBy(view: MapView, size: Size, { x, y }: Point): MapView {
  const middle = toWorld(view);
  const world = worldPixels(view.zoom);
  const next = fromWorld({ x: middle.x + x / world, y: middle.y + y / world });
  return inWorld({ ...next, zoom: view.zoom }, size);
}

/** Closer, or farther with a negative number; what is at the pixel stays there. */
export function zoomedBy(view: MapView, size: Size, steps: number, at?: Point): MapView {
  const pixel = at ?? { x: size.width / 2, y: size.height / 2 };
  const fixed = toWorld(atPixel(view, size, pixel));
  const { zoom } = inWorld({ ...view, zoom: view.zoom + steps }, size);
  const world = worldPixels(zoom);
  const middle = {
    x: fixed.x - (pixel.x - size.width / 2) / world,
    y: fixed.y - (pixel.y - size.height / 2) / world,
  };
  return inWorld({ ...fromWorld(middle), zoom }, size);
}

/** What the window shows. At an edge of the map the bounds go on to the pole, where devices may be too. */
export function boundsOf(view: MapView, size: Size): Bounds {
  const topLeft = atPixel(view, size, { x: 0, y: 0 });
  const bottomRight = atPixel(view, size, { x: size.width, y: size.height });
  return {
    topLeft: { ...topLeft, lat: topLeft.lat > highestLat - nearLimit ? 90 : topLeft.lat },
    bottomRight: { ...bottomRight, lat: bottomRight.lat < nearLimit - highestLat ? -90 : bottomRight.lat },
  };
}

/** The smallest bounds around all of them. */
export function around(all: readonly Bounds[]): Bounds | undefined {
  const [first] = all;
  if (!first) return undefined;
  const limits = all.reduce(
    (so, { topLeft, bottomRight }) => ({
      north: Math.max(so.north, topLeft.lat),
      west: Math.min(so.west, topLeft.lon),
      south: Math.min(so.south, bottomRight.lat),
      east: Math.max(so.east, bottomRight.lon),
    }),
    {
      north: first.topLeft.lat,
      west: first.topLeft.lon,
      south: first.bottomRight.lat,
      east: first.bottomRight.lon,
    },
  );
  return {
    topLeft: { lat: limits.north, lon: limits.west },
    bottomRight: { lat: limits.south, lon: limits.east },
  };
}

export const boundsAt = (place: Place): Bounds => ({ topLeft: place, bottomRight: place });

/**
 * The closest view that shows all of the bounds.
 * @param marginPixels room at each edge
 * @param closest zoom that is enough, however small the bounds are
 */
export function viewOf(bounds: Bounds, size: Size, marginPixels: number, closest = mostZoom): MapView {
  const [from, to] = [toWorld(bounds.topLeft), toWorld(bounds.bottomRight)];
  const room = (pixels: number): number => Math.max(1, pixels - 2 * marginPixels);
  const fits = Math.min(
    room(size.width) / Math.max(to.x - from.x, 1e-12),
    room(size.height) / Math.max(to.y - from.y, 1e-12),
  );
  const middle = fromWorld({ x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 });
  return inWorld({ ...middle, zoom: Math.min(Math.log2(fits / tilePixels), closest) }, size);
}

/** A round length that fits into so many pixels in the middle of the view, and how many pixels it takes. */
export function scaleOf({ lat, zoom }: MapView, mostPixels: number): { meters: number; pixels: number } {
  const metersPerPixel = (metersAround * Math.cos((lat * Math.PI) / 180)) / worldPixels(zoom);
  const most = metersPerPixel * mostPixels;
  const power = 10 ** Math.floor(Math.log10(most));
  const meters = power * ([5, 2].find((factor) => factor * power <= most) ?? 1);
  return { meters, pixels: meters / metersPerPixel };
}

/** How far apart the lines of the grid are at least. */
const gridPixels = 110;
const gridDegrees = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 45];

/** Round degrees in the view, of which lines help to find one's way. */
export function gridOf(view: MapView, size: Size): { lats: number[]; lons: number[] } {
  const { topLeft, bottomRight } = boundsOf(view, size);
  const least = (gridPixels / worldPixels(view.zoom)) * 360;
  const step = gridDegrees.find((degrees) => degrees >= least) ?? 90;
  const between = (from: number, to: number): number[] => {
    const first = Math.ceil(from / step);
    const lines = Array.from(
      { length: Math.max(0, Math.floor(to / step) - first + 1) },
      (_, index) => first + index,
    );
    return lines.map((line) => trimmed(line * step));
  };
  return {
    lats: between(bottomRight.lat, topLeft.lat).filter((lat) => Math.abs(lat) < highestLat),
    lons: between(topLeft.lon, bottomRight.lon),
  };
}

/** A place as people write it, no finer than a metre. */
export const inDegrees = ({ lat, lon }: Place): string => `${trimmed(lat)}°, ${trimmed(lon)}°`;
export const trimmed = (degrees: number): number => Number(degrees.toFixed(5));
