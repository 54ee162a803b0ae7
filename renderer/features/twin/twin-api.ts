import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { TwinObjectJson } from '../../../core/contract/twin.ts';
import type {
  BenchObservationJson,
  BenchOperationJson,
  BenchOperationRequest,
  BenchTwinJson,
} from '../../../core/contract/twin-bench.ts';
import { api } from '../../api/client.ts';
import { devicePath } from '../devices/devices-api.ts';
import { isCompatible } from './operation-draft.ts';

export const twinUrl = (deviceId: string): string => `${devicePath(deviceId)}/twin`;
const benchUrl = (deviceId: string): string => `/bench/v1/devices/${encodeURIComponent(deviceId)}/twin`;

/** Where an operation is sent: the compatible API, unless it does not have it. */
export const operationsUrl = (
  deviceId: string,
  request: Pick<BenchOperationRequest, 'type' | 'argument'>,
): string => `${isCompatible(request) ? twinUrl(deviceId) : benchUrl(deviceId)}/operations`;

export const observationsUrl = (deviceId: string): string => `${twinUrl(deviceId)}/observations`;

/** Keys of what is known of a twin; live events change what is below them. */
export const twinKeys = {
  all: (deviceId: string) => ['twin', deviceId] as const,
  objects: (deviceId: string) => ['twin', deviceId, 'objects'] as const,
  values: (deviceId: string, objectId?: number) =>
    ['twin', deviceId, 'values', ...(objectId === undefined ? [] : [objectId])] as const,
  operations: (deviceId: string) => ['twin', deviceId, 'operations'] as const,
  observations: (deviceId: string) => ['twin', deviceId, 'observations'] as const,
};

/** What live events change is not asked for again by itself. */
const staleTime = Number.POSITIVE_INFINITY;

/** The objects of a device with their models. */
export const useTwinObjects = (deviceId: string) =>
  useQuery({
    queryKey: twinKeys.objects(deviceId),
    queryFn: ({ signal }) => api.get<BenchTwinJson>(benchUrl(deviceId), { signal }),
    staleTime,
  });

/** The values of one object. */
export const useTwinValues = (deviceId: string, objectId: number) =>
  useQuery({
    queryKey: twinKeys.values(deviceId, objectId),
    queryFn: ({ signal }) =>
      api.get<TwinObjectJson>(`${twinUrl(deviceId)}/objects/${objectId}`, { query: { expand: 1 }, signal }),
    staleTime,
  });

/** The oldest first. */
export const useTwinOperations = (deviceId: string) =>
  useQuery({
    queryKey: twinKeys.operations(deviceId),
    queryFn: ({ signal }) => api.get<BenchOperationJson[]>(`${benchUrl(deviceId)}/operations`, { signal }),
    staleTime,
  });

/** The oldest first. */
export const useTwinObservations = (deviceId: string) =>
  useQuery({
    queryKey: twinKeys.observations(deviceId),
    queryFn: ({ signal }) =>
      api.get<BenchObservationJson[]>(`${benchUrl(deviceId)}/observations`, { signal }),
    staleTime,
  });

/** Asks something of the device. */
export function useAskTwin(deviceId: string, onAsked?: (id: string) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (request: BenchOperationRequest) =>
      api.post<{ id: string }>(operationsUrl(deviceId, request), request),
    onSuccess: async ({ id }) => {
      onAsked?.(id);
      await queries.invalidateQueries({ queryKey: twinKeys.operations(deviceId) });
    },
  });
}

const operationUrl = (base: string, id: string): string => `${base}/operations/${id}`;

export const useCancelOperation = (deviceId: string) =>
  useChange(deviceId, 'operations', (id: string) =>
    api.put(`${operationUrl(twinUrl(deviceId), id)}/status`, 'CANCELED'),
  );

/** For one that has ended. */
export const useDeleteOperation = (deviceId: string) =>
  useChange(deviceId, 'operations', (id: string) => api.delete(operationUrl(benchUrl(deviceId), id)));

export interface NewObservation {
  readonly paths: readonly string[];
  readonly name?: string;
}

export const useObserve = (deviceId: string) =>
  useChange(deviceId, 'observations', (request: NewObservation) =>
    api.post(observationsUrl(deviceId), request),
  );

export const useStopObserving = (deviceId: string) =>
  useChange(deviceId, 'observations', (id: string) => api.delete(`${observationsUrl(deviceId)}/${id}`));

function useChange<Argument>(
  deviceId: string,
  part: 'operations' | 'observations',
  change: (argument: Argument) => Promise<unknown>,
) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => queries.invalidateQueries({ queryKey: twinKeys[part](deviceId) }),
  });
}

/** Changes what is known under a key, if anything is. */
export const patch = <Data>(
  queries: QueryClient,
  key: readonly unknown[],
  change: (data: Data) => Data,
): void => {
  queries.setQueryData<Data>(key, (data) => (data === undefined ? data : change(data)));
};
