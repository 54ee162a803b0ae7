import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { countByField, findDevices } from './explorer-api.ts';

/** Values that a card shows; a fleet may have a thousand. */
export const mostValues = 12;
/** Devices whose properties are offered to be counted. */
const sampledDevices = 200;

export const useFieldCounts = (field: string, rsql: string) =>
  useQuery({
    queryKey: ['devices', 'counts', field, rsql],
    queryFn: ({ signal }) => countByField(field, mostValues + 1, { rsql }, signal),
    placeholderData: keepPreviousData,
  });

/** Names of properties that devices have, to choose from: those of the first devices, the most frequent first. */
export const usePropertyNames = (rsql: string) =>
  useQuery({
    queryKey: ['devices', 'property-names', rsql],
    queryFn: async ({ signal }) => {
      const devices = await findDevices({ rsql }, sampledDevices, signal);
      const names = devices.flatMap(({ properties }) => Object.keys(properties ?? {}));
      const times = new Map<string, number>();
      for (const name of names) times.set(name, (times.get(name) ?? 0) + 1);
      return [...times].sort(([, one], [, other]) => other - one).map(([name]) => name);
    },
    placeholderData: keepPreviousData,
  });
