import { type RawBuilder, sql } from 'kysely';
import { propertyOfSelector } from '../contract/device-filter-fields.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import { sqlBuilder } from '../store/builder.ts';
import type { Statement } from '../store/types.ts';
import { type DeviceFilter, filteredDevices, isUnfiltered } from './device-query.ts';
import { geohashGrid } from './geohash.ts';

/** Counts devices by the values of a field. Rows are `{ value, count }`, the most frequent first. */
export function countByField(tenantId: string, filter: DeviceFilter, field: string, most: number): Statement {
  const property = propertyOfSelector(field);
  const counts = property === undefined ? countsByName[field] : byLabel(`property.${property}`);
  if (!counts || (property === undefined && !Object.hasOwn(countsByName, field)))
    throw invalidParameter(
      `body.groupBy.field: must be one of ${Object.keys(countsByName).join(', ')} or property.{name}`,
    );
  return sqlBuilder
    .selectFrom(counts(tenantId, filter).as('counts'))
    .select(['value', 'count'])
    .orderBy('count', 'desc')
    .orderBy('value')
    .limit(most)
    .compile();
}

/**
 * Counts devices by the cell of the geohash grid that their static location is in. Rows are
 * `{ column, row, count, lat, lon }`, with the mean position.
 */
export function countByCell(
  tenantId: string,
  filter: DeviceFilter,
  precision: number,
  most: number,
): Statement {
  const { columns, rows } = geohashGrid(precision);
  // The last meridian and the pole belong to the last cell.
  const cell = (column: string, half: number, cells: number): RawBuilder<number> => {
    const degrees = sql.ref(`d.${column}`);
    return sql<number>`case when ${degrees} >= ${half} then ${cells - 1}
      else floor((${degrees} + ${half}) * ${cells / (2 * half)}) end`;
  };
  return filteredDevices(tenantId, filter)
    .where('d.lat', 'is not', null)
    .select((eb) => [
      cell('lon', 180, columns).as('column'),
      cell('lat', 90, rows).as('row'),
      eb.fn.countAll<number>().as('count'),
      eb.fn.avg<number>('d.lat').as('lat'),
      eb.fn.avg<number>('d.lon').as('lon'),
    ])
    .groupBy([sql.ref('column'), sql.ref('row')])
    .orderBy('count', 'desc')
    .orderBy(sql.ref('column'))
    .orderBy(sql.ref('row'))
    .limit(most)
    .compile();
}

type Counts = (tenantId: string, filter: DeviceFilter) => ReturnType<typeof countsOf>;
const countsOf = (query: RawBuilder<{ value: string | number; count: number }>) => query;

const ofDevice =
  (value: RawBuilder<unknown>): Counts =>
  (tenantId, filter) => {
    const values = filteredDevices(tenantId, filter).select(value.as('value'));
    return countsOf(sql`(select value, count(*) as count from (${values}) as found group by value)`);
  };

const ofInterfaces =
  (column: string): Counts =>
  (tenantId, filter) => {
    const value = sql.ref(`i.${column}`);
    return countsOf(sql`(select ${value} as value, count(distinct i.device_id) as count from interfaces i
      where i.tenant_id = ${tenantId} and ${among('i.device_id', tenantId, filter)} group by ${value})`);
  };

const byLabel =
  (name: string): Counts =>
  (tenantId, filter) =>
    countsOf(sql`(select l.value as value, count(*) as count from device_labels l
      where l.tenant_id = ${tenantId} and l.name = ${name} and ${among('l.device_id', tenantId, filter)}
      group by l.value)`);

function among(column: string, tenantId: string, filter: DeviceFilter): RawBuilder<boolean> {
  if (isUnfiltered(filter)) return sql<boolean>`1 = 1`;
  return sql<boolean>`${sql.ref(column)} in (${filteredDevices(tenantId, filter).select('d.id')})`;
}

const groupPath = ofDevice(
  sql`coalesce((select g.path from groups g where g.tenant_id = d.tenant_id and g.id = d.group_id), '/')`,
);
const groupId = ofDevice(sql`d.group_id`);
const activity = ofDevice(sql`d.activity_state`);
const connector = ofInterfaces('connector');
const countsByName: Readonly<Record<string, Counts>> = {
  tags: byLabel('tag'),
  name: ofDevice(sql`coalesce(d.name, '')`),
  description: ofDevice(sql`coalesce(d.description, '')`),
  'group.path': groupPath,
  groupPath,
  'group.id': groupId,
  groupId,
  aggregatedActivityState: activity,
  activityState: activity,
  connector,
  'interfaces.connector': connector,
  'interfaces.status': ofInterfaces('status'),
  'interfaces.enabled': ofInterfaces('enabled'),
};
