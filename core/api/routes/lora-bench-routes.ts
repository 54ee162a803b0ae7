import { z } from 'zod';
import { expiresMs } from '../../commands/command-record.ts';
import type { CommandService } from '../../commands/command-service.ts';
import type { LoraConnector } from '../../connectors/lora/lora-connector.ts';
import type { OpenLoraCommand } from '../../connectors/lora/state/queue-state.ts';
import { deviceId } from '../../contract/devices.ts';
import { loraFramePage } from '../../contract/lora/frames.ts';
import { loraDeviceState, loraGatewayState, loraMap } from '../../contract/lora/state.ts';
import { queryInteger } from '../paging.ts';
import { defineRoute, type Route } from '../route.ts';

export interface LoraBenchParts {
  readonly lora: Pick<LoraConnector, 'frames' | 'state'>;
  readonly commands: Pick<CommandService, 'engine'>;
}

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
export function loraBenchRoutes({ lora, commands }: LoraBenchParts): Route[] {
  const { frames, state } = lora;
  const openOf = (tenantId: string, id: string): OpenLoraCommand[] =>
    commands.engine
      .openOf(tenantId, id)
      .filter(({ connector }) => connector === 'lora')
      .map((record) => {
        const { value, policy, createdMs } = record;
        const { status } = record.state;
        const { ackMode } = policy;
        return { id: record.id, status, value, ackMode, createdMs, expiresMs: expiresMs(record) };
      });
  return [
    defineRoute({
      method: 'GET',
      url: '/bench/v1/lora/gateways',
      role: 'DEVICE_R',
      tag,
      summary: 'Gateways, with their region, whether they fetch downlinks, and their duty cycle',
      response: z.array(loraGatewayState),
      handler: ({ grant }) => state.gateways(grant.tenantId),
    }),
    defineRoute({
      method: 'GET',
      url: '/bench/v1/lora/map',
      role: 'DEVICE_R',
      tag,
      summary: 'LoRa devices with their places, and which gateways heard each last',
      description:
        'The place is the static one of the device, or estimated by the own gateways that heard it.',
      response: loraMap,
      handler: ({ grant }) => state.map(grant.tenantId),
    }),
    defineRoute({
      method: 'GET',
      url: ofDevice,
      role: 'DEVICE_R',
      tag,
      summary: 'Session, radio and downlink queue of a LoRa device',
      description: 'Without its keys. Each command that waits tells what it waits for.',
      params,
      response: loraDeviceState,
      failures,
      handler: ({ grant: { tenantId }, params: { deviceId: id } }) =>
        state.ofDevice(tenantId, id, openOf(tenantId, id)),
    }),
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
