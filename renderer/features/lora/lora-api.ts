import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { LoraFramePage } from '../../../core/contract/lora/frames.ts';
import type { GatewayJson } from '../../../core/contract/lora/gateways.ts';
import type { ConnectivityPlan } from '../../../core/contract/lora/plans.ts';
import type { LoraDeviceState, LoraGatewayState, LoraMap } from '../../../core/contract/lora/state.ts';
import { api } from '../../api/client.ts';
import type { Suggestions } from '../devices/interfaces/definition-fields.tsx';

/** No event tells of gateways, nor of what a device waits for. */
const lookedAtMs = 2000;
const pageSize = 200;

export const gatewaysUrl = '/bench/v1/lora/gateways';
const compatibleUrl = '/api/v1/deviceMgt/connectors/lora/gateways';
export const gatewayUrl = (id: string): string => `${compatibleUrl}/${id}`;
const deviceUrl = (deviceId: string): string => `/bench/v1/devices/${encodeURIComponent(deviceId)}/lora`;

/** By EUI. */
export const useGateways = () =>
  useQuery({
    queryKey: ['lora', 'gateways'],
    queryFn: ({ signal }) => api.get<LoraGatewayState[]>(gatewaysUrl, { signal }),
    refetchInterval: lookedAtMs,
  });

export const useLoraMap = () =>
  useQuery({
    queryKey: ['lora', 'map'],
    queryFn: ({ signal }) => api.get<LoraMap>('/bench/v1/lora/map', { signal }),
    refetchInterval: lookedAtMs,
  });

const networkPath = '/api/v1/deviceMgt/connectors/lora';

/** What definitions of LoRa interfaces can name; it stays as long as the program runs. */
export function useLoraSuggestions(enabled: boolean): Suggestions {
  const profiles = useQuery({
    queryKey: ['lora', 'profiles'],
    queryFn: ({ signal }) => api.get<string[]>(`${networkPath}/profiles`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    enabled,
  });
  const plans = useQuery({
    queryKey: ['lora', 'plans'],
    queryFn: ({ signal }) => api.get<ConnectivityPlan[]>(`${networkPath}/connectivities`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    enabled,
  });
  return {
    ...(profiles.data && { profile: profiles.data }),
    ...(plans.data && { connectivityPlan: plans.data.map(({ id }) => id) }),
  };
}

export const useLoraDevice = (deviceId: string) =>
  useQuery({
    queryKey: ['lora', 'device', deviceId],
    queryFn: ({ signal }) => api.get<LoraDeviceState>(deviceUrl(deviceId), { signal }),
    refetchInterval: lookedAtMs,
  });

/** The log of a device, or of all of the tenant. */
export const framesPath = (deviceId: string | undefined): string =>
  deviceId === undefined ? '/bench/v1/lora/frames' : `${deviceUrl(deviceId)}/frames`;

/** What of the log is kept, newest first, a page after the other. */
export const useFrames = (deviceId: string | undefined) =>
  useInfiniteQuery({
    queryKey: ['lora', 'frames', deviceId ?? ''],
    queryFn: ({ pageParam, signal }) =>
      api.get<LoraFramePage>(framesPath(deviceId), {
        query: { limit: pageSize, ...(pageParam === '' ? {} : { before: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: ({ frames }) => (frames.length < pageSize ? undefined : frames.at(-1)?.id),
    // What comes from now on is told live.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

/** @param id undefined: a new one */
export function useSaveGateway(id: string | undefined, onSaved: (gateway: GatewayJson) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (request: unknown): Promise<GatewayJson> =>
      id === undefined ? api.post(gatewaysUrl, request) : api.patch(gatewayUrl(id), request),
    onSuccess: async (gateway) => {
      await queries.invalidateQueries({ queryKey: ['lora', 'gateways'] });
      onSaved(gateway);
    },
  });
}

export const deleteGateway = (id: string): Promise<void> => api.delete(`${gatewaysUrl}/${id}`);
