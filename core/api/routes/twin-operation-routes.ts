import { z } from 'zod';
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
import { noTwin, notOfTwin, ofTwinParams, twinParams, twinTag, twinUrl } from './twin-parts.ts';

const ofDevice = `${twinUrl}/operations`;
const one = `${ofDevice}/:id`;
const notThere = notOfTwin('operation');

const status = z.union([z.enum([...twinOperationStatuses, 'UNKNOWN']), cancelledStatus], {
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
      tag: twinTag,
      summary: 'Ask a device to read, write or execute, or for other notifications',
      description: `It goes out when the device can be reached, after those registered before it. Answered when it is
stored; what does not fit the models of the device ends it as FAILED, with OPERATION_INVALID.`,
      status: 201,
      params: twinParams,
      body: createTwinOperationRequest.meta({ examples: [example] }),
      response: twinOperationJson,
      failures: {
        403: 'Also: too many operations of this device have not ended',
        404: noTwin,
      },
      handler: async ({ grant, params, body }) =>
        show(await operations.create(grant.tenantId, params.deviceId, body)),
    }),
    defineRoute({
      method: 'GET',
      url: ofDevice,
      role: 'DEVICE_R',
      tag: twinTag,
      summary: 'List the operations of a device, the oldest first',
      params: twinParams,
      query: z.object({
        status: queryList.pipe(z.array(status)).default([]).describe('Only those of these states'),
        type: queryList.pipe(z.array(type)).default([]).describe('Only those of these types'),
        contextToken: z.string().optional().describe('Only those with exactly this word'),
        path: z.string().optional().describe('Only those that name exactly this path'),
      }),
      response: z.array(twinOperationJson),
      failures: { 404: noTwin },
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
      tag: twinTag,
      summary: 'Get an operation of a device',
      params: ofTwinParams,
      response: twinOperationJson,
      failures: { 404: notThere },
      handler: async ({ grant, params }) =>
        show(await operations.get(grant.tenantId, params.deviceId, params.id, twinOperationTypes)),
    }),
    defineRoute({
      method: 'PUT',
      url: `${one}/status`,
      role: 'DEVICE_W',
      tag: twinTag,
      summary: 'Cancel an operation that waits',
      description: 'The body is the JSON text "CANCELED". What was sent cannot be taken back.',
      status: 200,
      params: ofTwinParams,
      body: cancelledStatus.meta({ examples: ['CANCELED'] }),
      failures: { 404: notThere, 409: 'The operation was sent, or it has ended' },
      handler: ({ grant, params }) => operations.cancel(grant.tenantId, params.deviceId, params.id),
    }),
  ];
}
