import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ConfigurationJson, ConfigurationRequest } from '../../../core/contract/configuration.ts';
import { api } from '../../api/client.ts';
import { devicePath } from '../devices/devices-api.ts';

export const configurationUrl = (deviceId: string): string => `${devicePath(deviceId)}/config`;
const parameterUrl = (deviceId: string, key: string): string =>
  `${configurationUrl(deviceId)}/parameters/${encodeURIComponent(key)}`;
const queryKey = (deviceId: string) => ['configuration', 'device', deviceId];

/** What is asked of a device and what it has; asked for anew when the live socket tells of a change. */
export const useConfiguration = (deviceId: string) =>
  useQuery({
    queryKey: queryKey(deviceId),
    queryFn: () => api.get<ConfigurationJson>(configurationUrl(deviceId)),
  });

export type ConfigurationAct =
  | { readonly request: ConfigurationRequest }
  | { readonly cancel: string; readonly force: boolean }
  | { readonly remove: string };

/** Asks for values, takes a request back, or forgets a parameter. */
export function useConfigurationAct(deviceId: string, onDone: () => void = () => {}) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (act: ConfigurationAct): Promise<unknown> => {
      if ('request' in act) return api.post(configurationUrl(deviceId), act.request);
      if ('remove' in act) return api.delete(parameterUrl(deviceId, act.remove));
      const force = act.force ? '?force=true' : '';
      return api.put(`${parameterUrl(deviceId, act.cancel)}/status${force}`, 'CANCELED');
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: queryKey(deviceId) });
      onDone();
    },
  });
}
