import { z } from 'zod';
import { createGroupRequest, groupId, groupJson } from '../../contract/groups.ts';
import { toGroupJson } from '../../inventory/device-json.ts';
import type { InventoryService } from '../../inventory/inventory-service.ts';
import { v1List, v1PageQuery } from '../paging.ts';
import { defineRoute, type Route } from '../route.ts';

const url = '/api/v1/deviceMgt/groups';
const tag = 'Groups';

/** Groups of devices (manual 8.1). */
export function groupRoutes(inventory: InventoryService): Route[] {
  return [
    defineRoute({
      method: 'POST',
      url,
      role: 'DEVICE_W',
      tag,
      summary: 'Create a group',
      body: createGroupRequest,
      response: groupJson,
      status: 201,
      failures: { 404: 'No such parent group', 409: 'A group of this path exists' },
      handler: async ({ grant, body }) => toGroupJson(await inventory.createGroup(grant.tenantId, body)),
    }),
    defineRoute({
      method: 'GET',
      url,
      role: 'DEVICE_R',
      tag,
      summary: 'List groups',
      query: z.object({
        ...v1PageQuery,
        parentId: groupId.optional().describe('Only groups right below this one'),
        groupPath: z
          .string()
          .optional()
          .describe('/a for that group, /a/* for it and all below it, /a/*/ for those right below it'),
      }),
      response: z.array(groupJson),
      handler: ({ grant, query, wantsTotal }) => {
        const groups = inventory.listGroups(grant.tenantId, query);
        const { limit, offset } = query;
        return v1List(groups.slice(offset, offset + limit).map(toGroupJson), {
          limit,
          total: wantsTotal ? groups.length : undefined,
        });
      },
    }),
    defineRoute({
      method: 'GET',
      url: `${url}/:id`,
      role: 'DEVICE_R',
      tag,
      summary: 'Get a group',
      params: z.object({ id: z.string().max(64) }),
      response: groupJson,
      failures: { 404: 'No such group' },
      handler: ({ grant, params: { id } }) => toGroupJson(inventory.getGroup(grant.tenantId, id)),
    }),
  ];
}
