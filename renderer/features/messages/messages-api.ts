import { useQuery } from '@tanstack/react-query';
import type { MessageFilter } from '../../../core/contract/message-filter.ts';
import type { MessagePage } from '../../../core/contract/messages.ts';
import type { Refusal, TraceView } from '../../../core/contract/trace.ts';
import { api } from '../../api/client.ts';
import type { DataMessage } from '../../api/data-message.ts';
import { useLack } from '../../session/identity.ts';
import { devicePath } from '../devices/devices-api.ts';

export const streamPath = (streamId: string): string =>
  `/api/v0/data/streams/${encodeURIComponent(streamId)}`;

export const readStream = (streamId: string, limit: number, signal?: AbortSignal): Promise<DataMessage[]> =>
  api.get<DataMessage[]>(streamPath(streamId), { query: { limit }, ...(signal ? { signal } : {}) });

/** Stored messages, as many as were found with one look, and how far back that has led. */
export type FoundMessages = Omit<MessagePage, 'messages'> & { readonly messages: readonly DataMessage[] };

interface Search {
  readonly filter: MessageFilter;
  readonly limit: number;
  readonly before?: string | undefined;
  readonly bookmarkId?: string | undefined;
}

export const findMessages = ({ filter, ...rest }: Search, signal: AbortSignal): Promise<FoundMessages> =>
  api.get<FoundMessages>('/bench/v1/messages', { query: { ...filter, ...rest }, signal });

/** The last publications that were refused, newest first. */
export const readRefusals = (
  query: { readonly deviceId?: string | undefined; readonly limit: number },
  signal: AbortSignal,
): Promise<Refusal[]> => api.get<Refusal[]>('/bench/v1/refusals', { query, signal });

/** A stored message by its id. */
export const useStoredMessage = (id: string, enabled = true) =>
  useQuery({
    queryKey: ['messages', 'stored', id],
    enabled,
    queryFn: ({ signal }) => api.get<DataMessage>(`/bench/v1/messages/${encodeURIComponent(id)}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** What happened to a message; null when its trace is no longer kept. */
export const useTrace = (id: string) =>
  useQuery({
    queryKey: ['messages', 'trace', id],
    queryFn: () => api.get<TraceView>(`/bench/v1/traces/${encodeURIComponent(id)}`),
    // The last stages, deliveries, come a moment after the message.
    staleTime: 1000,
    refetchOnMount: 'always',
  });

/** Traces of what a device sent last, by its name on the wire, newest first; with refused publications. */
export const latestTraces = (sender: string, limit: number): Promise<TraceView[]> =>
  api.get<TraceView[]>('/bench/v1/traces', { query: { sender, limit } });

/** Messages of a device that its page looks at by itself. */
const deviceMessages = 1000;

/** The newest messages of a device from all its streams, newest first, and the streams with all they hold. */
export function useDeviceMessages(deviceId: string) {
  const permitted = useLack('DATA_R') === undefined;
  return useQuery({
    enabled: permitted,
    queryKey: ['messages', 'device', deviceId],
    queryFn: async ({ signal }) => {
      const [streams, { messages }] = await Promise.all([
        api.get<{ streamId: string; count: number; lastUpdate: string }[]>(
          `${devicePath(deviceId)}/data/streams`,
          { query: { limit: 20 }, signal },
        ),
        findMessages({ filter: { deviceId }, limit: deviceMessages }, signal),
      ]);
      return { streams, messages };
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}
