import { z } from 'zod';
import { interfaceStatuses } from '../contract/connectors.ts';
import { type DeviceSortField, deviceFields, deviceSortFields } from '../contract/devices.ts';
import { PlatformError } from '../contract/errors.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import type { DeviceQuery } from '../inventory/device-query.ts';
import { queryBoolean, queryList, v1PageQuery } from './paging.ts';

const listOf = <const Values extends readonly string[]>(allowed: Values) =>
  queryList.pipe(z.array(z.enum(allowed, `must be of ${allowed.join(', ')}`)));

const pattern = z.string().max(300, 'must have at most 300 characters').optional();

/** Query parameters of the list of devices (manual 5.3.2.1, facts 5). */
export const deviceListQuery = z.looseObject({
  ...v1PageQuery,
  bookmarkId: z
    .string()
    .optional()
    .describe('Id of the last device of the page before; faster than a large offset. Needs the order by id'),
  sort: queryList
    .pipe(
      z.array(
        z
          .string()
          .refine(
            (key) => deviceSortFields.includes(key.replace(/^-/, '') as DeviceSortField),
            `must be of ${deviceSortFields.join(', ')}; with - before it for descending order`,
          ),
      ),
    )
    .optional()
    .describe(`Any of ${deviceSortFields.join(', ')}; with - before it for descending order`),
  id: pattern.describe('Device id; * at the start or end, or once within, stands for any text'),
  name: pattern.describe('Device name; * as for id'),
  groupPath: z.string().max(1002).optional().describe('/a for that group, /a/* for it and all below it'),
  groupId: z.string().max(64).optional(),
  tags: queryList.optional().describe('Devices that have all of these'),
  connectors: queryList.optional().describe('Devices with an interface of any of these'),
  'interfaces.nodeId': z.string().max(300).optional(),
  'interfaces.status': listOf(interfaceStatuses).optional().describe('Any of these'),
  'interfaces.enabled': queryBoolean.optional(),
  activityStates: z.unknown().optional().describe('Not offered yet'),
  filterQuery: z.unknown().optional().describe('Not offered yet'),
  fields: listOf(deviceFields)
    .optional()
    .describe(`Any of ${deviceFields.join(', ')}`),
});

const propertyPrefix = 'property.';

/** @throws PlatformError `api.notOffered`, `api.invalidParameter` */
export function toDeviceQuery(query: z.output<typeof deviceListQuery>): DeviceQuery {
  for (const name of ['filterQuery', 'activityStates'] as const) {
    if (query[name] === undefined) continue;
    throw new PlatformError('api.notOffered', 'This filter is not offered yet. Use the other filters.', {
      details: `query.${name}`,
    });
  }
  return {
    limit: query.limit,
    offset: query.offset,
    bookmarkId: query.bookmarkId,
    sort: (query.sort ?? []).map((key) => ({
      field: key.replace(/^-/, '') as DeviceSortField,
      descending: key.startsWith('-'),
    })),
    id: query.id,
    name: query.name,
    groupPath: query.groupPath,
    groupId: query.groupId,
    tags: query.tags ?? [],
    connectors: query.connectors ?? [],
    nodeId: query['interfaces.nodeId'],
    statuses: query['interfaces.status'] ?? [],
    enabled: query['interfaces.enabled'],
    properties: propertiesOf(query),
  };
}

function propertiesOf(query: Readonly<Record<string, unknown>>): Record<string, string> {
  const asked = Object.entries(query).filter(([name]) => name.startsWith(propertyPrefix));
  return Object.fromEntries(
    asked.map(([name, value]) => {
      if (typeof value === 'string') return [name.slice(propertyPrefix.length), value];
      throw invalidParameter(`query.${name}: must be given once`);
    }),
  );
}
