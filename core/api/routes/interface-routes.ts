import { z } from 'zod';
import { deviceId } from '../../contract/devices.ts';
import { createInterfaceRequest, interfaceJson, updateInterfaceRequest } from '../../contract/interfaces.ts';
import { toInterfaceJson } from '../../inventory/interface-json.ts';
import type { InventoryService } from '../../inventory/inventory-service.ts';
import { v1WholeList } from '../paging.ts';
import { defineRoute, type Route } from '../route.ts';

const url = '/api/v1/deviceMgt/devices/:deviceId/interfaces';
const tag = 'Interfaces';
const interfaceId = z.string().describe('{connector}:{nodeId}');

/** Interfaces of a device (manual 5.4). */
export function interfaceRoutes(inventory: InventoryService): Route[] {
  const { interfaces } = inventory;
  return [
    defineRoute({
      method: 'POST',
      url,
      role: 'DEVICE_W',
      tag,
      summary: 'Add an interface to a device',
      params: z.object({ deviceId }),
      body: createInterfaceRequest,
      response: interfaceJson,
      status: 201,
      failures: { 404: 'No such device or connector', 409: 'An interface of this connector and node exists' },
      handler: async ({ grant, params, body }) =>
        toInterfaceJson(await interfaces.add(grant.tenantId, params.deviceId, body)),
    }),
    defineRoute({
      method: 'GET',
      url,
      role: 'DEVICE_R',
      tag,
      summary: 'List the interfaces of a device',
      params: z.object({ deviceId }),
      response: z.array(interfaceJson),
      failures: { 404: 'No such device' },
      handler: ({ grant, params, wantsTotal }) => {
        const { interfaces: found } = inventory.getDevice(grant.tenantId, params.deviceId);
        return v1WholeList(
          [...found].map((each) => toInterfaceJson(each)),
          wantsTotal,
        );
      },
    }),
    defineRoute({
      method: 'GET',
      url: `${url}/:interfaceId`,
      role: 'DEVICE_R',
      tag,
      summary: 'Get an interface of a device',
      params: z.object({ deviceId, interfaceId }),
      response: interfaceJson,
      failures: { 404: 'No such device, connector or interface' },
      handler: ({ grant, params }) =>
        toInterfaceJson(interfaces.get(grant.tenantId, params.deviceId, params.interfaceId)),
    }),
    defineRoute({
      method: 'PATCH',
      url: `${url}/:interfaceId`,
      role: 'DEVICE_W',
      tag,
      summary: 'Change an interface, or move it to another device',
      description: `Disabling it, and changing the field of its definition that is its node id, ends a live session; \
moving it does not.`,
      params: z.object({ deviceId, interfaceId }),
      body: updateInterfaceRequest,
      response: interfaceJson,
      failures: {
        404: 'No such device, connector or interface',
        409: 'Another interface of this connector has the new node id',
      },
      handler: async ({ grant, params, body }) =>
        toInterfaceJson(await interfaces.update(grant.tenantId, params.deviceId, params.interfaceId, body)),
    }),
    defineRoute({
      method: 'DELETE',
      url: `${url}/:interfaceId`,
      role: 'DEVICE_W',
      tag,
      summary: 'Delete an interface',
      description:
        'A live session over it ends. A connector that takes unknown nodes will take this one again.',
      params: z.object({ deviceId, interfaceId }),
      failures: { 404: 'No such device, connector or interface' },
      handler: ({ grant, params }) => interfaces.delete(grant.tenantId, params.deviceId, params.interfaceId),
    }),
  ];
}
