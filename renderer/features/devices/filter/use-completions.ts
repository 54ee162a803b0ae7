import { useQuery } from '@tanstack/react-query';
import {
  deviceFilterFieldOf,
  deviceFilterFields,
  propertyOfSelector,
} from '../../../../core/contract/device-filter-fields.ts';
import type { DeviceJson } from '../../../../core/contract/devices.ts';
import type { ExplorerStatsResult } from '../../../../core/contract/explorer.ts';
import { api } from '../../../api/client.ts';
import { useGroups, withBelow } from '../../groups/groups-api.ts';
import { devicesUrl } from '../devices-api.ts';

const mostValues = 200;
/** Devices whose properties are offered as fields. */
const sampledDevices = 200;
const ageMs = 60_000;

/** Names of fields: those of all devices, and the properties that some devices have. */
export function useFieldNames(): string[] {
  const sample = useQuery({
    queryKey: ['devices', 'propertyNames'],
    queryFn: async ({ signal }) => {
      const query = { limit: sampledDevices, fields: 'properties' };
      const devices = await api.get<DeviceJson[]>(devicesUrl, { query, signal });
      return [...new Set(devices.flatMap(({ properties = {} }) => Object.keys(properties)))].sort();
    },
    staleTime: ageMs,
  });
  return [...Object.keys(deviceFilterFields), ...(sample.data ?? []).map((name) => `property.${name}`)];
}

/** Values that devices have for a field, where the platform can tell them with one call. */
export function useFieldValues(selector: string): string[] {
  const name = deviceFilterFieldOf(selector);
  const property = propertyOfSelector(selector);
  const counted = property !== undefined ? `property.${property}` : name === 'tags' ? 'tags' : undefined;
  const groups = useGroups();
  const values = useQuery({
    queryKey: ['devices', 'values', counted],
    queryFn: async ({ signal }) => {
      const body = { groupBy: { field: counted }, options: { size: mostValues } };
      const path = '/api/v1/deviceMgt/explorer/stats';
      const { fieldAggregation = [] } = await api.post<ExplorerStatsResult>(path, body, { signal });
      return fieldAggregation.map(({ value }) => String(value)).filter((value) => value !== '');
    },
    enabled: counted !== undefined,
    staleTime: ageMs,
  });
  if (name === 'groupPath') return (groups.data ?? []).flatMap(({ path }) => [path, withBelow(path)]);
  if (name === 'groupId') return (groups.data ?? []).map(({ id }) => id);
  return counted === undefined ? [] : (values.data ?? []);
}
