import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import type { DeviceJson } from '../../../core/contract/devices.ts';
import { type DeviceChoice, devicePageSize, listDevices } from './devices-api.ts';

/** Rows by which what is in sight is told. */
const blockRows = 50;
/** How old what is in sight may be: no event tells that a device has been in contact. */
const refreshedMs = 10_000;
/** A page that is out of sight is forgotten after this, so that a long list does not fill the memory. */
const forgottenMs = 30_000;

/**
 * A list of devices of any length, of which only the pages in sight are fetched and kept fresh.
 * @returns `rows`: as many as there are devices, undefined where they are not known; `onRange`: to be told what is
 * in sight; `inSight`: those rows, with some around them
 */
export function useDevicePages(choice: DeviceChoice) {
  const [range, setRange] = useState({ first: 0, last: 0 });
  // In blocks: a view that is drawn anew for each row that scrolls by does not scroll smoothly.
  const onRange = useCallback((firstRow: number, lastRow: number) => {
    const first = Math.floor(firstRow / blockRows) * blockRows;
    // From the first alone, or there would be two changes for each block that scrolls by.
    const last = first + (Math.ceil((lastRow - firstRow + 1) / blockRows) + 1) * blockRows - 1;
    setRange((before) => (before.first === first && before.last === last ? before : { first, last }));
  }, []);
  const pageOf = (page: number) => ({
    queryKey: ['devices', 'list', choice, page] as const,
    queryFn: ({ signal }: { signal: AbortSignal }) => listDevices(choice, page, signal),
    gcTime: forgottenMs,
    refetchInterval: refreshedMs,
  });
  // The first page is always kept: it tells how many there are. It stays while another filter is asked.
  const first = useQuery({ ...pageOf(0), placeholderData: keepPreviousData });
  const total = first.data?.total ?? 0;
  const from = Math.max(1, Math.floor(range.first / devicePageSize));
  const to = Math.min(Math.floor(range.last / devicePageSize), Math.ceil(total / devicePageSize) - 1);
  const numbers = Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
  const others = useQueries({ queries: numbers.map(pageOf), combine });
  const rows = useMemo(() => {
    const known: (DeviceJson | undefined)[] = Array.from({ length: total });
    const place = (page: number, items: readonly DeviceJson[] = []): void => {
      // A page may be longer than what is left when devices were deleted meanwhile.
      for (const [index, device] of items.entries()) {
        if (page * devicePageSize + index < total) known[page * devicePageSize + index] = device;
      }
    };
    place(0, first.data?.items);
    for (const [index, items] of others.pages.entries()) place(from + index, items);
    return known;
  }, [total, from, first.data, others.pages]);
  const inSight = useMemo(() => rows.slice(range.first, range.last + 1), [rows, range]);
  return { first, rows, inSight, total, onRange, failure: others.failure };
}

interface PageResult {
  readonly data: { readonly items: DeviceJson[] } | undefined;
  readonly error: Error | null;
}

const combine = (results: readonly PageResult[]) => ({
  pages: results.map(({ data }) => data?.items),
  failure: results.find(({ error }) => error !== null)?.error,
});
