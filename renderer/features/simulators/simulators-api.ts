import { useQuery, useQueryClient } from '@tanstack/react-query';
import type {
  DeviceAction,
  FleetTemplate,
  FleetView,
  GalleryEntry,
  SendOnce,
  SimulatedDeviceDetails,
  SimulatedDeviceView,
} from '../../../core/contract/simulators.ts';
import { api } from '../../api/client.ts';

export const simulatorsUrl = '/bench/v1/simulators';
const fleetUrl = (id: string): string => `${simulatorsUrl}/${encodeURIComponent(id)}`;
export const simulatedDeviceUrl = (id: string, number: number): string => `${fleetUrl(id)}/devices/${number}`;

/** Counters move by themselves; there is no live event for them. */
const refreshMs = 1000;

export const useTemplates = () =>
  useQuery({
    queryKey: ['templates'],
    queryFn: () => api.get<GalleryEntry[]>(`${simulatorsUrl}/templates`),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const listFleets = (): Promise<FleetView[]> =>
  api.get<FleetView[]>(simulatorsUrl, { query: { limit: 1000 } });

interface Wanted {
  readonly enabled?: boolean;
  readonly refetchInterval?: number;
}

export const useFleets = (wanted: Wanted = {}) =>
  useQuery({
    queryKey: ['simulators', 'list'],
    queryFn: listFleets,
    refetchInterval: refreshMs,
    ...wanted,
  });

export const useFleet = (id: string) =>
  useQuery({
    queryKey: ['simulators', 'fleet', id],
    queryFn: () => api.get<FleetView>(fleetUrl(id)),
    refetchInterval: refreshMs,
  });

export const simulatedPageSize = 200;

export const useSimulatedDevices = (id: string, offset: number) =>
  useQuery({
    queryKey: ['simulators', 'devices', id, offset],
    queryFn: () =>
      api.get<SimulatedDeviceView[]>(`${fleetUrl(id)}/devices`, {
        query: { limit: simulatedPageSize, offset },
      }),
    refetchInterval: 2 * refreshMs,
    placeholderData: (before) => before,
  });

export const useSimulatedDevice = (id: string, number: number, wanted: Wanted = {}) =>
  useQuery({
    queryKey: ['simulators', 'device', id, number],
    queryFn: () => api.get<SimulatedDeviceDetails>(simulatedDeviceUrl(id, number)),
    refetchInterval: refreshMs,
    ...wanted,
  });

/** Shows what came of something that was done with a device. */
export function useRefreshDevice(fleetId: string): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ['simulators', 'device', fleetId] });
}

export const createFleet = (template: FleetTemplate): Promise<FleetView> => api.post(simulatorsUrl, template);
export const startFleet = (id: string): Promise<unknown> => api.post(`${fleetUrl(id)}/start`);
export const stopFleet = (id: string): Promise<unknown> => api.post(`${fleetUrl(id)}/stop`);
/** @param devices delete its devices from the platform too */
export const deleteFleet = (id: string, devices: boolean): Promise<void> =>
  api.delete(fleetUrl(id), { devices });
export const sendOnce = (id: string, number: number, message: SendOnce): Promise<unknown> =>
  api.post(`${simulatedDeviceUrl(id, number)}/send`, message);
export const actOn = (id: string, number: number, action: DeviceAction): Promise<unknown> =>
  api.post(`${simulatedDeviceUrl(id, number)}/actions`, action);
