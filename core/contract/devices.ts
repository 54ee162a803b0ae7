import { z } from 'zod';
import { configurationJson } from './configuration.ts';
import { deviceIdPattern, longestDeviceId } from './device-id.ts';
import { createInterfaceRequest, interfaceJson, resourceVersions } from './interfaces.ts';
import { text } from './text.ts';

/** Id of a device. */
export const deviceId = text(longestDeviceId)
  .regex(
    deviceIdPattern,
    'must be urn:lo:nsid:{namespace}:{id}, each of 1 to 128 letters, digits, - or _ (and : in the id)',
  )
  .describe('Device id, urn:lo:nsid:{namespace}:{id}');

/** States of activity; `NOT_MONITORED`: no activity rule is about the device (manual 5.2.1.2, facts 5). */
export const activityStates = ['ACTIVE', 'SILENT', 'UNKNOWN', 'NOT_MONITORED'] as const;
export type ActivityState = (typeof activityStates)[number];

const finite = z.number().refine(Number.isFinite, 'must be a finite number');

/** Declared position in degrees, altitude in metres (manual 5.2.1.6). */
export const staticLocation = z.object({
  lat: finite.min(-90, 'must be from -90 to 90').max(90, 'must be from -90 to 90'),
  lon: finite.min(-180, 'must be from -180 to 180').max(180, 'must be from -180 to 180'),
  alt: finite.optional(),
});

/** What a stream id may hold (facts 7). */
export const streamIdPattern = /^[^'"\\;{}()\s\p{Cc}]{1,255}$/u;

/** A stream id as a device may name it (facts 7). */
const streamId = text(255)
  .min(1, 'must not be empty')
  .regex(/^[^\s'"\\;{}()]+$/, `must not hold spaces or ' " \\ ; { } ( )`);

const tags = z.array(text(32).min(1, 'must not be empty')).transform((list) => [...new Set(list)]);

const propertyName = text(128)
  .min(1, 'must not be empty')
  .refine((name) => !/[$.]/.test(name), 'must not hold $ or .');

/** What a device is given when it is registered, and may be given anew later. */
const changeable = {
  name: text(255).nullish(),
  description: text(500).nullish(),
  defaultDataStreamId: streamId.nullish().describe('The device id when not given'),
  tags: tags.nullish(),
  properties: z.record(propertyName, text(256)).nullish(),
  group: z
    .object({ id: text(6).optional(), path: z.string().optional() })
    .refine(
      ({ id, path }) => id !== undefined || path !== undefined,
      'must have an id or a path; null is the root group',
    )
    .nullish()
    .describe('By id or by path; the root group when not given'),
  staticLocation: staticLocation.nullish(),
};

/** Body of the call that registers a device (manual 5.3.1). */
export const createDeviceRequest = z.object({
  id: deviceId,
  ...changeable,
  interfaces: z.array(createInterfaceRequest).nullish(),
});
export type CreateDeviceRequest = z.output<typeof createDeviceRequest>;

/**
 * Body of the call that changes a device (facts 5). What is absent stays; `null` takes away what there is. Tags and
 * properties are given as a whole.
 */
export const updateDeviceRequest = z.object({
  id: deviceId.optional().describe('Another id for the device'),
  ...changeable,
  interfaces: z.undefined('cannot be changed here: use the calls below …/interfaces').optional(),
});
export type UpdateDeviceRequest = z.output<typeof updateDeviceRequest>;

/** A device as the API shows it (manual 5.2.1.2). A list shows only the fields asked for. */
export const deviceJson = z.object({
  id: z.string(),
  name: z.string().optional(),
  description: z.string().optional(),
  defaultDataStreamId: z.string().optional(),
  tags: z.array(z.string()).optional(),
  properties: z.record(z.string(), z.string()).optional(),
  group: z.object({ id: z.string(), path: z.string() }).optional(),
  interfaces: z.array(interfaceJson).optional(),
  firmwares: resourceVersions.optional().describe('The same as resources, for older clients'),
  resources: resourceVersions.optional(),
  config: configurationJson.optional().describe('When it has parameters'),
  activityState: z.enum(activityStates).optional(),
  staticLocation: staticLocation.optional(),
  created: z.iso.datetime().optional(),
  updated: z.iso.datetime().optional(),
});
export type DeviceJson = z.output<typeof deviceJson>;

/** Fields that a list of devices may be asked for (manual 5.3.2.1). Those that have no value are left out. */
export const deviceFields = [
  'id',
  'name',
  'description',
  'group',
  'tags',
  'properties',
  'interfaces',
  'config',
  'firmwares',
  'resources',
  'defaultDataStreamId',
  'activityState',
  'staticLocation',
  'created',
  'updated',
] as const;
export type DeviceField = (typeof deviceFields)[number];

/** Fields by which a list of devices may be sorted (manual 5.3.2.1). */
export const deviceSortFields = [
  'id',
  'name',
  'group',
  'created',
  'updated',
  'interfaces.status',
  'interfaces.enabled',
  'interfaces.lastContact',
] as const;
export type DeviceSortField = (typeof deviceSortFields)[number];

/** Order of devices: fields, with `-` before one for descending order. */
export const deviceSort = z
  .array(
    z
      .string()
      .refine(
        (key) => deviceSortFields.includes(key.replace(/^-/, '') as DeviceSortField),
        `must be one of ${deviceSortFields.join(', ')}; with - before it for descending order`,
      ),
  )
  .max(deviceSortFields.length, `must name at most ${deviceSortFields.length} fields`);

/** A key of {@link deviceSort} taken apart. */
export function toDeviceSort(key: string): { field: DeviceSortField; descending: boolean } {
  return { field: key.replace(/^-/, '') as DeviceSortField, descending: key.startsWith('-') };
}
