import { useQuery } from '@tanstack/react-query';
import type { TraceView } from '../../../core/contract/trace.ts';
import { api } from '../../api/client.ts';
import type { DataMessage } from '../../api/data-message.ts';
import { useLack } from '../../session/identity.ts';
import { devicePath } from '../devices/devices-api.ts';
import { type MessageRow, rowOfMessage, rowOfTrace } from './message-row.ts';

const tracesAsked = 500;
/** Streams whose messages are fetched to show history decoded. */
const streamsAsked = 12;

export const streamPath = (streamId: string): string =>
  `/api/v0/data/streams/${encodeURIComponent(streamId)}`;

export const readStream = (streamId: string, limit: number, signal?: AbortSignal): Promise<DataMessage[]> =>
  api.get<DataMessage[]>(streamPath(streamId), { query: { limit }, ...(signal ? { signal } : {}) });

/** What came before the window was open, newest first: the kept traces, decoded where it can be had cheaply. */
async function recentRows(signal: AbortSignal): Promise<MessageRow[]> {
  const traces = await api.get<TraceView[]>('/bench/v1/traces', { query: { limit: tracesAsked }, signal });
  const streams = new Set(traces.flatMap(({ streamId }) => (streamId === null ? [] : [streamId])));
  const read = await Promise.all(
    [...streams].slice(0, streamsAsked).map((streamId) => readStream(streamId, 200, signal).catch(() => [])),
  );
  const decoded = new Map(read.flat().map((message) => [message.id, message]));
  return traces.map((trace) => {
    const message = decoded.get(trace.messageId ?? '');
    return message ? rowOfMessage(message) : rowOfTrace(trace);
  });
}

/** @param enabled false: only what is known already, and nothing is asked for */
export const useRecentRows = (enabled = true) =>
  useQuery({
    queryKey: ['messages', 'recent'],
    enabled,
    queryFn: ({ signal }) => recentRows(signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

/** Messages that one look at a moment shows. */
const momentMessages = 500;

/** The last messages of all streams that came before a moment, newest first. */
export const useMessagesBefore = (before: string) =>
  useQuery({
    queryKey: ['messages', 'before', before],
    queryFn: ({ signal }) =>
      api.get<DataMessage[]>('/bench/v1/messages', { query: { before, limit: momentMessages }, signal }),
    // A moment of the past stays as it was; one that is still to come does not.
    staleTime: 1000,
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

/** Messages of a device from all its streams, newest first. */
export function useDeviceMessages(deviceId: string) {
  const permitted = useLack('DATA_R') === undefined;
  return useQuery({
    enabled: permitted,
    queryKey: ['messages', 'device', deviceId],
    queryFn: async ({ signal }) => {
      const streams = await api.get<{ streamId: string; count: number; lastUpdate: string }[]>(
        `${devicePath(deviceId)}/data/streams`,
        { query: { limit: 20 }, signal },
      );
      const read = await Promise.all(streams.map(({ streamId }) => readStream(streamId, 300, signal)));
      const messages = read
        .flat()
        .filter(({ metadata }) => metadata?.source === deviceId)
        .sort((a, b) => (a.created < b.created ? 1 : -1));
      return { streams, messages };
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}
