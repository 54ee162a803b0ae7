import { useQuery } from '@tanstack/react-query';
import type { ExplorerStatsResult } from '../../../core/contract/explorer.ts';
import type { GroupJson } from '../../../core/contract/groups.ts';
import { askedAgainMs } from '../../api/asked-again.ts';
import { api } from '../../api/client.ts';
import { groupCounts } from './group-counts.ts';

export const groupsUrl = '/api/v1/deviceMgt/groups';
const pageSize = 1000;
/** A count may be this old. */
const countAgeMs = 15_000;

export const groupUrl = (id: string): string => `${groupsUrl}/${encodeURIComponent(id)}`;

export const useGroups = () =>
  useQuery({
    queryKey: ['groups', 'list'],
    queryFn: async ({ signal }): Promise<GroupJson[]> => {
      const groups: GroupJson[] = [];
      for (;;) {
        const query = { limit: pageSize, offset: groups.length };
        const page = await api.get<GroupJson[]>(groupsUrl, { query, signal });
        groups.push(...page);
        if (page.length < pageSize) return groups;
      }
    },
    refetchInterval: askedAgainMs,
  });

/** A group and all that is below it, as a filter of devices. */
export const withBelow = (path: string): string => (path === '/' ? '/*' : `${path}/*`);

/** How many devices are in each group, counted by the platform in one go. */
export const useGroupCounts = (groups: readonly GroupJson[]) =>
  useQuery({
    queryKey: ['groups', 'counts', groups],
    queryFn: async ({ signal }) => {
      const asked = { groupBy: { field: 'group.path' }, options: { size: pageSize } };
      const stats = await api.post<ExplorerStatsResult>('/api/v1/deviceMgt/explorer/stats', asked, {
        signal,
      });
      return groupCounts(groups, stats);
    },
    enabled: groups.length > 0,
    staleTime: countAgeMs,
    refetchInterval: countAgeMs,
    placeholderData: (before) => before,
  });
