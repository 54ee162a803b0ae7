import { z } from 'zod';
import { createDeviceRequest, deviceId, deviceJson, updateDeviceRequest } from '../../contract/devices.ts';
import { defaultDeviceFields } from '../../inventory/device-json.ts';
import type { InventoryService } from '../../inventory/inventory-service.ts';
import { deviceListQuery, toDeviceQuery } from '../device-list-query.ts';
import { type Configurations, showDevice } from '../device-view.ts';
import { v1List } from '../paging.ts';
import { defineRoute, type Route } from '../route.ts';

const url = '/api/v1/deviceMgt/devices';
const tag = 'Devices';
const params = z.object({ deviceId });

/** Devices (manual 5.3). */
export function deviceRoutes({
  inventory,
  configuration,
}: {
  inventory: InventoryService;
  configuration: Configurations;
}): Route[] {
  return [
    defineRoute({
      method: 'POST',
      url,
      role: 'DEVICE_W',
      tag,
      summary: 'Register a device',
      body: createDeviceRequest,
      response: deviceJson,
      failures: {
        404: 'The group does not exist, or a connector is not offered',
        409: 'A device of this id, or an interface of this connector and node, exists',
      },
      handler: async ({ grant, body }) =>
        showDevice(await inventory.createDevice(grant.tenantId, body), configuration),
    }),
    defineRoute({
      method: 'GET',
      url,
      role: 'DEVICE_R',
      tag,
      summary: 'List devices',
      description: `Filters are joined by AND. A filter property.{name}=value looks at a property of the device.
Without fields, a device shows ${defaultDeviceFields.join(', ')}.`,
      query: deviceListQuery,
      response: z.array(deviceJson),
      handler: async ({ grant, query, wantsTotal }) => {
        const { devices, total } = await inventory.devices.list(
          grant.tenantId,
          toDeviceQuery(query, inventory.limits),
          wantsTotal,
        );
        const fields = query.fields ?? defaultDeviceFields;
        return v1List(await Promise.all(devices.map((device) => showDevice(device, configuration, fields))), {
          limit: query.limit,
          total,
        });
      },
    }),
    defineRoute({
      method: 'GET',
      url: `${url}/:deviceId`,
      role: 'DEVICE_R',
      tag,
      summary: 'Get a device',
      params,
      response: deviceJson,
      failures: { 404: 'No such device' },
      handler: ({ grant, params: { deviceId } }) =>
        showDevice(inventory.getDevice(grant.tenantId, deviceId), configuration),
    }),
    defineRoute({
      method: 'PATCH',
      url: `${url}/:deviceId`,
      role: 'DEVICE_W',
      tag,
      summary: 'Change a device',
      description: `What is absent stays; null takes away what there is. Tags and properties are given as a whole.
With another id, the device keeps its interfaces, live sessions and default stream; messages that it sent keep the id
under which it sent them.`,
      params,
      body: updateDeviceRequest,
      response: deviceJson,
      failures: { 404: 'No such device, or no such group', 409: 'Another device has the new id' },
      handler: async ({ grant, params: { deviceId }, body }) =>
        showDevice(await inventory.devices.update(grant.tenantId, deviceId, body), configuration),
    }),
    defineRoute({
      method: 'DELETE',
      url: `${url}/:deviceId`,
      role: 'DEVICE_W',
      tag,
      summary: 'Delete a device and its interfaces',
      description: 'Messages that it sent stay.',
      params,
      failures: { 404: 'No such device' },
      handler: ({ grant, params: { deviceId } }) => inventory.deleteDevice(grant.tenantId, deviceId),
    }),
  ];
}
