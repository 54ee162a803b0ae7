import { useQuery } from '@tanstack/react-query';
import type { GroupJson } from '../../../core/contract/groups.ts';
import { api } from '../../api/client.ts';
import { countDevices } from '../devices/devices-api.ts';

export const groupsUrl = '/api/v1/deviceMgt/groups';
const pageSize = 1000;
/** Counting is a call for each group; a count may be this old. */
const countAgeMs = 30_000;

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
  });

/** A group and all that is below it, as a filter of devices. */
export const withBelow = (path: string): string => (path === '/' ? '/*' : `${path}/*`);

/** How many devices are in a group itself, and with all groups below it. */
export const useGroupCounts = (path: string) =>
  useQuery({
    queryKey: ['groups', 'counts', path],
    queryFn: async () => {
      const paths = [path, withBelow(path)];
      const [own = 0, all = 0] = await Promise.all(paths.map((groupPath) => countDevices({ groupPath })));
      return { own, all };
    },
    staleTime: countAgeMs,
    refetchInterval: countAgeMs,
  });
