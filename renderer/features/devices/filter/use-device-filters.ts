import { useCallback, useMemo } from 'react';
import { useUrlState } from '../../../ui/use-url-state.ts';
import { type DeviceFilters, filterNames, splitFilter, wholeFilter } from './whole-filter.ts';

/** The filters of the list of devices, as the address has them. */
export interface DeviceFilterState {
  /** Each condition in the field of its own that it has, wherever in the address it stands. */
  readonly filters: DeviceFilters;
  /** All of them in RSQL: the same filter once more. */
  readonly whole: string;
  /** Changes some of the fields; the others stay. */
  readonly setFields: (change: DeviceFilters) => void;
  /** Takes the place of all. */
  readonly setWhole: (rsql: string) => void;
}

const none = Object.fromEntries(filterNames.map((name) => [name, undefined]));

export function useDeviceFilters(): DeviceFilterState {
  const [{ text, group, tags, status, connector, filter }, setUrl] = useUrlState();
  const given = useMemo(
    () => ({ text, group, tags, status, connector, filter }),
    [text, group, tags, status, connector, filter],
  );
  const whole = wholeFilter(given);
  const filters = useMemo(() => {
    const split = splitFilter(whole);
    // What cannot be read hides no other field.
    return split.filter !== undefined && split.filter === given.filter ? { ...given, ...split } : split;
  }, [whole, given]);
  const setFields = useCallback(
    (change: DeviceFilters) => setUrl({ ...none, ...filters, ...change }),
    [setUrl, filters],
  );
  const setWhole = useCallback((rsql: string) => setUrl({ ...none, ...splitFilter(rsql) }), [setUrl]);
  // The same as long as they are: what shows them is not drawn again for a list that scrolls.
  return useMemo(() => ({ filters, whole, setFields, setWhole }), [filters, whole, setFields, setWhole]);
}
