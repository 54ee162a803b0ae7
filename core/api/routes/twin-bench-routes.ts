import { z } from 'zod';
import {
  benchObservationJson,
  benchOperationJson,
  benchOperationRequest,
  benchTwinJson,
} from '../../contract/twin-bench.ts';
import type { TwinService } from '../../twin/twin-service.ts';
import { defineRoute, type Route } from '../route.ts';
import { noTwin, notOfTwin, ofTwinParams, twinParams, twinTag } from './twin-parts.ts';

const ofDevice = '/bench/v1/devices/:deviceId/twin';
const operations = `${ofDevice}/operations`;
const withoutTwin = { 404: noTwin };
const notThere = { 404: notOfTwin('operation') };
const any = { statuses: [], types: [] };

/** Twins with what the compatible API leaves out. */
export function twinBenchRoutes(twin: TwinService): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: ofDevice,
      role: 'DEVICE_R',
      tag: twinTag,
      summary: 'Get the objects of a device with the models that they are read by',
      params: twinParams,
      response: benchTwinJson,
      failures: withoutTwin,
      handler: ({ grant, params: { deviceId: device } }) => twin.withModels(grant.tenantId, device),
    }),
    defineRoute({
      method: 'GET',
      url: operations,
      role: 'DEVICE_R',
      tag: twinTag,
      summary: 'List the operations of a device with their ways, the oldest first',
      params: twinParams,
      response: z.array(benchOperationJson),
      failures: withoutTwin,
      handler: async ({ grant, params: { deviceId: device } }) => {
        const found = await twin.operations.list(grant.tenantId, device, any);
        return found.map((record) => twin.operations.describe(record));
      },
    }),
    defineRoute({
      method: 'POST',
      url: operations,
      role: 'DEVICE_W',
      tag: twinTag,
      summary: 'Ask a device also to create, delete or discover, and to execute with arguments',
      description: `Otherwise as the call of the compatible API, whose lists leave out operations of the types CREATE,
DELETE and DISCOVER.`,
      status: 201,
      params: twinParams,
      body: benchOperationRequest.meta({ examples: [{ type: 'DISCOVER', paths: ['/3/0'] }] }),
      response: benchOperationJson,
      failures: { ...withoutTwin, 403: 'Also: too many operations of this device have not ended' },
      handler: async ({ grant, params: { deviceId: device }, body }) =>
        twin.operations.describe(await twin.operations.create(grant.tenantId, device, body)),
    }),
    defineRoute({
      method: 'GET',
      url: `${operations}/:id`,
      role: 'DEVICE_R',
      tag: twinTag,
      summary: 'Get an operation of a device with its way',
      params: ofTwinParams,
      response: benchOperationJson,
      failures: notThere,
      handler: async ({ grant, params: { deviceId: device, id } }) =>
        twin.operations.describe(await twin.operations.get(grant.tenantId, device, id)),
    }),
    defineRoute({
      method: 'DELETE',
      url: `${operations}/:id`,
      role: 'DEVICE_W',
      tag: twinTag,
      summary: 'Delete an operation that has ended',
      status: 204,
      params: ofTwinParams,
      failures: { ...notThere, 409: 'The operation has not ended: cancel it first' },
      handler: ({ grant, params: { deviceId: device, id } }) =>
        twin.operations.delete(grant.tenantId, device, id),
    }),
    defineRoute({
      method: 'GET',
      url: `${ofDevice}/observations`,
      role: 'DEVICE_R',
      tag: twinTag,
      summary: 'List the observations of a device with what has come of each',
      params: twinParams,
      response: z.array(benchObservationJson),
      failures: withoutTwin,
      handler: ({ grant, params: { deviceId: device } }) =>
        twin.observations.listWithActivity(grant.tenantId, device),
    }),
  ];
}
