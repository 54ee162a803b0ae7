import { z } from 'zod';
import { resourceConnectors, resourceMetadata, versionId } from './resources.ts';

/** States of an update of a resource on a device; the compatible API names `DONE` (facts 4.2), the others are ours. */
export const updateStatuses = ['PENDING', 'SENT', 'IN_PROGRESS', 'DONE', 'FAILED', 'CANCELED'] as const;
export type UpdateStatus = (typeof updateStatuses)[number];

/** What a device answers to a request (manual 6.5.8.3). */
export const updateAnswers = [
  'OK',
  'UNKNOWN_RESOURCE',
  'WRONG_SOURCE_VERSION',
  'WRONG_TARGET_VERSION',
  'INVALID_RESOURCE',
  'NOT_AUTHORIZED',
  'INTERNAL_ERROR',
] as const;
export type UpdateAnswer = (typeof updateAnswers)[number];

/** Most characters of an error that a device reports; what is beyond is cut off (manual 6.5.8.4). */
export const longestDeviceError = 256;

const stampedVersion = z.object({ version: z.string(), timestamp: z.iso.datetime() });

/** A resource of a device (facts 4.2). */
export const deviceResourceJson = z.object({
  reported: stampedVersion.optional().describe('The version that the device said last it has'),
  requested: stampedVersion.optional().describe('The version that was asked for last'),
  metadata: z.record(z.string(), z.unknown()).optional().describe('What the device said about its version'),
});
export type DeviceResourceJson = z.infer<typeof deviceResourceJson>;

export const deviceResourcesJson = z.record(z.string(), deviceResourceJson);
export type DeviceResourcesJson = z.infer<typeof deviceResourcesJson>;

/** Body of the call that asks for a target version (facts 4.2). */
export const targetVersionRequest = z.object({
  version: versionId,
  metadata: resourceMetadata.nullish().describe('Goes to the device beside uri, size and md5'),
});

/** Body of the call that asks for an update (facts 4.2). */
export const createUpdateRequest = z.object({
  requestedVersion: versionId,
  connector: z
    .enum(resourceConnectors, `must be one of ${resourceConnectors.join(', ')}`)
    .nullish()
    .describe('That of the resource when not given'),
  metadata: resourceMetadata.nullish().describe('Goes to the device beside uri, size and md5'),
});
export type CreateUpdateRequest = z.output<typeof createUpdateRequest>;

/** An update as the API shows it (facts 4.2). */
export const updateJson = z.object({
  id: z.string(),
  deviceId: z.string(),
  resourceId: z.string(),
  created: z.iso.datetime(),
  updated: z.iso.datetime(),
  initialVersion: z.string().optional().describe('What the device had; absent when it had not said'),
  requestedVersion: z.string(),
  connector: z.enum(resourceConnectors),
  status: z.enum(updateStatuses),
  errorOrigin: z.enum(['DEVICE', 'INTERNAL']).optional(),
  errorCode: z.string().optional(),
  deviceErrorCode: z.string().optional().describe('What the device called its error'),
  errorDetails: z.string().optional(),
  progress: z.int().describe('Percent of the content that the device has fetched; 100 when done'),
  metadata: z.record(z.string(), z.string()),
  history: z
    .array(
      z.object({
        timestamp: z.iso.datetime(),
        status: z.enum(updateStatuses),
        details: z.string().optional().describe('What was done, or what the device said'),
      }),
    )
    .describe('What happened to it, the oldest first: the first step and the newest ones'),
});
export type UpdateJson = z.infer<typeof updateJson>;
