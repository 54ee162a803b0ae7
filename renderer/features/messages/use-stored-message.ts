import { useQuery } from '@tanstack/react-query';
import type { TraceView } from '../../../core/contract/trace.ts';
import { api } from '../../api/client.ts';
import type { DataMessage } from '../../api/data-message.ts';
import type { MessageRow } from './message-row.ts';
import { streamPath } from './messages-api.ts';

const aroundMs = 5000;

/** The stored message of a row; one of before the window was open is fetched by its stream and time. */
export function useStoredMessage(row: MessageRow, trace: TraceView | undefined): DataMessage | undefined {
  const streamId = trace?.streamId ?? undefined;
  const missing = row.message === undefined && !row.refused && streamId !== undefined;
  const found = useQuery({
    queryKey: ['messages', 'stored', row.key],
    enabled: missing,
    queryFn: async () => {
      // A device may have dated its message freely; then only the newest of the stream can be searched.
      const received = Date.parse(trace?.received ?? row.time);
      const range = [received - aroundMs, received + aroundMs].map((ms) => new Date(ms).toISOString());
      const path = streamPath(streamId ?? '');
      const near = await api.get<DataMessage[]>(path, { query: { limit: 1000, timeRange: range.join() } });
      const hit = near.find(({ id }) => id === row.key);
      if (hit) return hit;
      const newest = await api.get<DataMessage[]>(path, { query: { limit: 1000 } });
      return newest.find(({ id }) => id === row.key) ?? null;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  return row.message ?? found.data ?? undefined;
}
