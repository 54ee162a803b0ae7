import { z } from 'zod';
import {
  createTwinOperationRequest,
  twinObservationJson,
  twinOperationJson,
  twinOperationStatuses,
  twinOperationTypes,
} from './twin.ts';
import { objectModelJson } from './twin-models.ts';

/** What LwM2M can do and the compatible API has no operation for. */
export const benchOnlyOperationTypes = ['CREATE', 'DELETE', 'DISCOVER'] as const;
export const benchOperationTypes = [...twinOperationTypes, ...benchOnlyOperationTypes] as const;
export type BenchOperationType = (typeof benchOperationTypes)[number];

/** Body of the call of ours that asks something of a twin: that of the compatible API, and what LwM2M can do beyond it. */
export const benchOperationRequest = createTwinOperationRequest.extend({
  type: z.enum(benchOperationTypes, `must be one of ${benchOperationTypes.join(', ')}`),
  argument: z
    .string('must be a text')
    .nullish()
    .describe("For EXECUTE: what is sent with it, as 0='text',1 (LwM2M Core 1.1.1, 6.3.5)"),
});
export type BenchOperationRequest = z.output<typeof benchOperationRequest>;

/** A state that an operation came to. */
export const twinStep = z.object({
  status: z.enum(twinOperationStatuses),
  time: z.iso.datetime(),
  attempt: z.int().describe('Attempts begun until then'),
  reason: z.string().optional(),
});
export type TwinStep = z.infer<typeof twinStep>;

/** What a device said to DISCOVER of a path. */
export const discoveredLink = z.object({
  path: z.string(),
  attributes: z.record(z.string(), z.number()).describe('Conditions of notifications that are set there'),
  dimension: z.int().optional().describe('How many instances a resource has'),
  version: z.string().optional(),
});
export type DiscoveredLink = z.infer<typeof discoveredLink>;

/** An operation with its way through the states. */
export const benchOperationJson = twinOperationJson.extend({
  type: z.enum(benchOperationTypes),
  argument: z.string().optional(),
  attempt: z.int().describe('Attempts begun'),
  expires: z.iso.datetime().optional().describe('When it ends unless something happens; absent once it has'),
  steps: z.array(twinStep).describe('The oldest first; of very many, the first and the last'),
  links: z.array(discoveredLink).optional().describe('What DISCOVER found'),
});
export type BenchOperationJson = z.infer<typeof benchOperationJson>;

/** An observation, and what has come of it since the program started. */
export const benchObservationJson = twinObservationJson.extend({
  attempts: z.int().describe('Requests for it since the device registered'),
  waits: z.boolean().describe('It failed, and is tried again with the next update of the registration'),
  reason: z.string().optional().describe('Why the last attempt failed, or how the device ended it'),
  since: z.iso.datetime().optional().describe('When it came to its status'),
  notifications: z.int(),
  lastNotification: z.iso.datetime().optional(),
});
export type BenchObservationJson = z.infer<typeof benchObservationJson>;

/** What a device has, with the models that its values are read by. */
export const benchTwinJson = z.object({
  objects: z.array(
    z.object({
      objectId: z.int(),
      version: z.string().optional().describe('As it was registered; absent when the device says none'),
      registered: z.boolean().describe('False: known by its values alone'),
      instanceIds: z.array(z.int()),
      model: objectModelJson.optional().describe('Absent when none is known; perhaps of another version'),
    }),
  ),
});
export type BenchTwinJson = z.infer<typeof benchTwinJson>;
