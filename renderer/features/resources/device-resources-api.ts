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

export type UpdateAct =
  | { readonly ask: { readonly resourceId: string; readonly requestedVersion: string } }
  | { readonly cancel: string; readonly force: boolean };

/** Asks for an update, or cancels one. */
export function useUpdateAct(deviceId: string, onDone: () => void = () => {}) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (act: UpdateAct): Promise<unknown> => {
      if ('ask' in act) {
        const { resourceId, requestedVersion } = act.ask;
        const path = `${resourcesUrl(deviceId)}/${encodeURIComponent(resourceId)}/updates`;
        return api.post(path, { requestedVersion });
      }
      const path = `${resourcesUrl(deviceId)}/updates/${act.cancel}/status`;
      return api.post(path, 'CANCELED', act.force ? { query: { force: true } } : {});
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['resources', 'device', deviceId] });
      onDone();
    },
  });
}
