import type { DeviceJson } from '../../../core/contract/devices.ts';
import type { ExplorerStatsResult } from '../../../core/contract/explorer.ts';
import { api } from '../../api/client.ts';
import type { Bounds } from '../../ui/map/mercator.ts';

const url = '/api/v1/deviceMgt/explorer';

/** Which devices: an RSQL text, empty for all, and a part of the map. */
export interface FleetFilter {
  readonly rsql: string;
  readonly bounds?: Bounds;
}

const toFilters = ({ rsql, bounds }: FleetFilter) => ({
  ...(rsql === '' ? {} : { queryString: rsql }),
  ...(bounds ? { geoBounds: bounds } : {}),
});

export async function findDevices(
  filter: FleetFilter,
  size: number,
  signal: AbortSignal,
): Promise<DeviceJson[]> {
  const body = { filters: toFilters(filter), sort: ['id'], size };
  return (await api.post<{ devices: DeviceJson[] }>(`${url}/search`, body, { signal })).devices;
}

type FieldCount = NonNullable<ExplorerStatsResult['fieldAggregation']>[number];
export type Cell = NonNullable<ExplorerStatsResult['geoAggregation']>[number];

interface FieldCounts {
  readonly devices: number;
  readonly fieldAggregation: readonly FieldCount[];
}
interface CellCounts {
  readonly devices: number;
  readonly geoAggregation: readonly Cell[];
}

/** How many devices have each value of a field, the most frequent values first. */
export function countByField(
  field: string,
  most: number,
  filter: FleetFilter,
  signal?: AbortSignal,
): Promise<FieldCounts> {
  const body = { groupBy: { field }, filters: toFilters(filter), options: { size: most } };
  return api.post<FieldCounts>(`${url}/stats`, body, signal ? { signal } : {});
}

/** How many devices are in each cell of the geohash grid. */
export function countByCell(
  precision: number,
  most: number,
  filter: FleetFilter,
  signal?: AbortSignal,
): Promise<CellCounts> {
  const groupBy = { location: { precision } };
  const body = { groupBy, filters: toFilters(filter), options: { size: most } };
  return api.post<CellCounts>(`${url}/stats`, body, signal ? { signal } : {});
}
