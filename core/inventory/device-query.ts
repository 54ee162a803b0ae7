import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import type { DeviceSortField } from '../contract/devices.ts';
import { interfaceKinds } from '../contract/interface-kinds/index.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import type { RsqlExpression } from '../contract/rsql/ast.ts';
import { resolveRsql } from '../contract/rsql/resolve.ts';
import { compileRsql } from '../rsql/compile.ts';
import { sqlBuilder } from '../store/builder.ts';
import type { Schema } from '../store/schema.ts';
import type { Statement } from '../store/types.ts';
import { deviceFieldsOf } from './device-fields.ts';

/** Which devices of a tenant. All parts are joined by AND. */
export interface DeviceFilter {
  /** Over the fields of `device-fields.ts`. */
  readonly expressions: readonly RsqlExpression[];
  /** Devices with an interface that fits all that is named here. */
  readonly withInterface?: InterfaceFilter | undefined;
  /** Words in lower case; the device has one of them in its texts. */
  readonly words?: readonly string[] | undefined;
  /** Devices whose static location is within. Over the date line where `east` is less than `west`. */
  readonly bounds?: GeoBounds | undefined;
}

export interface InterfaceFilter {
  readonly connectors: readonly string[];
  readonly nodeId: string | undefined;
  readonly statuses: readonly string[];
  readonly enabled: boolean | undefined;
}

/** Degrees. */
export interface GeoBounds {
  readonly north: number;
  readonly south: number;
  readonly east: number;
  readonly west: number;
}

export interface DeviceSort {
  readonly field: DeviceSortField;
  readonly descending: boolean;
}

/** Values of the sort keys of a device, with its id as the last: a place in the order. */
export type DevicePlace = readonly (string | number)[];

/** A page of the devices that a filter lets through (manual 5.3.2.1, facts 5). */
export interface DeviceQuery {
  readonly filter: DeviceFilter;
  readonly limit: number;
  readonly offset: number;
  readonly sort: readonly DeviceSort[];
  /** The page begins after this place. */
  readonly after?: DevicePlace | undefined;
}

interface Tables extends Schema {
  d: Schema['devices'];
}
type Rows<Output> = SelectQueryBuilder<Tables, 'd', Output>;

/** True when the answer depends on what live sessions change, so that this must be written first. */
export function readsSessions({ filter, sort }: Pick<DeviceQuery, 'filter' | 'sort'>): boolean {
  const named = (expression: RsqlExpression): boolean =>
    expression.kind === 'comparison'
      ? expression.selector.startsWith('interfaces.')
      : expression.operands.some(named);
  return (
    (filter.withInterface?.statuses.length ?? 0) > 0 ||
    filter.expressions.some(named) ||
    sort.some(({ field }) => field.startsWith('interfaces.'))
  );
}

/**
 * One page. Rows are `{ id, key0, key1, … }` with the values of the sort keys, the id always among them.
 * @throws RsqlError when an expression does not fit the fields
 */
export function selectDevices(tenantId: string, query: DeviceQuery): Statement {
  const keys = sortKeys(query.sort);
  let rows = filteredDevices(tenantId, query.filter).select(['d.id', ...selected(keys)]);
  if (query.after) rows = rows.where(isAfter(keys, query.after));
  for (const [index, { descending }] of keys.entries()) {
    rows = rows.orderBy(sql.ref(`key${index}`), descending ? 'desc' : 'asc');
  }
  return rows.limit(query.limit).offset(query.offset).compile();
}

/** The place of one device in an order: no row, or one as of {@link selectDevices}. */
export function selectPlace(tenantId: string, deviceId: string, sort: readonly DeviceSort[]): Statement {
  return filteredDevices(tenantId, { expressions: [] })
    .select(['d.id', ...selected(sortKeys(sort))])
    .where('d.id', '=', deviceId)
    .compile();
}

/** The place that a row of {@link selectDevices} tells. */
export function placeOf(row: Readonly<Record<string, unknown>>, sort: readonly DeviceSort[]): DevicePlace {
  return sortKeys(sort).map((_, index) => row[`key${index}`] as string | number);
}

/** How many values a place has in an order, and of what type. */
export function placeTypes(sort: readonly DeviceSort[]): ('string' | 'number')[] {
  return sortKeys(sort).map(({ field }) => (numberFields.has(field) ? 'number' : 'string'));
}

/** How many devices the filter lets through. One row, `{ total }`. */
export function countDevices(tenantId: string, filter: DeviceFilter): Statement {
  return filteredDevices(tenantId, filter)
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .compile();
}

export function isUnfiltered({ expressions, withInterface, words, bounds }: DeviceFilter): boolean {
  return expressions.length === 0 && !withInterface && !words && !bounds;
}

/** The devices, as `d`. */
export function filteredDevices(tenantId: string, filter: DeviceFilter): Rows<object> {
  let rows = sqlBuilder
    .selectFrom('devices as d')
    .where('d.tenant_id', '=', tenantId) as unknown as Rows<object>;
  const fields = deviceFieldsOf(tenantId);
  for (const expression of filter.expressions)
    rows = rows.where(compileRsql(resolveRsql(expression, fields)));
  const { withInterface, words, bounds } = filter;
  if (withInterface) rows = rows.where('d.id', 'in', fittingInterfaces(tenantId, withInterface));
  if (words) rows = rows.where((eb) => eb.or(words.map((word) => hasWord(word))));
  if (bounds) rows = rows.where(isWithin(bounds));
  return rows;
}

function fittingInterfaces(tenantId: string, { connectors, nodeId, statuses, enabled }: InterfaceFilter) {
  let fitting = sqlBuilder
    .selectFrom('interfaces as i')
    .select('i.device_id')
    .where('i.tenant_id', '=', tenantId);
  if (connectors.length > 0) fitting = fitting.where('i.connector', 'in', connectors);
  if (nodeId !== undefined) {
    // As in a path: where a connector has one form of its node ids, others stand for it.
    const canonical = interfaceKinds.flatMap((kind) =>
      kind.canonicalNodeId ? { connector: kind.connector, nodeId: kind.canonicalNodeId(nodeId) } : [],
    );
    fitting = fitting.where((eb) =>
      eb.or([
        eb('i.node_id', '=', nodeId),
        ...canonical.map((each) =>
          eb.and([eb('i.connector', '=', each.connector), eb('i.node_id', '=', each.nodeId)]),
        ),
      ]),
    );
  }
  if (statuses.length > 0) fitting = fitting.where('i.status', 'in', statuses);
  if (enabled !== undefined) fitting = fitting.where('i.enabled', '=', enabled ? 1 : 0);
  return fitting;
}

const hasWord = (word: string): RawBuilder<boolean> =>
  sql<boolean>`replace(d.search_text, ${word}, '') <> d.search_text`;

function isWithin({ north, south, east, west }: GeoBounds): RawBuilder<boolean> {
  const between = sql<boolean>`d.lat >= ${south} and d.lat <= ${north}`;
  return west <= east
    ? sql<boolean>`(${between} and d.lon >= ${west} and d.lon <= ${east})`
    : sql<boolean>`(${between} and (d.lon >= ${west} or d.lon <= ${east}))`;
}

interface SortKey extends DeviceSort {
  readonly value: RawBuilder<unknown>;
}

/** The keys asked for, and the id, so that equal keys keep one order over all pages. */
function sortKeys(sort: readonly DeviceSort[]): SortKey[] {
  const end = sort.findIndex(({ field }) => field === 'id');
  const complete = end < 0 ? [...sort, { field: 'id', descending: false } as const] : sort.slice(0, end + 1);
  return complete.map((key) => ({ ...key, value: sortValue(key) }));
}

const selected = (keys: readonly SortKey[]) => keys.map(({ value }, index) => value.as(`key${index}`));

const numberFields: ReadonlySet<DeviceSortField> = new Set([
  'created',
  'updated',
  'interfaces.enabled',
  'interfaces.lastContact',
]);

/** Of a device with several interfaces, the one that comes first in the order asked for decides. */
function sortValue({ field, descending }: DeviceSort): RawBuilder<unknown> {
  const first = sql.raw(descending ? 'max' : 'min');
  const ofInterfaces = (column: string, missing: string | number) =>
    sql`coalesce((select ${first}(${sql.ref(`i.${column}`)}) from interfaces i
      where i.tenant_id = d.tenant_id and i.device_id = d.id), ${sql.lit(missing)})`;
  switch (field) {
    case 'id':
      return sql`d.id`;
    case 'name':
      return sql`coalesce(d.name, '')`;
    case 'group':
      // The root group has no row of its own.
      return sql`coalesce((select g.path from groups g where g.tenant_id = d.tenant_id and g.id = d.group_id), '/')`;
    case 'created':
      return sql`d.created`;
    case 'updated':
      return sql`d.updated`;
    case 'interfaces.status':
      return ofInterfaces('status', '');
    case 'interfaces.enabled':
      return ofInterfaces('enabled', 0);
    case 'interfaces.lastContact':
      return ofInterfaces('last_contact', 0);
  }
}

/** Behind a place: beyond it in the first key, or equal in that and beyond it in the next, and so on. */
function isAfter(keys: readonly SortKey[], place: DevicePlace): RawBuilder<boolean> {
  const [key, ...others] = keys;
  const [value, ...further] = place;
  if (!key || value === undefined) throw invalidParameter('bookmark: belongs to another order');
  const beyond = sql.raw(key.descending ? '<' : '>');
  const strict = sql<boolean>`${key.value} ${beyond} ${value}`;
  if (others.length === 0) return strict;
  // The first half is implied by the second; an index serves it.
  return sql<boolean>`(${key.value} ${beyond}= ${value} and (${strict} or ${isAfter(others, further)}))`;
}
