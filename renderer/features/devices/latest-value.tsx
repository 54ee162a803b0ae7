import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { createContext, use, useCallback, useEffect, useMemo, useSyncExternalStore } from 'react';
import type { DeviceJson } from '../../../core/contract/devices.ts';
import type { LatestMessage } from '../../../core/contract/messages.ts';
import { api } from '../../api/client.ts';
import { bothTimes } from '../../format/time.ts';
import { summaryOf } from '../messages/message-row.ts';
import { LatestValues } from './latest-values.ts';

const refreshedMs = 5000;
const restingMs = 200;
/** Devices that one call may name. */
const mostDevices = 200;

const nothing = new LatestValues();
export const LatestValuesContext = createContext(nothing);

/** Keeps the newest messages of the rows in sight, with one call for all of them. Asks for nothing when not wanted. */
export function useLatestValues(rows: readonly (DeviceJson | undefined)[], wanted: boolean): LatestValues {
  const values = useMemo(() => new LatestValues(), []);
  // While the list is scrolled nobody reads values: they are asked for when it rests.
  const [resting] = useDebouncedValue(rows, restingMs);
  const deviceIds = useMemo(
    () => resting.flatMap((row) => (row === undefined ? [] : [row.id])).slice(0, mostDevices),
    [resting],
  );
  const { data } = useQuery({
    queryKey: ['devices', 'latest', deviceIds],
    queryFn: ({ signal }) =>
      api.post<LatestMessage[]>('/bench/v1/messages/latest/search', { deviceIds }, { signal }),
    enabled: wanted && deviceIds.length > 0,
    refetchInterval: refreshedMs,
    gcTime: refreshedMs,
  });
  useEffect(() => {
    if (data) values.add(data);
  }, [data, values]);
  return values;
}

/** What a device said last, in one line. */
export function LatestValue({ deviceId }: { deviceId: string }) {
  const values = use(LatestValuesContext);
  const message = useSyncExternalStore(
    values.subscribe,
    useCallback(() => values.of(deviceId), [values, deviceId]),
  );
  if (message === undefined) return null;
  const text = summaryOf(message.value);
  return (
    <span
      className="ellipsis mono"
      onPointerEnter={({ currentTarget }) => {
        currentTarget.title = `${text}\n${bothTimes(message.timestamp)}`;
      }}
    >
      {text}
    </span>
  );
}
