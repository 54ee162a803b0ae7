import { z } from 'zod';
import type { LoraConnector } from '../../connectors/lora/lora-connector.ts';
import { deviceId } from '../../contract/devices.ts';
import { loraFramePage } from '../../contract/lora/frames.ts';
import { queryInteger } from '../paging.ts';
import { defineRoute, type Route } from '../route.ts';

const tag = 'LoRa';
const ofDevice = '/bench/v1/devices/:deviceId/lora';
const params = z.object({ deviceId });
const failures = { 404: 'No such device' };
const frameQuery = z.object({
  limit: queryInteger({ min: 1, max: 10_000, default: 500 }),
  before: z
    .string()
    .regex(/^\d{1,15}$/, 'must be the id of a frame')
    .transform(Number)
    .optional()
    .describe('Only what is older than the frame of this id'),
});
const frameDescription = `With every field decoded, those that were dropped with the reason, and no keys. In memory, since the start
of the program, as many as are kept (settings loraLogMaxFrames, loraLogMaxBytes). As they come they are on the live
socket, channel lora.`;

/** What the network side of LoRa shows to people beside the compatible API. */
export function loraBenchRoutes({ frames }: Pick<LoraConnector, 'frames'>): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: '/bench/v1/lora/frames',
      role: 'DEVICE_R',
      tag,
      summary: 'The last frames of all LoRa devices, and of unknown ones at the own gateways, newest first',
      description: frameDescription,
      query: frameQuery,
      response: loraFramePage,
      handler: ({ grant, query: { limit, before } }) => frames.ofTenant(grant.tenantId, limit, before),
    }),
    defineRoute({
      method: 'GET',
      url: `${ofDevice}/frames`,
      role: 'DEVICE_R',
      tag,
      summary: 'The last frames of a LoRa device, newest first',
      description: frameDescription,
      params,
      query: frameQuery,
      response: loraFramePage,
      failures,
      handler: ({ grant, params: { deviceId: id }, query: { limit, before } }) =>
        frames.ofDevice(grant.tenantId, id, limit, before),
    }),
  ];
}
