import { z } from 'zod';
import { connectorNames, interfaceStatuses } from '../contract/connectors.ts';
import {
  activityStates,
  deviceFields,
  deviceSort,
  deviceSortFields,
  toDeviceSort,
} from '../contract/devices.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import { requireAtMost } from '../contract/require-at-most.ts';
import type { RsqlExpression } from '../contract/rsql/ast.ts';
import { deviceHas, readDeviceFilter, readDevicePattern } from '../inventory/device-filter-text.ts';
import type { DeviceListQuery } from '../inventory/device-list.ts';
import type { InventoryLimits } from '../inventory/inventory-limits.ts';
import { queryBoolean, queryList, v1PageQuery } from './paging.ts';

const listOf = <const Values extends readonly string[]>(allowed: Values) =>
  queryList.pipe(z.array(z.enum(allowed, `must be one of ${allowed.join(', ')}`)).max(allowed.length * 2));

const pattern = z.string().optional();

/** Query parameters of the list of devices (manual 5.3.2.1, facts 5). */
export const deviceListQuery = z.looseObject({
  ...v1PageQuery,
  bookmarkId: z
    .string()
    .optional()
    .describe('Id of the last device of the page before; faster than a large offset'),
  sort: queryList
    .pipe(deviceSort)
    .optional()
    .describe(`Any of ${deviceSortFields.join(', ')}; with - before it for descending order`),
  id: pattern.describe('Device id; * at the start or end, or once within, stands for any text'),
  name: pattern.describe('Device name; * as for id; in quotation marks exactly this'),
  groupPath: z.string().optional().describe('/a for that group, /a/* for it and all below it'),
  groupId: z.string().optional(),
  tags: queryList.optional().describe('Devices that have all of these'),
  connectors: listOf(connectorNames).optional().describe('Devices with an interface of any of these'),
  'interfaces.nodeId': z.string().optional(),
  'interfaces.status': listOf(interfaceStatuses).optional().describe('Any of these'),
  'interfaces.enabled': queryBoolean.optional(),
  activityStates: listOf(activityStates).optional().describe('Any of these'),
  filterQuery: z
    .string()
    .optional()
    .describe(
      'RSQL: == != =in= =out= =lt= =le= =gt= =ge= =q=, ; or and, , or or, parentheses, * in values, e.g. groupPath==/france/*;(tags==demo,property.site=in=(north,south))',
    ),
  fields: listOf(deviceFields)
    .optional()
    .describe(`Any of ${deviceFields.join(', ')}`),
});

const propertyPrefix = 'property.';

/** @throws PlatformError `api.invalidParameter` */
export function toDeviceQuery(
  query: z.output<typeof deviceListQuery>,
  limits: InventoryLimits,
): DeviceListQuery {
  const { limit, offset, bookmarkId, groupId, connectors, activityStates: states, filterQuery } = query;
  const expressions: RsqlExpression[] = [];
  for (const name of ['id', 'name', 'groupPath'] as const) {
    const text = query[name];
    if (text !== undefined) expressions.push(readDevicePattern(name, text, `query.${name}`));
  }
  if (groupId !== undefined) expressions.push(deviceHas('groupId', [groupId], 'query.groupId'));
  requireAtMost(limits, 'deviceListMaxFilters', query.tags?.length, 'query.tags', 'tags');
  expressions.push(
    ...(query.tags ?? []).map((tag) => deviceHas('tags', [tag], 'query.tags')),
    ...propertiesOf(query, limits),
  );
  if (states) expressions.push(deviceHas('activityState', states, 'query.activityStates'));
  if (filterQuery !== undefined) expressions.push(readDeviceFilter(filterQuery, 'query.filterQuery', limits));
  const withInterface = {
    connectors: connectors ?? [],
    nodeId: query['interfaces.nodeId'],
    statuses: query['interfaces.status'] ?? [],
    enabled: query['interfaces.enabled'],
  };
  const anyInterface = Object.values(withInterface).every((part) =>
    Array.isArray(part) ? part.length === 0 : part === undefined,
  );
  return {
    filter: { expressions, withInterface: anyInterface ? undefined : withInterface },
    limit,
    offset,
    bookmarkId,
    sort: (query.sort ?? []).map(toDeviceSort),
  };
}

function propertiesOf(query: Readonly<Record<string, unknown>>, limits: InventoryLimits): RsqlExpression[] {
  const asked = Object.entries(query).filter(([name]) => name.startsWith(propertyPrefix));
  requireAtMost(limits, 'deviceListMaxFilters', asked.length, 'query.property.*', 'properties');
  return asked.map(([name, value]) => {
    if (typeof value === 'string') return deviceHas(name, [value], `query.${name}`);
    throw invalidParameter(`query.${name}: must be given once`);
  });
}
