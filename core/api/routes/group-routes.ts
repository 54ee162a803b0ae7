import { z } from 'zod';
import { createGroupRequest, groupId, groupJson, updateGroupRequest } from '../../contract/groups.ts';
import { toGroupJson } from '../../inventory/group-json.ts';
import type { GroupManager } from '../../inventory/group-manager.ts';
import { v1List, v1PageQuery } from '../paging.ts';
import { defineRoute, type Route } from '../route.ts';

const url = '/api/v1/deviceMgt/groups';
const tag = 'Groups';
const params = z.object({ id: z.string().max(64) });

/** Groups of devices (manual 8.1). */
export function groupRoutes(groups: GroupManager): Route[] {
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
      handler: async ({ grant, body }) => toGroupJson(await groups.create(grant.tenantId, body)),
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
        const found = groups.list(grant.tenantId, query);
        const { limit, offset } = query;
        return v1List(found.slice(offset, offset + limit).map(toGroupJson), {
          limit,
          total: wantsTotal ? found.length : undefined,
        });
      },
    }),
    defineRoute({
      method: 'GET',
      url: `${url}/:id`,
      role: 'DEVICE_R',
      tag,
      summary: 'Get a group',
      params,
      response: groupJson,
      failures: { 404: 'No such group' },
      handler: ({ grant, params: { id } }) => toGroupJson(groups.get(grant.tenantId, id)),
    }),
    defineRoute({
      method: 'PUT',
      url: `${url}/:id`,
      role: 'DEVICE_W',
      tag,
      summary: 'Rename, move or describe a group',
      description:
        'What is not given stays. The paths of all groups below follow; devices stay in their groups.',
      params,
      body: updateGroupRequest,
      response: groupJson,
      failures: { 404: 'No such group or parent', 409: 'A group of this path exists' },
      handler: async ({ grant, params: { id }, body }) =>
        toGroupJson(await groups.update(grant.tenantId, id, body)),
    }),
    defineRoute({
      method: 'DELETE',
      url: `${url}/:id`,
      role: 'DEVICE_W',
      tag,
      summary: 'Delete a group',
      params,
      failures: { 403: 'The group has devices or groups, or is the root group', 404: 'No such group' },
      handler: ({ grant, params: { id } }) => groups.delete(grant.tenantId, id),
    }),
  ];
}
