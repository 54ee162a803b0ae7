import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import { interfaceKinds } from '../contract/interface-kinds/index.ts';
import type { RsqlExpression } from '../contract/rsql/ast.ts';
import { resolveRsql } from '../contract/rsql/resolve.ts';
import { compileRsql } from '../rsql/compile.ts';
import { sqlBuilder } from '../store/builder.ts';
import type { Schema } from '../store/schema.ts';
import type { Statement } from '../store/types.ts';
import { deviceFieldsOf, inPassing } from './device-fields.ts';
import { type DevicePlace, type DeviceSort, isAfter, sortKeys } from './device-order.ts';
import type { SetSizes } from './set-sizes.ts';
import { rootGroupId } from './tenant-inventory.ts';

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
  g: Schema['groups'];
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
 * @param sizes notes the sets that the filter names, and decides by those that it knows
 * @throws RsqlError when an expression does not fit the fields
 */
export function selectDevices(tenantId: string, query: DeviceQuery, sizes?: SetSizes): Statement {
  const { filter, sort, after } = query;
  const page = (rows: Rows<object>, path?: RawBuilder<unknown>) => {
    const keys = sortKeys(sort, path);
    const selected = rows.select(['d.id', ...keys.map(({ value }, index) => value.as(`key${index}`))]);
    return after ? selected.where(isAfter(keys, after)) : selected;
  };
  let rows =
    sort[0]?.field === 'group'
      ? // Group after group, so that nobody sorts all devices by the path of their group.
        page(
          filteredDevices(tenantId, filter, sizes).where('d.group_id', '=', rootGroupId),
          sql`'/'`,
        ).unionAll(
          page(filteredDevices(tenantId, filter, sizes, devicesByGroup(tenantId)), sql.ref('g.path')),
        )
      : page(filteredDevices(tenantId, filter, sizes));
  for (const [index, { descending }] of sortKeys(sort).entries()) {
    rows = rows.orderBy(sql.ref(`key${index}`), descending ? 'desc' : 'asc');
  }
  return rows.limit(query.limit).offset(query.offset).compile();
}

/** All devices that are in a group with a row of its own, each beside it. */
function devicesByGroup(tenantId: string): Rows<object> {
  return sqlBuilder
    .selectFrom('groups as g')
    .crossJoin('devices as d')
    .where('g.tenant_id', '=', tenantId)
    .whereRef('d.group_id', '=', 'g.id') as unknown as Rows<object>;
}

/** The place of one device in an order: no row, or one as of {@link selectDevices}. */
export function selectPlace(tenantId: string, deviceId: string, sort: readonly DeviceSort[]): Statement {
  return filteredDevices(tenantId, { expressions: [] })
    .select(['d.id', ...sortKeys(sort).map(({ value }, index) => value.as(`key${index}`))])
    .where('d.id', '=', deviceId)
    .compile();
}

/** The place that a row of {@link selectDevices} tells. */
export function placeOf(row: Readonly<Record<string, unknown>>, sort: readonly DeviceSort[]): DevicePlace {
  return sortKeys(sort).map((_, index) => row[`key${index}`] as string | number);
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

const allDevices = (): Rows<object> => sqlBuilder.selectFrom('devices as d') as unknown as Rows<object>;

/** The devices, as `d`. */
export function filteredDevices(
  tenantId: string,
  filter: DeviceFilter,
  sizes?: SetSizes,
  from: Rows<object> = allDevices(),
): Rows<object> {
  let rows = from.where('d.tenant_id', '=', tenantId);
  const fields = deviceFieldsOf(tenantId, sizes);
  for (const expression of filter.expressions)
    rows = rows.where(compileRsql(resolveRsql(expression, fields)));
  const { withInterface, words, bounds } = filter;
  if (withInterface) rows = rows.where(hasInterface(tenantId, withInterface, sizes));
  if (words) rows = rows.where(hasWords(tenantId, words));
  if (bounds) rows = rows.where(isWithin(bounds));
  return rows;
}

function hasInterface(
  tenantId: string,
  filter: InterfaceFilter,
  sizes: SetSizes | undefined,
): RawBuilder<boolean> {
  // The index of node ids begins with the node, and one of the tenant's would be no help.
  const ofTenant =
    filter.nodeId === undefined ? sql`i.tenant_id = ${tenantId}` : inPassing('i.tenant_id', tenantId);
  const fitting = sql`${ofTenant} and ${fitsInterface(filter)}`;
  const members = sql`select i.device_id from interfaces i where ${fitting}`;
  if (!sizes?.isLarge(members)) return sql<boolean>`d.id in (${members})`;
  return sql<boolean>`exists (select 1 from interfaces i where ${fitting} and i.device_id = d.id)`;
}

function fitsInterface({ connectors, nodeId, statuses, enabled }: InterfaceFilter): RawBuilder<boolean> {
  const conditions: RawBuilder<boolean>[] = [];
  if (connectors.length > 0) conditions.push(sql`i.connector in (${sql.join(connectors)})`);
  if (nodeId !== undefined) conditions.push(hasNodeId(nodeId));
  if (statuses.length > 0) conditions.push(sql`i.status in (${sql.join(statuses)})`);
  if (enabled !== undefined) conditions.push(sql`i.enabled = ${enabled ? 1 : 0}`);
  return sql.join(conditions, sql` and `);
}

/** As in a path: where a connector has one form of its node ids, others stand for it. */
function hasNodeId(nodeId: string): RawBuilder<boolean> {
  const forms = interfaceKinds.flatMap(({ connector, canonicalNodeId }) =>
    canonicalNodeId ? sql`(i.connector = ${connector} and i.node_id = ${canonicalNodeId(nodeId)})` : [],
  );
  return sql<boolean>`(${sql.join([sql`i.node_id = ${nodeId}`, ...forms], sql` or `)})`;
}

/** Looked for in all rows once for the query. */
function hasWords(tenantId: string, words: readonly string[]): RawBuilder<boolean> {
  const tests = words.map((word) => sql`replace(x.search_text, ${word}, '') <> x.search_text`);
  return sql<boolean>`d.id in (select x.id from devices x
    where ${inPassing('x.tenant_id', tenantId)} and (${sql.join(tests, sql` or `)}))`;
}

function isWithin({ north, south, east, west }: GeoBounds): RawBuilder<boolean> {
  const between = sql<boolean>`d.lat >= ${south} and d.lat <= ${north}`;
  return west <= east
    ? sql<boolean>`(${between} and d.lon >= ${west} and d.lon <= ${east})`
    : sql<boolean>`(${between} and (d.lon >= ${west} or d.lon <= ${east}))`;
}
