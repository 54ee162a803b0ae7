import { invalidParameter } from '../contract/invalid-parameter.ts';
import type { Store } from '../store/types.ts';
import type { DevicePlace } from './device-order.ts';
import {
  countDevices,
  type DeviceQuery,
  placeOf,
  readsSessions,
  selectDevices,
  selectPlace,
} from './device-query.ts';
import type { SessionWriter } from './session-writer.ts';
import { SetSizes } from './set-sizes.ts';
import type { TenantInventory } from './tenant-inventory.ts';
import type { Device } from './types.ts';

export interface ListParts {
  readonly store: Store;
  readonly sessions: SessionWriter;
}

export interface DevicePage {
  readonly devices: Device[];
  /** Where the page ends in the order; undefined when it is empty. */
  readonly end: DevicePlace | undefined;
  /** How many there are in all, when asked for. */
  readonly total: number | undefined;
}

export interface DeviceListQuery extends DeviceQuery {
  /** Id of the last device of the page before. */
  readonly bookmarkId?: string | undefined;
}

/** @throws PlatformError `api.invalidParameter` for a bookmark that is not there */
export async function listDevices(
  parts: ListParts,
  inventory: TenantInventory,
  query: DeviceListQuery,
  withTotal: boolean,
): Promise<DevicePage> {
  const { tenantId } = inventory.root;
  // Handed over before the read, so the read sees it: no need to wait for it to be durable.
  if (readsSessions(query)) void parts.sessions.flush();
  const after = query.after ?? (await placeOfBookmark(parts.store, tenantId, query));
  const [rows, totals] = await Promise.all([
    selectPage(parts.store, tenantId, { ...query, after }),
    withTotal ? parts.store.query<{ total: number }>(countDevices(tenantId, query.filter)) : undefined,
  ]);
  const last = rows.at(-1);
  return {
    // The store picks and orders; what is shown of a device is the newest, from memory.
    devices: rows.flatMap(({ id }) => inventory.devices.get(id) ?? []),
    end: last && placeOf(last, query.sort),
    total: totals?.[0]?.total,
  };
}

async function selectPage(store: Store, tenantId: string, query: DeviceQuery): Promise<{ id: string }[]> {
  const sizes = new SetSizes();
  // Made once for its sets to be noted.
  const first = selectDevices(tenantId, query, sizes);
  const anyLarge = await sizes.measure(store);
  return store.query(anyLarge ? selectDevices(tenantId, query, sizes) : first);
}

async function placeOfBookmark(
  store: Store,
  tenantId: string,
  { bookmarkId, sort }: DeviceListQuery,
): Promise<DevicePlace | undefined> {
  if (bookmarkId === undefined) return undefined;
  // In the order of ids also the place of a device that is gone is known.
  if ((sort[0]?.field ?? 'id') === 'id') return [bookmarkId];
  const [row] = await store.query(selectPlace(tenantId, bookmarkId, sort));
  if (row) return placeOf(row, sort);
  throw invalidParameter(
    `query.bookmarkId: there is no device ${bookmarkId}, so its place in this order is not known; begin again, or sort by id`,
  );
}
