import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { MapView, Size } from '../../ui/map/mercator.ts';
import { around, type Bounds, boundsAt, boundsOf } from '../../ui/map/mercator.ts';
import { countByCell, findDevices } from './explorer-api.ts';
import { cellBounds, longestGeohash, mostCells, precisionFor } from './geohash.ts';
import { type Marker, markerOfCell, markersOfDevices } from './markers.ts';

/** Up to so many devices are shown one by one; more are counted in cells. */
const mostSingle = 250;
/** 1024 cells cover the world: one answer has nearly all of them. */
const worldPrecision = 2;

/** How many devices there are, how many have a place, and where those are. */
export const useLocated = (rsql: string) =>
  useQuery({
    queryKey: ['devices', 'located', rsql],
    queryFn: async ({ signal }) => {
      const { devices, geoAggregation } = await countByCell(worldPrecision, mostCells, { rsql }, signal);
      return {
        total: devices,
        located: geoAggregation.reduce((sum, { count }) => sum + count, 0),
        // The means are nearer to the devices than the edges of cells as large as countries.
        bounds: around(geoAggregation.map(({ location }) => boundsAt(location))),
      };
    },
    placeholderData: keepPreviousData,
  });

export interface InSight {
  readonly total: number;
  readonly markers: readonly Marker[];
}

/** The devices in a view of the map, or how many there are where. */
export function useInSight(rsql: string, shown: { view: MapView; size: Size } | undefined) {
  const bounds = shown && boundsOf(shown.view, shown.size);
  const precision = shown ? precisionFor(shown.view, shown.size) : 1;
  return useQuery({
    queryKey: ['devices', 'in-sight', rsql, bounds, precision],
    queryFn: async ({ signal }): Promise<InSight> => {
      const filter = { rsql, ...(bounds ? { bounds } : {}) };
      const counted = await countByCell(precision, mostCells, filter, signal);
      if (counted.devices > mostSingle) {
        return { total: counted.devices, markers: counted.geoAggregation.map(markerOfCell) };
      }
      const devices = await findDevices(filter, mostSingle, signal);
      return { total: devices.length, markers: markersOfDevices(devices) };
    },
    enabled: bounds !== undefined,
    placeholderData: keepPreviousData,
    gcTime: 30_000,
  });
}

/** How much finer the cells are by which the extent of a marker is found: 32 to this power in each. */
const finer = 3;

/** Bounds of a marker's devices: a cell may be far larger than the part of it where they are. */
export async function extentOf({ bounds, precision }: Marker, rsql: string): Promise<Bounds> {
  if (precision === undefined) return bounds;
  const fine = Math.min(longestGeohash, precision + finer);
  const { geoAggregation } = await countByCell(fine, mostCells, { rsql, bounds });
  return around(geoAggregation.map(({ geohash }) => cellBounds(geohash))) ?? bounds;
}

export const mostListed = 100;

/** The devices in a part of the map that cannot be told apart on it. */
export const useHere = (rsql: string, bounds: Bounds) =>
  useQuery({
    queryKey: ['devices', 'here', rsql, bounds],
    queryFn: async ({ signal }) => {
      const [devices, counted] = await Promise.all([
        findDevices({ rsql, bounds }, mostListed, signal),
        countByCell(1, 1, { rsql, bounds }, signal),
      ]);
      return { devices, total: counted.devices };
    },
  });
