import { z } from 'zod';
import { deviceId } from '../../contract/devices.ts';
import { twinInstanceJson, twinObjectJson, twinRootJson } from '../../contract/twin.ts';
import type { TwinService } from '../../twin/twin-service.ts';
import { defineRoute, type Route } from '../route.ts';

const ofDevice = '/api/v1/deviceMgt/devices/:deviceId/twin';
const tag = 'Device twin';

const idOf = (most: number, what: string) =>
  z
    .string()
    .regex(/^(0|[1-9]\d{0,4})$/, `must be the number of an ${what}`)
    .transform(Number)
    .refine((id) => id <= most, `must be at most ${most}`)
    .meta({ type: 'string' });
const objectId = idOf(65_535, 'object');
const instanceId = idOf(65_534, 'object instance');

const expand = z
  .enum(['0', '1'], 'must be 0 or 1')
  .default('0')
  .transform((given) => given === '1')
  .meta({ type: 'string' });

/** What devices said of themselves (manual 7.8.5). */
export function twinRoutes(twin: TwinService): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: `${ofDevice}/supported-objects`,
      role: 'DEVICE_R',
      tag,
      summary: 'List the objects that a device supports',
      description: 'As it registered them last, by the ids of their definitions.',
      params: z.object({ deviceId }),
      response: z.array(z.string()),
      failures: { 404: 'No such device, or it has no twin' },
      handler: ({ grant, params }) => twin.supportedObjects(grant.tenantId, params.deviceId),
    }),
    defineRoute({
      method: 'GET',
      url: `${ofDevice}/objects`,
      role: 'DEVICE_R',
      tag,
      summary: 'List the objects of which a device has instances',
      params: z.object({ deviceId }),
      query: z.object({ expand: expand.describe('1: with the instances of each') }),
      response: twinRootJson,
      failures: { 404: 'No such device, or it has no twin' },
      handler: ({ grant, params, query }) => twin.root(grant.tenantId, params.deviceId, query.expand),
    }),
    defineRoute({
      method: 'GET',
      url: `${ofDevice}/objects/:objectId`,
      role: 'DEVICE_R',
      tag,
      summary: 'Get an object with its instances',
      params: z.object({ deviceId, objectId }),
      query: z.object({ expand: expand.describe('1: with the values that were reported of each instance') }),
      response: twinObjectJson,
      failures: { 404: 'No such device, it has no twin, or it has not this object' },
      handler: ({ grant, params, query }) =>
        twin.object(grant.tenantId, params.deviceId, params.objectId, query.expand),
    }),
    defineRoute({
      method: 'GET',
      url: `${ofDevice}/objects/:objectId/:instanceId`,
      role: 'DEVICE_R',
      tag,
      summary: 'Get an instance of an object with the values that were reported',
      params: z.object({ deviceId, objectId, instanceId }),
      response: twinInstanceJson,
      failures: { 404: 'No such device, it has no twin, or it has not this instance' },
      handler: ({ grant, params }) =>
        twin.instance(grant.tenantId, params.deviceId, params.objectId, params.instanceId),
    }),
  ];
}
