import { z } from 'zod';
import { queryBoolean, v1List, v1PageQuery } from '../../core/api/paging.ts';
import { defineRoute, type Route } from '../../core/api/route.ts';
import { smscStatus } from '../../core/contract/simulated-smsc.ts';
import {
  deviceAction,
  fleetTemplate,
  fleetView,
  galleryEntry,
  sendOnce,
  simulatedDeviceDetails,
  simulatedDeviceView,
  simulatedFrame,
} from '../../core/contract/simulators.ts';
import { gallery } from '../../simulators/gallery.ts';
import type { SimulatorService } from './simulator-service.ts';

const url = '/bench/v1/simulators';
const tag = 'Simulators';
const params = z.object({ id: z.string().max(64) });
const deviceParams = params.extend({
  number: z
    .string()
    .regex(/^[1-9]\d{0,8}$/, 'must be the number of a device, from 1')
    .transform(Number)
    .meta({ type: 'integer', pattern: undefined, minimum: 1 }),
});
const noFleet = { 404: 'No such fleet' };
const noDevice = { 404: 'No such fleet or device' };

/** Fleets of simulated devices (design: own endpoints). */
export function simulatorRoutes(simulators: SimulatorService): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: `${url}/templates`,
      role: 'DEVICE_R',
      tag,
      summary: 'List fleets to start from',
      response: z.array(galleryEntry),
      handler: () => [...gallery],
    }),
    defineRoute({
      method: 'GET',
      url,
      role: 'DEVICE_R',
      tag,
      summary: 'List fleets',
      query: z.object(v1PageQuery),
      response: z.array(fleetView),
      handler: async ({ grant, query: { limit, offset }, wantsTotal }) => {
        const fleets = await simulators.list(grant.tenantId);
        const page = fleets.slice(offset, offset + limit);
        return v1List(page, { limit, total: wantsTotal ? fleets.length : undefined });
      },
    }),
    defineRoute({
      method: 'POST',
      url,
      role: 'DEVICE_W',
      tag,
      summary: 'Make a fleet of simulated devices',
      description: 'It is kept, and does nothing until it is started.',
      body: fleetTemplate,
      response: fleetView,
      status: 201,
      failures: { 409: 'A fleet of this name exists' },
      handler: ({ grant, body }) => simulators.create(grant.tenantId, body),
    }),
    defineRoute({
      method: 'GET',
      url: `${url}/smsc`,
      role: 'DEVICE_R',
      tag,
      summary: 'What the simulated short message centre has: clients, messages that wait, counters',
      description: 'It is one for all tenants; of messages nothing is told.',
      response: smscStatus,
      handler: () => simulators.centre(),
    }),
    defineRoute({
      method: 'GET',
      url: `${url}/:id`,
      role: 'DEVICE_R',
      tag,
      summary: 'Get a fleet',
      params,
      response: fleetView,
      failures: noFleet,
      handler: ({ grant, params: { id } }) => simulators.get(grant.tenantId, id),
    }),
    defineRoute({
      method: 'DELETE',
      url: `${url}/:id`,
      role: 'DEVICE_W',
      tag,
      summary: 'Stop a fleet and remove it',
      params,
      query: z.object({
        devices: queryBoolean.optional().describe('true: delete its devices from the platform too'),
      }),
      failures: noFleet,
      handler: ({ grant, params: { id }, query }) =>
        simulators.remove(grant.tenantId, id, query.devices ?? false),
    }),
    defineRoute({
      method: 'POST',
      url: `${url}/:id/start`,
      role: 'DEVICE_W',
      tag,
      summary: 'Start a fleet',
      description:
        'Registers its devices, makes a key for them, and lets them connect. The answer comes before all that is done: the state of the fleet tells how it goes.',
      params,
      response: fleetView,
      status: 202,
      failures: noFleet,
      handler: ({ grant, params: { id } }) => simulators.startFleet(grant.tenantId, id),
    }),
    defineRoute({
      method: 'POST',
      url: `${url}/:id/stop`,
      role: 'DEVICE_W',
      tag,
      summary: 'Stop a fleet',
      description: 'Answers when all devices are disconnected. Their key is deleted.',
      params,
      response: fleetView,
      failures: noFleet,
      handler: ({ grant, params: { id } }) => simulators.stopFleet(grant.tenantId, id),
    }),
    defineRoute({
      method: 'GET',
      url: `${url}/:id/devices`,
      role: 'DEVICE_R',
      tag,
      summary: 'List the devices of a fleet',
      params,
      query: z.object(v1PageQuery),
      response: z.array(simulatedDeviceView),
      failures: noFleet,
      handler: async ({ grant, params: { id }, query: { limit, offset }, wantsTotal }) => {
        const devices = await simulators.devices(grant.tenantId, id, offset, limit);
        const total = wantsTotal ? (await simulators.get(grant.tenantId, id)).devices : undefined;
        return v1List(devices, { limit, total });
      },
    }),
    defineRoute({
      method: 'GET',
      url: `${url}/:id/devices/:number`,
      role: 'DEVICE_R',
      tag,
      summary: 'Get a simulated device, its last frames and what it would send next',
      params: deviceParams,
      response: simulatedDeviceDetails,
      failures: noDevice,
      handler: ({ grant, params: { id, number } }) => simulators.device(grant.tenantId, id, number),
    }),
    defineRoute({
      method: 'POST',
      url: `${url}/:id/devices/:number/send`,
      role: 'DEVICE_W',
      tag,
      summary: 'Send once as a simulated device',
      description: `Over MQTT any topic and payload, to see what the platform makes of it; answers after its PUBACK. An LwM2M \
device sends the values at the paths (Send of LwM2M 1.1); answers after 2.04. A LoRa device sends data on a port; answers when \
the network has acknowledged it, or a gateway has heard it where it asks for no acknowledgement.`,
      params: deviceParams,
      body: sendOnce,
      response: simulatedFrame,
      failures: { ...noDevice, 409: 'The device is not connected', 504: 'The platform did not acknowledge' },
      handler: ({ grant, params: { id, number }, body }) => simulators.send(grant.tenantId, id, number, body),
    }),
    defineRoute({
      method: 'POST',
      url: `${url}/:id/devices/:number/actions`,
      role: 'DEVICE_W',
      tag,
      summary: 'Do something with a simulated LwM2M or LoRa device',
      description:
        'LwM2M: change a value, restart it, move it to another address, let it sleep or wake. LoRa: join anew, ask the network, move it, break or replay a frame, cut a gateway. Answers when that has begun.',
      params: deviceParams,
      body: deviceAction,
      failures: { ...noDevice, 409: 'The device cannot do that, or not now' },
      handler: ({ grant, params: { id, number }, body }) => simulators.act(grant.tenantId, id, number, body),
    }),
  ];
}
