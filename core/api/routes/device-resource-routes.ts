import { z } from 'zod';
import { deviceId } from '../../contract/devices.ts';
import {
  createUpdateRequest,
  deviceResourceJson,
  deviceResourcesJson,
  targetVersionRequest,
  updateJson,
} from '../../contract/resource-updates.ts';
import { resourceId } from '../../contract/resources.ts';
import type { ResourceService } from '../../resources/resource-service.ts';
import { queryBoolean, v1List, v1PageQuery } from '../paging.ts';
import { Answer, defineRoute, type Route } from '../route.ts';

const ofDevice = '/api/v1/deviceMgt/devices/:deviceId/resources';
const one = `${ofDevice}/:resourceId`;
const updates = `${ofDevice}/updates`;
const tag = 'Resources';
const params = z.object({ deviceId });
const oneParams = z.object({ deviceId, resourceId });
const force = queryBoolean.default(false).describe('true: also when the device was asked already');
const unknown = 'No such device, no such resource, or no such version of it';
const clash = 'The device is at an update of this resource, or it cannot go to this version directly';

/** Resources of devices, and their updates (facts 4.2). */
export function deviceResourceRoutes(resources: ResourceService): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: ofDevice,
      role: 'DEVICE_R',
      tag,
      summary: 'Get the resources of a device',
      params,
      response: deviceResourcesJson,
      failures: { 404: 'No such device' },
      handler: ({ grant, params }) => resources.list(grant.tenantId, params.deviceId),
    }),
    defineRoute({
      method: 'GET',
      url: updates,
      role: 'DEVICE_R',
      tag,
      summary: 'List the updates of a device, newest first',
      params,
      query: z.object({
        ...v1PageQuery,
        resourceId: resourceId.optional(),
        latest: queryBoolean.default(false).describe('true: only the newest of each resource'),
      }),
      response: z.array(updateJson),
      failures: { 404: 'No such device' },
      handler: async ({ grant, params, query, wantsTotal }) => {
        const found = await resources.listUpdates(grant.tenantId, params.deviceId, query, wantsTotal);
        return v1List(found.updates, { limit: query.limit, total: found.total });
      },
    }),
    defineRoute({
      method: 'POST',
      url: `${updates}/:updateId/status`,
      role: 'DEVICE_W',
      tag,
      summary: 'Cancel an update',
      description: 'The body is the JSON text "CANCELED".',
      status: 200,
      params: z.object({ deviceId, updateId: z.string().max(24, 'must have at most 24 characters') }),
      query: z.object({ force }),
      body: z.literal('CANCELED', 'must be the JSON text "CANCELED"'),
      response: z.object({ content: z.literal('CANCELED') }),
      failures: { 404: 'No such device, or no such update', 409: 'The device was asked, or it has ended' },
      handler: async ({ grant, params: { deviceId, updateId }, query, body }) => {
        await resources.cancel(grant.tenantId, deviceId, updateId, query);
        return { content: body };
      },
    }),
    defineRoute({
      method: 'GET',
      url: one,
      role: 'DEVICE_R',
      tag,
      summary: 'Get a resource of a device',
      params: oneParams,
      response: deviceResourceJson,
      failures: { 404: 'No such device, or it has no such resource' },
      handler: ({ grant, params: { deviceId, resourceId } }) =>
        resources.get(grant.tenantId, deviceId, resourceId),
    }),
    defineRoute({
      method: 'POST',
      url: one,
      role: 'DEVICE_W',
      tag,
      summary: 'Ask for a target version',
      description: `It goes out as soon as the device takes it. Nothing new happens where that version is asked for already.
204: the device has it.`,
      status: 200,
      params: oneParams,
      body: targetVersionRequest.meta({ examples: [{ version: '1.2' }] }),
      response: deviceResourceJson.optional(),
      failures: { 204: 'The device has this version', 404: unknown, 409: clash },
      handler: async ({ grant, params: { deviceId, resourceId }, body }) =>
        (await resources.requestTarget(grant.tenantId, deviceId, resourceId, body)) ?? alreadyThere,
    }),
    defineRoute({
      method: 'POST',
      url: `${one}/updates`,
      role: 'DEVICE_W',
      tag,
      summary: 'Ask for an update',
      description: `It goes out as soon as the device takes it, after those asked for before. One of the same resource that waits is
cancelled for it. 204: the device has this version.`,
      status: 201,
      params: oneParams,
      body: createUpdateRequest.meta({
        examples: [{ requestedVersion: '1.2', connector: 'http-updater', metadata: {} }],
      }),
      response: updateJson.optional(),
      failures: {
        204: 'The device has this version',
        403: 'Also: too many updates of this device wait',
        404: unknown,
        409: clash,
      },
      handler: async ({ grant, params: { deviceId, resourceId }, body }) =>
        (await resources.request(grant.tenantId, deviceId, resourceId, body)) ?? alreadyThere,
    }),
    defineRoute({
      method: 'GET',
      url: `${one}/updates/latest`,
      role: 'DEVICE_R',
      tag,
      summary: 'Get the newest update of a resource of a device',
      params: oneParams,
      response: updateJson,
      failures: { 404: 'No such device, or this resource of it was never to be updated' },
      handler: ({ grant, params: { deviceId, resourceId } }) =>
        resources.latestUpdate(grant.tenantId, deviceId, resourceId),
    }),
    defineRoute({
      method: 'DELETE',
      url: `${one}/requested`,
      role: 'DEVICE_W',
      tag,
      summary: 'Take back the version that was asked for',
      description: 'The update that is to bring it is cancelled.',
      params: oneParams,
      query: z.object({ force }),
      failures: { 404: 'No such device, or it has no such resource', 409: 'The device was asked already' },
      handler: ({ grant, params: { deviceId, resourceId }, query }) =>
        resources.clearRequested(grant.tenantId, deviceId, resourceId, query),
    }),
  ];
}

const alreadyThere = new Answer(undefined, { status: 204 });
