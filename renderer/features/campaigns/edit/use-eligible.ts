import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import type { CommandJson } from '../../../../core/contract/commands.ts';
import type { DeviceJson } from '../../../../core/contract/devices.ts';
import type { RsqlValue } from '../../../../core/contract/rsql/ast.ts';
import { printRsql } from '../../../../core/contract/rsql/print.ts';
import { api } from '../../../api/client.ts';
import { useIdentity } from '../../../session/identity.ts';
import { commandsUrl } from '../../commands/commands-api.ts';
import { devicesUrl } from '../../devices/devices-api.ts';

/** Ids that are looked up before a campaign is made: more do not fit into one address. */
export const mostNamed = 100;
/** Devices that are shown of those that fit. */
const shownDevices = 5;
/** Devices whose commands are offered as templates, and commands of each. */
const sampledDevices = 3;
const sampledCommands = 20;

export interface Eligible {
  readonly total: number;
  /** The first of them. */
  readonly ids: readonly string[];
}

const listed = async (filterQuery: string, limit: number, signal: AbortSignal): Promise<Eligible> => {
  const query = { filterQuery, limit, fields: 'id' };
  const { items, total } = await api.list<DeviceJson>(devicesUrl, { query, signal });
  return { total, ids: items.map(({ id }) => id) };
};

const useMayAsk = (): boolean => useIdentity().data?.roles.includes('DEVICE_R') === true;

/** The devices that fit a filter now, live; undefined text: nothing is asked. */
export function useEligible(filter: string | undefined) {
  return useQuery({
    queryKey: ['devices', 'eligible', filter],
    queryFn: ({ signal }) => listed(filter ?? '', shownDevices, signal),
    enabled: useMayAsk() && filter !== undefined && filter !== '',
    placeholderData: keepPreviousData,
  });
}

/** Those of the named ids that are no device now. */
export function useMissing(ids: readonly string[]) {
  const asked = ids.slice(0, mostNamed);
  const values = asked.map((id): RsqlValue => [id]);
  const [first, ...others] = values;
  return useQuery({
    queryKey: ['devices', 'named', asked],
    queryFn: async ({ signal }) => {
      const filter = printRsql({
        kind: 'comparison',
        selector: 'id',
        operator: '=in=',
        values: first ? [first, ...others] : [],
      });
      const found = new Set((await listed(filter, mostNamed, signal)).ids);
      return asked.filter((id) => !found.has(id));
    },
    enabled: useMayAsk() && asked.length > 0,
    placeholderData: keepPreviousData,
  });
}

/** Commands that some of these devices were sent. */
export function useSentCommands(deviceIds: readonly string[]): readonly CommandJson[] {
  const mayAsk = useMayAsk();
  return useQueries({
    queries: deviceIds.slice(0, sampledDevices).map((deviceId) => ({
      queryKey: ['commands', 'sample', deviceId],
      queryFn: () => api.get<CommandJson[]>(commandsUrl(deviceId), { query: { limit: sampledCommands } }),
      enabled: mayAsk,
      // A template is as good an hour later.
      staleTime: Number.POSITIVE_INFINITY,
      retry: false,
    })),
    combine: (results) => results.flatMap(({ data }) => data ?? []),
  });
}
