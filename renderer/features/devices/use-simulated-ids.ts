import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useLack } from '../../session/identity.ts';
import { listDevices } from './devices-api.ts';

/** As many devices as one call names at the most, and one answer has room for. */
const mostIds = 100;

/** Which of some devices are simulated ones, for lists that know no more of a device than its id. */
export function useSimulatedIds(ids: readonly (string | undefined)[]): ReadonlySet<string> {
  const permitted = useLack('DEVICE_R') === undefined;
  const asked = [...new Set(ids.filter((id) => id !== undefined))].sort().slice(0, mostIds);
  const filter = `properties.simulated==true;id=in=(${asked.map((id) => `"${id}"`).join()})`;
  const { data } = useQuery({
    queryKey: ['devices', 'simulated', filter],
    enabled: permitted && asked.length > 0,
    queryFn: ({ signal }) => listDevices({ filter }, 0, signal),
    placeholderData: (before) => before,
    staleTime: 60_000,
  });
  return useMemo(() => new Set(data?.items.map(({ id }) => id)), [data]);
}
