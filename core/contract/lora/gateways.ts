import { z } from 'zod';
import { loraRegions } from './regions.ts';

/** A gateway's EUI: 16 hexadecimal digits, in upper case. */
export const gatewayId = z
  .string()
  .regex(/^[0-9A-Fa-f]{16}$/, 'must be 16 hexadecimal digits')
  .toUpperCase();

const latitude = z
  .number('must be a number')
  .min(-90, 'must be from -90 to 90')
  .max(90, 'must be from -90 to 90');
const longitude = z
  .number('must be a number')
  .min(-180, 'must be from -180 to 180')
  .max(180, 'must be from -180 to 180');

export const gatewayPlace = z.object({
  lat: latitude,
  lon: longitude,
  alt: z.number('must be a number').nullish().describe('Metres'),
});
export type GatewayPlace = z.output<typeof gatewayPlace>;

const region = z.enum(loraRegions, 'must be EU868, US915 or AS923');

const name = z.string().max(255, 'must have at most 255 characters');

export const createGatewayRequest = z.object({
  id: gatewayId,
  name: name.nullish(),
  location: gatewayPlace.nullish(),
  region: region.nullish().describe('Frames on channels of others are dropped; by what it hears when absent'),
});
export type CreateGatewayRequest = z.output<typeof createGatewayRequest>;

/** An empty location takes away the one there is; then that of the gateway's own GPS counts. */
export const updateGatewayRequest = z.object({
  name: name.nullish(),
  location: z.union([gatewayPlace, z.strictObject({})]).nullish(),
  region: region.nullish().describe('null: by what it hears'),
});
export type UpdateGatewayRequest = z.output<typeof updateGatewayRequest>;

export const gatewayStatuses = ['NEVER_SEEN', 'ONLINE', 'OFFLINE'] as const;
export type GatewayOnline = (typeof gatewayStatuses)[number];

export const gatewayJson = z.object({
  id: gatewayId,
  name: z.string().optional(),
  registered: z.boolean().describe('False for one that nobody registered, and that was heard'),
  status: z.enum(gatewayStatuses),
  location: z
    .object({
      lat: z.number(),
      lon: z.number(),
      alt: z.number().optional(),
      source: z.enum(['MANUAL', 'GPS']),
    })
    .optional(),
  lastContact: z.iso.datetime().optional(),
  uplinks: z.int().describe('Frames received since the program started'),
  downlinks: z.int().describe('Frames sent since the program started'),
  statistics: z
    .record(z.string(), z.number())
    .optional()
    .describe(
      'What its last status said: received, receivedOk, forwarded, acknowledgedPercent, downlinks, sent',
    ),
  created: z.iso.datetime(),
  updated: z.iso.datetime(),
});
export type GatewayJson = z.output<typeof gatewayJson>;
