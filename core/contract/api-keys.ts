import { z } from 'zod';
import { roles } from './roles.ts';
import { fifoName } from './routing.ts';

/** Limits of facts 13. */
const label = z.string().min(1).max(24);
const description = z.string().max(140);

const scope = z.object({
  fifos: z.array(fifoName).max(100).default([]).describe('FIFOs that the key may use; none named: any'),
});

const clientCert = z.object({
  required: z
    .boolean()
    .describe('true: MQTT clients are let in over MQTTS only, with a certificate by one of these CAs'),
  caCertIds: z.array(z.string().max(24)).max(100).describe('Ids of /api/v0/certificates/ca'),
});

/** A moment in milliseconds since the epoch; -1 takes the bound away. */
const bound = z.int().min(-1);

const shared = {
  label: label.optional(),
  description: description.optional(),
  roles: z.array(z.enum(roles)).optional().describe('A part of the roles of the key that asks'),
  active: z.boolean().optional(),
  from: bound.nullish().describe('Valid from, in milliseconds since the epoch; -1: from ever'),
  to: bound.nullish().describe('Valid until, in milliseconds since the epoch; -1: for ever'),
  scope: scope.nullish(),
  clientCert: clientCert.partial().nullish().describe('Of the two, what is not given stays'),
};

/** Body of the call that makes an API key (facts 13). */
export const createApiKeyRequest = z.object({
  ...shared,
  label,
  parentId: z.string().max(24).nullish().describe('The key that asks, when not given'),
  sessionTtl: z
    .int()
    .min(1)
    .max(2 ** 40)
    .nullish()
    .describe('The key ends when it was not used for this many milliseconds'),
});
export type CreateApiKeyRequest = z.output<typeof createApiKeyRequest>;

/** Body of the call that changes an API key; what is not given stays (facts 13). */
export const updateApiKeyRequest = z.object({
  ...shared,
  regenerateValue: z
    .boolean()
    .optional()
    .describe('true: give the key a new value, shown in this answer only'),
});
export type UpdateApiKeyRequest = z.output<typeof updateApiKeyRequest>;

/** Body of the call that switches the debug mode of a key (facts 13). */
export const debugModeRequest = z.object({
  activated: z.boolean(),
  durationSeconds: z
    .int()
    .min(1)
    .max(7 * 24 * 3600)
    .default(900),
});
export type DebugModeRequest = z.output<typeof debugModeRequest>;

/** How often a key may be used (facts 13). */
export const keyRateLimit = z.object({
  httpMaxCalls: z.number().describe('Most calls over HTTP in a window'),
  httpWindowSize: z.number().describe('In seconds'),
  mqttDeviceMaxMessages: z.number().describe('Most MQTT publications of devices in a window'),
  mqttDeviceWindowSize: z.number().describe('In seconds'),
  mqttBridgeMaxMessages: z.number().describe('Most MQTT publications of applications in a window'),
  mqttBridgeWindowSize: z.number().describe('In seconds'),
});
export type KeyRateLimit = z.output<typeof keyRateLimit>;

/** An API key as the API shows it (facts 13). Times in milliseconds since the epoch. */
export const apiKeyJson = z.object({
  id: z.string(),
  tenantId: z.string(),
  label: z.string(),
  description: z.string().optional(),
  parentId: z.string().optional(),
  roles: z.array(z.enum(roles)),
  active: z.boolean(),
  from: z.int().optional(),
  to: z.int().optional(),
  creationTs: z.int(),
  lastActivity: z.int().optional(),
  masterKey: z.boolean(),
  sessionKey: z
    .boolean()
    .describe('Ends when it is not used: of a user who signed in, or made with sessionTtl'),
  userId: z.string().optional().describe('The user whose session it is'),
  sessionTtl: z.int().optional().describe('Milliseconds without use after which it ends'),
  debugModeEndTs: z.int().optional().describe('Its use over MQTT is logged until then'),
  expired: z.boolean(),
  scope,
  clientCert,
  rateLimit: keyRateLimit.describe('The same for all keys: settings of the platform'),
  value: z.string().optional().describe('32 hexadecimal characters; only in the answer that made it'),
});
export type ApiKeyJson = z.output<typeof apiKeyJson>;
