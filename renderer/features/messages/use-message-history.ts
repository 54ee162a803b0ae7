import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type HistoryPage, historyOf } from './history.ts';
import { type MessageFilters, rowMatcher, storedFilter } from './message-filter.ts';
import { findMessages, readRefusals } from './messages-api.ts';

/** Of which messages the past is asked for. */
export interface HistoryScope {
  readonly deviceId?: string;
  /** Only what came before this moment, ISO 8601. */
  readonly before?: string;
  /** Messages of one look. */
  readonly limit?: number;
}

/** How the past joins what comes live. */
interface LiveEdge {
  /** The live message below which to look; undefined: from what is newest. */
  readonly anchor?: string | undefined;
  /** How many live messages were left out until now. */
  readonly leftOut?: () => number;
}

const oneLook = 500;
const mostRefusals = 1000;
const nothing = { messages: [], newestId: null, lookedBackTo: null, more: false };

/**
 * Messages of before this window was open, newest first, out of the store: the one source of the past for every list.
 * Filters are asked of the platform; what it looked at, and whether there is more, is in the answer.
 */
export function useMessageHistory(scope: HistoryScope, filters: MessageFilters, edge: LiveEdge = {}) {
  const { anchor, leftOut } = edge;
  const { deviceId, before, limit = oneLook } = scope;
  const { show } = filters;
  const filter = { ...storedFilter(filters), deviceId };
  const query = useInfiniteQuery({
    queryKey: ['messages', 'history', { filter, before, limit, show, anchor }],
    initialPageParam: anchor,
    queryFn: async ({ pageParam, signal }): Promise<HistoryPage> => {
      const leftOutBefore = leftOut?.() ?? 0;
      const [found, refusals] = await Promise.all([
        show === 'refused' ? nothing : findMessages({ filter, before, limit, bookmarkId: pageParam }, signal),
        show === 'stored' || pageParam !== anchor
          ? []
          : readRefusals({ deviceId, limit: mostRefusals }, signal),
      ]);
      const kept = before === undefined ? refusals : refusals.filter(({ time }) => time < before);
      return { ...found, refusals: kept, anchor, leftOutBefore };
    },
    getNextPageParam: ({ more, lookedBackTo }) => (more ? lookedBackTo?.id : undefined),
    // What is known already answers a filter at once, and the platform completes it.
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const filterText = JSON.stringify(filters);
  const matches = useMemo(() => rowMatcher(JSON.parse(filterText) as MessageFilters), [filterText]);
  const pages = query.data?.pages;
  const history = useMemo(() => historyOf(pages ?? [], matches), [pages, matches]);
  return { query, history, matches };
}
