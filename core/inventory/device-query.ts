import { type ExpressionBuilder, type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import type { DeviceSortField } from '../contract/devices.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import { sqlBuilder } from '../store/builder.ts';
import type { Schema } from '../store/schema.ts';
import type { Statement } from '../store/types.ts';

/** Which devices of a tenant, in which order (manual 5.3.2.1, facts 5). Filters are joined by AND. */
export interface DeviceQuery {
  readonly limit: number;
  readonly offset: number;
  /** Id of the last device of the page before; needs an order by id. */
  readonly bookmarkId?: string | undefined;
  readonly sort: readonly { readonly field: DeviceSortField; readonly descending: boolean }[];
  /** Exact, or with `*` at the start, at the end, at both or once within. */
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  /** `/a` exactly, `/a/*` with all groups below. */
  readonly groupPath?: string | undefined;
  readonly groupId?: string | undefined;
  /** Devices that have all of these. */
  readonly tags: readonly string[];
  /** Devices with an interface that fits all that is named of these. */
  readonly connectors: readonly string[];
  readonly nodeId?: string | undefined;
  readonly statuses: readonly string[];
  readonly enabled?: boolean | undefined;
  readonly properties: Readonly<Record<string, string>>;
}

interface Tables extends Schema {
  d: Schema['devices'];
  g: { [Column in keyof Schema['groups']]: Schema['groups'][Column] | null };
}
type Rows<Output> = SelectQueryBuilder<Tables, 'd' | 'g', Output>;
type Builder = ExpressionBuilder<Tables, 'd' | 'g'>;

/** True when the answer depends on what live sessions change, so that this must be written first. */
export function readsSessions(query: DeviceQuery): boolean {
  return query.statuses.length > 0 || query.sort.some(({ field }) => field.startsWith('interfaces.'));
}

/** The ids of one page. Rows are `{ id }`. */
export function selectDeviceIds(tenantId: string, query: DeviceQuery): Statement {
  let rows = filtered(tenantId, query).select('d.id');
  const { bookmarkId } = query;
  if (bookmarkId !== undefined) rows = rows.where('d.id', requireOrderById(query) ? '<' : '>', bookmarkId);
  for (const { field, descending } of query.sort) {
    rows = rows.orderBy((eb) => sortKey(eb, field, descending), descending ? 'desc' : 'asc');
  }
  // Equal keys keep one order over all pages.
  if (!query.sort.some(({ field }) => field === 'id')) rows = rows.orderBy('d.id');
  return rows.limit(query.limit).offset(query.offset).compile();
}

/** How many devices the filters let through. One row, `{ total }`. */
export function countDevices(tenantId: string, query: DeviceQuery): Statement {
  return filtered(tenantId, query)
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .compile();
}

function filtered(tenantId: string, query: DeviceQuery): Rows<object> {
  // The root group has no row of its own, hence the left join and the path of a missing group.
  let rows: Rows<object> = sqlBuilder
    .selectFrom('devices as d')
    .leftJoin('groups as g', (join) =>
      join.onRef('g.tenant_id', '=', 'd.tenant_id').onRef('g.id', '=', 'd.group_id'),
    )
    .where('d.tenant_id', '=', tenantId) as unknown as Rows<object>;
  const { id, name, groupPath, groupId, enabled } = query;
  if (id !== undefined) rows = rows.where(wildcard('id', sql`d.id`, id));
  if (name !== undefined) rows = rows.where(wildcard('name', sql`coalesce(d.name, '')`, name));
  if (groupId !== undefined) rows = rows.where('d.group_id', '=', groupId);
  if (groupPath !== undefined) rows = rows.where(inGroup(groupPath));
  for (const tag of query.tags) rows = rows.where(hasJsonItem(sql`d.tags`, '[', JSON.stringify(tag)));
  for (const [key, value] of Object.entries(query.properties)) {
    rows = rows.where(hasJsonItem(sql`d.properties`, '{', `${JSON.stringify(key)}:${JSON.stringify(value)}`));
  }
  const { connectors, nodeId, statuses } = query;
  if (connectors.length > 0 || nodeId !== undefined || statuses.length > 0 || enabled !== undefined) {
    rows = rows.where((eb) => {
      let fitting = interfacesOf(eb).select(sql<number>`1`.as('one'));
      if (connectors.length > 0) fitting = fitting.where('i.connector', 'in', connectors);
      if (nodeId !== undefined) fitting = fitting.where('i.node_id', '=', nodeId);
      if (statuses.length > 0) fitting = fitting.where('i.status', 'in', statuses);
      if (enabled !== undefined) fitting = fitting.where('i.enabled', '=', enabled ? 1 : 0);
      return eb.exists(fitting);
    });
  }
  return rows;
}

const interfacesOf = (eb: Builder) =>
  eb
    .selectFrom('interfaces as i')
    .whereRef('i.tenant_id', '=', 'd.tenant_id')
    .whereRef('i.device_id', '=', 'd.id');

/** Of a device with several interfaces, the one that comes first in the order asked for decides. */
function sortKey(eb: Builder, field: DeviceSortField, descending: boolean) {
  const ofInterfaces = (column: 'i.status' | 'i.enabled' | 'i.last_contact') =>
    interfacesOf(eb).select((inner) => (descending ? inner.fn.max(column) : inner.fn.min(column)).as('key'));
  switch (field) {
    case 'id':
      return sql`d.id`;
    case 'name':
      return sql`coalesce(d.name, '')`;
    case 'group':
      return sql`coalesce(g.path, '/')`;
    case 'created':
      return sql`d.created`;
    case 'updated':
      return sql`d.updated`;
    case 'interfaces.status':
      return sql`coalesce(${ofInterfaces('i.status')}, '')`;
    case 'interfaces.enabled':
      return sql`coalesce(${ofInterfaces('i.enabled')}, 0)`;
    case 'interfaces.lastContact':
      return sql`coalesce(${ofInterfaces('i.last_contact')}, 0)`;
  }
}

/** True when the order by id is descending. */
function requireOrderById({ sort }: DeviceQuery): boolean {
  const [first] = sort;
  if (!first || (sort.length === 1 && first.field === 'id')) return first?.descending ?? false;
  throw invalidParameter('query.bookmarkId: needs the order by id; leave sort out, or give id or -id');
}

/** Comparisons by parts of the text and not by LIKE: they mind the letter case, and know no other wildcard. */
function wildcard(field: string, column: RawBuilder<unknown>, pattern: string): RawBuilder<boolean> {
  const parts = pattern.split('*');
  const [start = '', end = ''] = parts;
  if (parts.length === 1) return sql<boolean>`${column} = ${pattern}`;
  if (parts.length === 2) {
    return sql<boolean>`(length(${column}) >= length(${start}) + length(${end})
      and substr(${column}, 1, length(${start})) = ${start}
      and substr(${column}, length(${column}) - length(${end}) + 1) = ${end})`;
  }
  const [, middle = '', last = ''] = parts;
  if (parts.length === 3 && start === '' && last === '') {
    return middle === '' ? sql<boolean>`1 = 1` : contains(column, middle);
  }
  throw invalidParameter(`query.${field}: takes text, text*, *text, *text* or one * within the text`);
}

/** Letter case counts, which LIKE and its kin do not agree on from one database to the next. */
const contains = (column: RawBuilder<unknown>, text: string): RawBuilder<boolean> =>
  sql<boolean>`replace(${column}, ${text}, '') <> ${column}`;

/**
 * An item of a list or map that is kept as JSON text. What begins it can stand for nothing else: within a
 * string, a quotation mark follows a backslash.
 */
const hasJsonItem = (column: RawBuilder<unknown>, opening: '[' | '{', item: string): RawBuilder<boolean> =>
  sql<boolean>`(${contains(column, `${opening}${item}`)} or ${contains(column, `,${item}`)})`;

function inGroup(groupPath: string): RawBuilder<boolean> {
  const absolute = groupPath.startsWith('/') ? groupPath : `/${groupPath}`;
  const path = sql`coalesce(g.path, '/')`;
  if (!absolute.endsWith('/*')) return sql<boolean>`${path} = ${absolute}`;
  const top = absolute.slice(0, -2);
  if (top === '') return sql<boolean>`1 = 1`;
  const below = `${top}/`;
  return sql<boolean>`(${path} = ${top} or substr(${path}, 1, length(${below})) = ${below})`;
}
