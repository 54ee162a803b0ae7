import { type RawBuilder, sql } from 'kysely';
import type { DeviceSortField } from '../contract/devices.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';

export interface DeviceSort {
  readonly field: DeviceSortField;
  readonly descending: boolean;
}

/** Values of the sort keys of a device, with its id as the last: a place in the order. */
export type DevicePlace = readonly (string | number)[];

export interface SortKey extends DeviceSort {
  readonly value: RawBuilder<unknown>;
}

/** The path of the group of `devices as d`, wherever that is asked. The root group has no row of its own. */
const pathOfGroup = sql`coalesce((select g.path from groups g where g.tenant_id = d.tenant_id and g.id = d.group_id), '/')`;

/** Of a device with several interfaces: its newest contact, its first state by name, enabled when one of them is. */
const values: Readonly<Record<Exclude<DeviceSortField, 'group'>, RawBuilder<unknown>>> = {
  id: sql`d.id`,
  name: sql`coalesce(d.name, '')`,
  created: sql`d.created`,
  updated: sql`d.updated`,
  'interfaces.status': sql`d.interface_status`,
  'interfaces.enabled': sql`d.interface_enabled`,
  'interfaces.lastContact': sql`d.last_contact`,
};

/**
 * The keys asked for, then the name and the id, so that equal keys keep one order over all pages, which is that of the
 * indexes.
 * @param path of the group, where the query knows it
 */
export function sortKeys(sort: readonly DeviceSort[], path: RawBuilder<unknown> = pathOfGroup): SortKey[] {
  const end = sort.findIndex(({ field }) => field === 'id');
  const { descending = false } = sort.at(-1) ?? {};
  const rest = (['name', 'id'] as const).filter((field) => sort.length > 0 || field === 'id');
  const complete =
    end < 0
      ? [
          ...sort,
          ...rest
            .filter((name) => sort.every(({ field }) => field !== name))
            .map((field) => ({ field, descending })),
        ]
      : sort.slice(0, end + 1);
  return complete.map((key) => ({ ...key, value: key.field === 'group' ? path : values[key.field] }));
}

const numberFields: ReadonlySet<DeviceSortField> = new Set([
  'created',
  'updated',
  'interfaces.enabled',
  'interfaces.lastContact',
]);

/** How many values a place has in an order, and of what type. */
export function placeTypes(sort: readonly DeviceSort[]): ('string' | 'number')[] {
  return sortKeys(sort).map(({ field }) => (numberFields.has(field) ? 'number' : 'string'));
}

/** Behind a place: beyond it in the first key, or equal in that and beyond it in the next, and so on. */
export function isAfter(keys: readonly SortKey[], place: DevicePlace): RawBuilder<boolean> {
  const [key, ...others] = keys;
  const [value, ...further] = place;
  if (!key || value === undefined) throw invalidParameter('bookmark: belongs to another order');
  const beyond = sql.raw(key.descending ? '<' : '>');
  const strict = sql<boolean>`${key.value} ${beyond} ${value}`;
  if (others.length === 0) return strict;
  // The first half is implied by the second; an index serves it.
  return sql<boolean>`(${key.value} ${beyond}= ${value} and (${strict} or ${isAfter(others, further)}))`;
}
