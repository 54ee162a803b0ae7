import { z } from 'zod';
import { deviceId } from '../../contract/devices.ts';
import { interfaceDebugJson, interfaceDebugRequest } from '../../contract/interfaces.ts';
import type { InterfaceDebugSwitch } from '../../inventory/interface-debug.ts';
import { defineRoute, type Route } from '../route.ts';

const url = '/api/v1/deviceMgt/devices/:deviceId/interfaces/:interfaceId/debug';
const tag = 'Interfaces';
const params = z.object({ deviceId, interfaceId: z.string().describe('{connector}:{nodeId}') });

/** The debug mode of an interface (facts 5). */
export function interfaceDebugRoutes(debug: InterfaceDebugSwitch): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url,
      role: 'DEVICE_R',
      tag,
      summary: 'See how long the debug mode of an interface lasts',
      params,
      response: interfaceDebugJson,
      failures: { 404: 'No such device, connector or interface, or the debug mode is off' },
      handler: ({ grant, params: { deviceId: device, interfaceId } }) =>
        debug.get(grant.tenantId, device, interfaceId),
    }),
    defineRoute({
      method: 'POST',
      url,
      role: 'DEVICE_W',
      tag,
      summary: 'Switch the debug mode of an interface on',
      description:
        'What goes over it is written to the audit log, with type mqtt_debug_logs for MQTT and lwm2m_device_log for LwM2M.',
      params,
      body: interfaceDebugRequest,
      response: interfaceDebugJson,
      status: 201,
      failures: { 404: 'No such device, connector or interface' },
      handler: ({ grant, params: { deviceId: device, interfaceId }, body }) =>
        debug.start(grant.tenantId, device, interfaceId, body.ttlHours),
    }),
    defineRoute({
      method: 'DELETE',
      url,
      role: 'DEVICE_W',
      tag,
      summary: 'Switch the debug mode of an interface off',
      params,
      failures: { 404: 'No such device, connector or interface, or the debug mode is off' },
      handler: ({ grant, params: { deviceId: device, interfaceId } }) =>
        debug.stop(grant.tenantId, device, interfaceId),
    }),
  ];
}
