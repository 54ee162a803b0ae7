import { useInfiniteQuery } from '@tanstack/react-query';
import type { CoapLogPage } from '../../../core/contract/coap-log.ts';
import { api } from '../../api/client.ts';

/** The log of a device, or of clients that nobody knows. */
export const coapLogPath = (deviceId: string | undefined): string =>
  deviceId === undefined
    ? '/bench/v1/coap-log'
    : `/bench/v1/devices/${encodeURIComponent(deviceId)}/coap-log`;

const pageSize = 200;

/** What of the log is kept, newest first, a page after the other. */
export const useCoapLog = (deviceId: string | undefined) =>
  useInfiniteQuery({
    queryKey: ['coap', deviceId ?? ''],
    queryFn: ({ pageParam, signal }) =>
      api.get<CoapLogPage>(coapLogPath(deviceId), {
        query: { limit: pageSize, ...(pageParam === '' ? {} : { before: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: ({ entries }) => (entries.length < pageSize ? undefined : entries.at(-1)?.id),
    // What comes to a device is told live; of unknown clients nothing is.
    ...(deviceId === undefined
      ? { refetchInterval: 3000 }
      : { staleTime: Number.POSITIVE_INFINITY, gcTime: 0 }),
  });
