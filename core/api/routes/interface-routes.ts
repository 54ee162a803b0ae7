import { z } from 'zod';
import { deviceId, interfaceJson } from '../../contract/devices.ts';
import { toInterfaceJson } from '../../inventory/device-json.ts';
import type { InventoryService } from '../../inventory/inventory-service.ts';
import { defineRoute, type Route } from '../route.ts';

const url = '/api/v1/deviceMgt/devices/:deviceId/interfaces';
const tag = 'Interfaces';

/** Interfaces of a device (manual 5.4). */
export function interfaceRoutes(inventory: InventoryService): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url,
      role: 'DEVICE_R',
      tag,
      summary: 'List the interfaces of a device',
      params: z.object({ deviceId }),
      response: z.array(interfaceJson),
      failures: { 404: 'No such device' },
      handler: ({ grant, params }) =>
        [...inventory.getDevice(grant.tenantId, params.deviceId).interfaces].map((each) =>
          toInterfaceJson(each),
        ),
    }),
    defineRoute({
      method: 'GET',
      url: `${url}/:interfaceId`,
      role: 'DEVICE_R',
      tag,
      summary: 'Get an interface of a device',
      params: z.object({ deviceId, interfaceId: z.string().describe('{connector}:{nodeId}') }),
      response: interfaceJson,
      failures: { 404: 'No such device, connector or interface' },
      handler: ({ grant, params }) =>
        toInterfaceJson(inventory.getInterface(grant.tenantId, params.deviceId, params.interfaceId)),
    }),
  ];
}
