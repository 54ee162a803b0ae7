import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { DeviceResourcesJson, UpdateJson } from '../../../core/contract/resource-updates.ts';
import { api } from '../../api/client.ts';
import { devicePath } from '../devices/devices-api.ts';

/** The newest ones; further back, the API is the better place. */
const updatesAsked = 50;
const resourcesUrl = (deviceId: string): string => `${devicePath(deviceId)}/resources`;

/** What a device has and what it was asked for; asked for anew when the live socket tells of a change. */
export const useDeviceResources = (deviceId: string) =>
  useQuery({
    queryKey: ['resources', 'device', deviceId],
    queryFn: async () => {
      const [resources, updates] = await Promise.all([
        api.get<DeviceResourcesJson>(resourcesUrl(deviceId)),
        api.get<UpdateJson[]>(`${resourcesUrl(deviceId)}/updates`, { query: { limit: updatesAsked } }),
      ]);
      return { resources, updates };
    },
  });

export interface WantedUpdate {
  readonly resourceId: string;
  readonly requestedVersion: string;
}

/**
 * Asks for an update; its data are undefined when the device has the version, so that nothing is to be done.
 * @param onAsked called when an update was made
 */
export function useAskUpdate(deviceId: string, onAsked: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ resourceId, requestedVersion }: WantedUpdate): Promise<UpdateJson | undefined> => {
      const path = `${resourcesUrl(deviceId)}/${encodeURIComponent(resourceId)}/updates`;
      return api.post(path, { requestedVersion });
    },
    onSuccess: async (update) => {
      await queries.invalidateQueries({ queryKey: ['resources', 'device', deviceId] });
      if (update) onAsked();
    },
  });
}

export function useCancelUpdate(deviceId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, force }: { id: string; force: boolean }): Promise<unknown> => {
      const path = `${resourcesUrl(deviceId)}/updates/${id}/status`;
      return api.post(path, 'CANCELED', force ? { query: { force: true } } : {});
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['resources', 'device', deviceId] }),
  });
}
