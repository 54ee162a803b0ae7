import type { z } from 'zod';
import { toDeviceSort } from '../../contract/devices.ts';
import {
  type ExplorerFilters,
  type ExplorerStatsResult,
  explorerSearchRequest,
  explorerSearchResult,
  explorerStatsRequest,
  explorerStatsResult,
} from '../../contract/explorer.ts';
import { invalidParameter } from '../../contract/invalid-parameter.ts';
import { requireAtMost } from '../../contract/require-at-most.ts';
import { readDeviceFilter } from '../../inventory/device-filter-text.ts';
import { toDeviceJson } from '../../inventory/device-json.ts';
import { type DeviceSort, placeTypes } from '../../inventory/device-order.ts';
import type { DeviceFilter } from '../../inventory/device-query.ts';
import { geohashOf } from '../../inventory/geohash.ts';
import type { InventoryService } from '../../inventory/inventory-service.ts';
import { defineRoute, type Route } from '../route.ts';

const url = '/api/v1/deviceMgt/explorer';
const tag = 'Explorer';
const defaultGroups = 100;

/** Searches and counts in the whole fleet (facts 5). */
export function explorerRoutes(inventory: InventoryService): Route[] {
  const { devices, limits } = inventory;
  const filterOf = (words: string[] | null | undefined, filters: ExplorerFilters): DeviceFilter => {
    requireAtMost(limits, 'explorerMaxWords', words?.length, 'body.query', 'words');
    return readFilter(words, filters);
  };
  const readFilter = (words: string[] | null | undefined, filters: ExplorerFilters): DeviceFilter => ({
    expressions:
      typeof filters?.queryString === 'string'
        ? [readDeviceFilter(filters.queryString, 'body.filters.queryString', limits)]
        : [],
    words: words && words.length > 0 ? words : undefined,
    bounds: filters?.geoBounds
      ? {
          north: filters.geoBounds.topLeft.lat,
          west: filters.geoBounds.topLeft.lon,
          south: filters.geoBounds.bottomRight.lat,
          east: filters.geoBounds.bottomRight.lon,
        }
      : undefined,
  });
  return [
    defineRoute({
      method: 'POST',
      url: `${url}/search`,
      role: 'DEVICE_R',
      tag,
      summary: 'Search devices by words, place and filter',
      body: explorerSearchRequest,
      response: explorerSearchResult,
      handler: async ({ grant, body }) => {
        const sort = (body.sort ?? []).map(toDeviceSort);
        const after = checkBookmark(body.bookmark, sort);
        const filter = filterOf(body.query, body.filters);
        const page = await devices.list(
          grant.tenantId,
          { filter, sort, after, limit: body.size, offset: 0 },
          false,
        );
        return {
          bookmark: [...(page.end ?? after ?? [])],
          devices: page.devices.map((device) => toDeviceJson(device)),
        };
      },
    }),
    defineRoute({
      method: 'POST',
      url: `${url}/stats`,
      role: 'DEVICE_R',
      tag,
      summary: 'Count devices by a field or by place',
      description: `With groupBy.field interfaces.status: how many devices have an interface in each state. A device
counts once in each group that it belongs to.`,
      body: explorerStatsRequest,
      response: explorerStatsResult,
      handler: ({ grant, body }) => {
        const filter = filterOf(body.query, body.filters);
        return statsOf(inventory, grant.tenantId, filter, body);
      },
    }),
  ];
}

async function statsOf(
  { devices }: InventoryService,
  tenantId: string,
  filter: DeviceFilter,
  { groupBy: { field, location }, options }: z.output<typeof explorerStatsRequest>,
): Promise<ExplorerStatsResult> {
  const most = options?.size ?? defaultGroups;
  if (location) {
    const { precision } = location;
    const { total, cells } = await devices.countByCell(tenantId, filter, precision, most);
    return {
      devices: total,
      geoAggregation: cells.map(({ column, row, count, lat, lon }) => ({
        geohash: geohashOf(column, row, precision),
        count,
        location: { lat, lon },
      })),
    };
  }
  const { total, groups } = await devices.countByField(tenantId, filter, field ?? '', most);
  return {
    devices: total,
    // The only field of numbers is a flag.
    fieldAggregation: groups.map(({ value, count }) => ({
      value: typeof value === 'number' ? value === 1 : value,
      count,
    })),
  };
}

/** @throws PlatformError `api.invalidParameter` when a page of this order cannot have answered it */
function checkBookmark(
  bookmark: (string | number)[] | null | undefined,
  sort: readonly DeviceSort[],
): (string | number)[] | undefined {
  if (!bookmark || bookmark.length === 0) return undefined;
  const types = placeTypes(sort);
  const fits =
    bookmark.length === types.length && types.every((type, index) => typeof bookmark[index] === type);
  if (fits) return bookmark;
  throw invalidParameter(
    `body.bookmark: does not belong to this sort, whose bookmarks hold ${types.join(', ')}`,
  );
}
