import { z } from 'zod';
import { connectorNames, interfaceStatuses } from './connectors.ts';
import { deviceIdPattern, longestDeviceId } from './device-id.ts';
import { flag } from './flag.ts';
import { text } from './text.ts';

/** Most characters of a definition as JSON text (facts 5). */
export const longestDefinition = 10_000;

const definition = z
  .record(z.string(), z.unknown())
  .refine(
    (given) => JSON.stringify(given).length <= longestDefinition,
    `must have at most ${longestDefinition} characters`,
  );

/** An interface to be made, with a new device or added to one (manual 5.4.1.1). */
export const createInterfaceRequest = z.object({
  connector: z.string().min(1, 'must not be empty').max(64, 'must have at most 64 characters'),
  enabled: flag.default(true),
  definition: definition.describe('Depends on the connector; what is secret in it is never answered'),
});
export type CreateInterfaceRequest = z.output<typeof createInterfaceRequest>;

/** Changes of an interface (manual 5.4.4.1). */
export const updateInterfaceRequest = z.object({
  deviceId: text(longestDeviceId)
    .regex(deviceIdPattern, 'must be a device id')
    .nullish()
    .describe('The device that the interface belongs to from now on'),
  enabled: flag.nullish(),
  definition: definition
    .nullish()
    .describe('Fields to change; others stay as they are, and a field that is null goes (RFC 7396)'),
});
export type UpdateInterfaceRequest = z.output<typeof updateInterfaceRequest>;

const capability = z.object({ version: z.int().optional(), available: z.boolean() });

/** Versions of the resources of a device, by resource, as it said last. */
export const resourceVersions = z.record(z.string(), z.string());

/** An interface as the API shows it (manual 5.2.1.3). */
export const interfaceJson = z.object({
  connector: z.enum(connectorNames),
  nodeId: z.string(),
  deviceId: z.string().optional(),
  enabled: z.boolean(),
  status: z.enum(interfaceStatuses),
  definition: z.record(z.string(), z.unknown()),
  lastContact: z.iso.datetime().optional(),
  capabilities: z.object({
    configuration: capability,
    command: capability,
    resource: capability,
    twin: capability,
  }),
  activity: z.record(z.string(), z.unknown()),
  firmwares: resourceVersions.optional().describe('The same as resources, for older clients'),
  resources: resourceVersions.optional(),
  created: z.iso.datetime(),
  updated: z.iso.datetime(),
});
export type InterfaceJson = z.output<typeof interfaceJson>;

/** How long an interface's debug mode lasts (facts 5, 18). */
export const interfaceDebugRequest = z.object({
  ttlHours: z
    .int('must be a whole number of hours')
    .min(1, 'must be from 1 to 360 hours')
    .max(360, 'must be from 1 to 360 hours'),
});

/** An interface's debug mode that is on. */
export const interfaceDebugJson = z.object({
  ttlHours: z.int(),
  created: z.iso.datetime(),
  expires: z.iso.datetime(),
});
export type InterfaceDebugJson = z.output<typeof interfaceDebugJson>;
