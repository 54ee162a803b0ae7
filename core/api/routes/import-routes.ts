import { z } from 'zod';
import { bulkFormats, importError, importId, importReport } from '../../contract/imports.ts';
import { exportDevices } from '../../inventory/bulk/device-export.ts';
import type { ImportService } from '../../inventory/bulk/import-service.ts';
import type { InventoryService } from '../../inventory/inventory-service.ts';
import { deviceListQuery, toDeviceQuery } from '../device-list-query.ts';
import { queryBoolean, v1List, v1PageQuery } from '../paging.ts';
import { Answer, defineRoute, type Route } from '../route.ts';

const url = '/bench/v1/devices/imports';
const tag = 'Import and export';
const params = z.object({ importId });
const yesNo = queryBoolean.optional().transform((given) => given ?? false);

/** Files of devices, in and out. */
export function importRoutes({
  inventory,
  imports,
}: {
  inventory: InventoryService;
  imports: ImportService;
}): Route[] {
  return [
    defineRoute({
      method: 'PUT',
      url: `${url}/:importId`,
      role: 'DEVICE_W',
      tag,
      summary: 'Import devices from a file',
      description: `The body is the file: CSV with the names of its columns in the first line, a JSON list, or JSON Lines. \
Answered when it is read to its end; meanwhile the import can be asked after by its name. Each device is a transaction of \
its own: one that is refused is an error of its line and keeps no other from being created.`,
      params,
      query: z.object({
        format: z
          .enum(bulkFormats, `must be one of ${bulkFormats.join(', ')}`)
          .optional()
          .describe('Found out from the first character when not given'),
        dryRun: yesNo.describe('Only say what would happen'),
        onExisting: z
          .enum(['fail', 'skip'], 'must be fail or skip')
          .default('fail')
          .describe('What becomes of devices whose id exists already'),
        createGroups: yesNo.describe('Make groups that do not exist, where they are named by path'),
      }),
      rawBody: true,
      response: importReport,
      failures: {
        400: 'The file cannot be read to its end. What was created stays, and the report tells it',
        409: 'An import of this name exists',
        413: 'The file is too long',
        429: 'As many imports run as may run at a time',
      },
      handler: ({ grant, params: { importId: id }, query, rawBody }) =>
        imports.run(
          { id, tenantId: grant.tenantId, ...query, format: query.format, totalBytes: rawBody.totalBytes },
          rawBody.chunks,
        ),
    }),
    defineRoute({
      method: 'GET',
      url,
      role: 'DEVICE_R',
      tag,
      summary: 'List imports, the newest first',
      query: z.object(v1PageQuery),
      response: z.array(importReport),
      handler: ({ grant, query: { limit, offset }, wantsTotal }) => {
        const all = imports.list(grant.tenantId);
        const total = wantsTotal ? all.length : undefined;
        return v1List(all.slice(offset, offset + limit), { limit, total });
      },
    }),
    defineRoute({
      method: 'GET',
      url: `${url}/:importId`,
      role: 'DEVICE_R',
      tag,
      summary: 'How far an import is, or how it ended',
      params,
      response: importReport,
      failures: { 404: 'No such import' },
      handler: ({ grant, params: { importId: id } }) => imports.get(grant.tenantId, id),
    }),
    defineRoute({
      method: 'GET',
      url: `${url}/:importId/errors`,
      role: 'DEVICE_R',
      tag,
      summary: 'Why devices of an import were not created, by line',
      params,
      query: z.object(v1PageQuery),
      response: z.array(importError),
      failures: { 404: 'No such import' },
      handler: ({ grant, params: { importId: id }, query: { limit, offset }, wantsTotal }) => {
        const all = imports.errors(grant.tenantId, id);
        const total = wantsTotal ? all.length : undefined;
        return v1List(all.slice(offset, offset + limit), { limit, total });
      },
    }),
    defineRoute({
      method: 'POST',
      url: `${url}/:importId/cancel`,
      role: 'DEVICE_W',
      tag,
      summary: 'Cancel an import',
      description: 'Answered when it has ended. What it has created stays.',
      params,
      response: importReport,
      failures: { 404: 'No such import' },
      handler: ({ grant, params: { importId: id } }) => imports.cancel(grant.tenantId, id),
    }),
    defineRoute({
      method: 'DELETE',
      url: `${url}/:importId`,
      role: 'DEVICE_W',
      tag,
      summary: 'Forget an import that has ended',
      params,
      failures: { 404: 'No such import', 409: 'It is running' },
      handler: ({ grant, params: { importId: id } }) => imports.forget(grant.tenantId, id),
    }),
    defineRoute({
      method: 'GET',
      url: '/bench/v1/devices/export',
      role: 'DEVICE_R',
      tag,
      summary: 'Devices as a file that an import takes',
      description: `All of them, or those that pass the filters, which are those of the list of devices. With their interfaces and the paths of their groups. What is secret in a definition is left out; in \
CSV its column is empty.`,
      query: deviceListQuery.omit({ limit: true, offset: true, bookmarkId: true, fields: true }).extend({
        format: z.enum(bulkFormats, `must be one of ${bulkFormats.join(', ')}`).default('json'),
      }),
      response: z.custom<AsyncIterable<string>>(),
      handler: async ({ grant, query: { format, ...filters } }) => {
        const { devices } = inventory;
        const query = toDeviceQuery({ ...filters, limit: 0, offset: 0 }, inventory.limits);
        return new Answer(exportDevices(await devices.listAll(grant.tenantId, query), format), {
          headers: {
            'Content-Type': format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8',
            'Content-Disposition': `attachment; filename="devices.${format}"`,
          },
        });
      },
    }),
  ];
}
