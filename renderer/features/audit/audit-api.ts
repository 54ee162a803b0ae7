import { useInfiniteQuery } from '@tanstack/react-query';
import type { AuditMessage } from '../../../core/contract/audit.ts';
import { api } from '../../api/client.ts';
import type { UrlState } from '../../ui/use-url-state.ts';

const pageSize = 200;
/** The API reaches no further back than this. */
const window = 10_000;

export const auditFilterNames = ['text', 'level', 'category', 'device', 'connector'] as const;

export function useAudit(url: UrlState) {
  const { text, level, category, device, connector } = url;
  const query = {
    '@any': text,
    level,
    category,
    'source.deviceId': device,
    'source.connector': connector,
  };
  return useInfiniteQuery({
    queryKey: ['audit', 'list', query],
    queryFn: ({ pageParam, signal }) =>
      api.get<AuditMessage[]>('/api/v0/auditlog/messages', {
        query: { ...query, limit: pageSize, offset: pageParam },
        signal,
      }),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const next = pages.length * pageSize;
      return last.length < pageSize || next + pageSize > window ? undefined : next;
    },
    placeholderData: (before) => before,
  });
}
