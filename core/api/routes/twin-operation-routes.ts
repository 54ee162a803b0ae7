import { z } from 'zod';
import { deviceId } from '../../contract/devices.ts';
import {
  cancelledStatus,
  createTwinOperationRequest,
  type TwinOperationJson,
  twinOperationJson,
  twinOperationStatuses,
  twinOperationTypes,
} from '../../contract/twin.ts';
import { type OperationRecord, toOperationJson } from '../../twin/operation-record.ts';
import type { OperationService } from '../../twin/operation-service.ts';
import { queryList, v1WholeList } from '../paging.ts';
import { defineRoute, type Route } from '../route.ts';

const ofDevice = '/api/v1/deviceMgt/devices/:deviceId/twin/operations';
const one = `${ofDevice}/:id`;
const tag = 'Device twin';
const oneParams = z.object({ deviceId, id: z.string() });
const notThere = 'No such device, it has no twin, or there is no such operation';

const status = z.union([z.enum(twinOperationStatuses), cancelledStatus], {
  error: `must be one of ${twinOperationStatuses.join(', ')}`,
});
const type = z.enum(twinOperationTypes, `must be one of ${twinOperationTypes.join(', ')}`);

const example = { type: 'READ', paths: ['/1/0'], contextToken: 'this is a simple READ' };

/** Only of types that the compatible API has: others are not looked for. */
const show = (record: OperationRecord) => toOperationJson(record) as TwinOperationJson;

/** What is asked of devices with a twin (manual 7.8.6). */
export function twinOperationRoutes(operations: OperationService): Route[] {
  return [
    defineRoute({
      method: 'POST',
      url: ofDevice,
      role: 'DEVICE_W',
      tag,
      summary: 'Ask a device to read, write or execute, or for other notifications',
      description: `It goes out when the device can be reached, after those registered before it. Answered when it is
stored; what does not fit the models of the device ends it as FAILED, with OPERATION_INVALID.`,
      status: 201,
      params: z.object({ deviceId }),
      body: createTwinOperationRequest.meta({ examples: [example] }),
      response: twinOperationJson,
      failures: {
        403: 'Also: too many operations of this device have not ended',
        404: 'No such device, or it has no twin',
      },
      handler: async ({ grant, params, body }) =>
        show(await operations.create(grant.tenantId, params.deviceId, body)),
    }),
    defineRoute({
      method: 'GET',
      url: ofDevice,
      role: 'DEVICE_R',
      tag,
      summary: 'List the operations of a device, the oldest first',
      params: z.object({ deviceId }),
      query: z.object({
        status: queryList.pipe(z.array(status)).default([]).describe('Only those of these states'),
        type: queryList.pipe(z.array(type)).default([]).describe('Only those of these types'),
        contextToken: z.string().optional().describe('Only those with exactly this word'),
        path: z.string().optional().describe('Only those that name exactly this path'),
      }),
      response: z.array(twinOperationJson),
      failures: { 404: 'No such device, or it has no twin' },
      handler: async ({ grant, params, query, wantsTotal }) => {
        const { status: statuses, contextToken, path } = query;
        const types = query.type.length === 0 ? twinOperationTypes : query.type;
        const wanted = { statuses, types, contextToken, path };
        const found = await operations.list(grant.tenantId, params.deviceId, wanted);
        return v1WholeList(found.map(show), wantsTotal);
      },
    }),
    defineRoute({
      method: 'GET',
      url: one,
      role: 'DEVICE_R',
      tag,
      summary: 'Get an operation of a device',
      params: oneParams,
      response: twinOperationJson,
      failures: { 404: notThere },
      handler: async ({ grant, params }) =>
        show(await operations.get(grant.tenantId, params.deviceId, params.id, twinOperationTypes)),
    }),
    defineRoute({
      method: 'PUT',
      url: `${one}/status`,
      role: 'DEVICE_W',
      tag,
      summary: 'Cancel an operation that waits',
      description: 'The body is the JSON text "CANCELED". What was sent cannot be taken back.',
      status: 200,
      params: oneParams,
      body: cancelledStatus.meta({ examples: ['CANCELED'] }),
      failures: { 404: notThere, 409: 'The operation was sent, or it has ended' },
      handler: ({ grant, params }) => operations.cancel(grant.tenantId, params.deviceId, params.id),
    }),
  ];
}
